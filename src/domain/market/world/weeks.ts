import type { Random } from '../../valuation/random.ts';
import { shareOf } from './anomalies.ts';
import { binomial, memoryNoise } from './draws.ts';
import { holidayShare, seasonOf } from './season.ts';
import type { AnomalyKind, InjectedAnomaly, MarketProfile, WorldWeek } from './shape.ts';

/** Weeks between an accepted offer and its closing. */
const CLOSING_WEEKS = 4;
/** Share of accepted offers that close. */
const CLOSED_SHARE = 0.35;
const WEEKS_PER_MONTH = 52 / 12;

/**
 * The weeks of one market: level × trend × season × holidays × noise with memory × what was injected. Homes for sale are
 * what was there, plus what is listed, less what is sold, so that rows can be made of it.
 * @param rates mortgage rate of each week, percent: higher rates, fewer sales
 */
export function drawWeeks(
  random: Random,
  profile: MarketProfile,
  weeks: readonly string[],
  rates: readonly number[],
  anomalies: readonly InjectedAnomaly[],
): WorldWeek[] {
  const noise = (persistence: number, sigma: number) => memoryNoise(random, persistence, sigma * profile.noise);
  const noises = {
    price: noise(0.4, 0.012),
    list: noise(0.4, 0.01),
    sales: noise(0.5, 0.06),
    inventory: noise(0.9, 0.025),
    days: noise(0.6, 0.06),
    leads: noise(0.6, 0.06),
    offerShare: noise(0.5, 0.04),
    acceptance: noise(0.3, 0.03),
    size: noise(0.2, 0.008),
  };
  const starts = anomalies.map((one) => weeks.indexOf(one.from));
  const factor = (kind: AnomalyKind, at: number) =>
    anomalies.reduce(
      (all, one, n) => (one.kind === kind ? all * (1 + one.size * shareOf(one, at, starts[n]!)) : all),
      1,
    );
  const strength = profile.seasonStrength;
  let inventory = 0;
  const result: WorldWeek[] = [];
  for (const [at, week] of weeks.entries()) {
    const season = seasonOf(week, profile.seasonShift);
    const business = holidayShare(week);
    const years = at / 52;
    const rateEffect = Math.exp(-0.06 * (rates[at]! - rates[0]!));
    const price =
      profile.price *
      (1 + profile.growth) ** years *
      Math.exp(0.025 * strength * season + noises.price()) *
      factor('price_drop', at);
    const homesSold = Math.max(
      1,
      Math.round(profile.salesPerWeek * rateEffect * business * Math.exp(0.2 * strength * season + noises.sales())),
    );
    const usual = profile.salesPerWeek * profile.monthsOfSupply * WEEKS_PER_MONTH;
    const wanted =
      usual *
      Math.exp(0.14 * strength * seasonOf(week, profile.seasonShift, 7) + noises.inventory()) *
      factor('inventory_surge', at);
    const newListings = Math.max(0, Math.round(wanted) - inventory + homesSold);
    const opening = at === 0 ? newListings : inventory + newListings;
    inventory = opening - (at === 0 ? Math.min(homesSold, opening) : homesSold);
    const leads = Math.round(profile.leadsPerWeek * business * Math.exp(0.15 * strength * season + noises.leads()));
    const offers = binomial(
      random,
      leads,
      Math.min(0.95, profile.leadToOffer * Math.exp(noises.offerShare()) * factor('funnel_drop', at)),
    );
    const share = profile.acceptance * Math.exp(noises.acceptance()) * factor('acceptance_shift', at);
    const accepted = binomial(random, offers, Math.min(0.95, share));
    const listToSale = 0.985 + 0.008 * strength * season + noises.list();
    const estimatedValue = price * 0.96;
    result.push({
      market: profile.market,
      week,
      medianSalePrice: Math.round(price),
      medianListPrice: Math.round(price / listToSale),
      listToSale,
      sqft: profile.sqft * Math.exp(noises.size()),
      daysOnMarket: Math.max(
        2,
        Math.round(
          profile.daysOnMarket * Math.exp(-0.18 * strength * season + noises.days()) * factor('dom_jump', at) * 2,
        ) / 2,
      ),
      homesSold,
      newListings,
      inventory,
      leads,
      offers,
      accepted,
      closings: binomial(random, result[at - CLOSING_WEEKS]?.accepted ?? accepted, CLOSED_SHARE),
      offerPrice: Math.round(estimatedValue * 0.9),
      estimatedValue: Math.round(estimatedValue),
      hasOffers: factor('data_gap', at) > 0,
    });
  }
  return result;
}
