import type { RenovationTier } from '../../deal/assumptions.ts';
import { forTier } from '../../deal/assumptions.ts';
import type { FloodRisk } from '../../property.ts';
import { percent, usd } from '../feature.ts';
import { contextOf } from '../score.ts';
import { type EditableInput, type Scenario, withAssumptions, withFacts } from './scenario.ts';

/** Steps and bounds of the search, in the units of the inputs. */
export const EDIT_LIMITS = {
  priceStepUsd: 100,
  /** Where the search for the price of a house that is not for sale begins. */
  maxPriceUsd: 100_000_000,
  rentStepUsd: 10,
  /** Rents up to this multiple of the present one are looked at. */
  maxRentFactor: 1.5,
  maxDaysOnMarket: 365,
  renovationStepUsd: 1,
  /** Renovation costs down to this share of the present one are looked at. */
  minRenovationShare: 0.5,
  sellingStep: 0.005,
  minSellingShare: 0.02,
  minHoldingMonths: 1,
} as const;

const DAY_MS = 86_400_000;
const dollars = (value: number | string) => usd(Number(value) * 100);

/**
 * The inputs of a score that a buyer can negotiate (asking price, selling costs), fix (renovation cost, months of
 * holding, a flood map by a letter of amendment), wait for (days on market) or learn (rent, flood risk). Facts that the
 * value itself rests on (area, year, condition, grade, place, past sales) are not among them: with other facts it would
 * be another house.
 */
export function editableInputs(scenario: Scenario): EditableInput[] {
  return [
    price(scenario),
    rent(scenario),
    flood(scenario),
    daysListed(scenario),
    renovation(scenario),
    selling(scenario),
    holding(scenario),
  ].filter(({ steps }) => steps > 0);
}

/** Off market, the price it could be bought for is reckoned as if it were offered at it: the `asking` profile applies. */
function price({ input }: Scenario): EditableInput {
  const { priceStepUsd: step, maxPriceUsd } = EDIT_LIMITS;
  const known = input.property.listPriceCents;
  const from = known !== null && Number.isFinite(known) && known > 0 ? known / 100 : null;
  const top = from === null ? maxPriceUsd / step + 1 : Math.ceil(Math.min(from, 1e10) / step);
  return {
    input: 'list_price',
    unit: 'usd',
    from,
    steps: top - 1,
    at: (n) => (top - n) * step,
    apply: (scenario, to) => withFacts(scenario, { listPriceCents: Math.round(Number(to) * 100) }),
    say: (to) =>
      from === null
        ? `Bought for ${dollars(to)} (it is not for sale: reckoned as if offered at that price)`
        : `An asking price of ${dollars(to)} instead of ${dollars(from)} (${percent(1 - Number(to) / from, 1)} less)`,
  };
}

function rent(scenario: Scenario): EditableInput {
  const { rentStepUsd: step, maxRentFactor } = EDIT_LIMITS;
  const cents = scenario.input.property.medianRentCents;
  const from = cents !== null && Number.isFinite(cents) && cents > 0 ? Math.min(cents, 1e9) / 100 : null;
  const estimate = (contextOf(scenario.input, scenario.weights).deal.rentMonthlyCents ?? 300_000) / 100;
  const first = from === null ? 0 : Math.floor(from / step);
  const last = Math.floor((Math.min(from ?? estimate, 1e7) * maxRentFactor) / step);
  return {
    input: 'median_rent',
    unit: 'usd_per_month',
    from,
    steps: Math.max(0, last - first),
    at: (n) => (first + n) * step,
    apply: (given, to) => withFacts(given, { medianRentCents: Math.round(Number(to) * 100) }),
    say: (to) =>
      `A local median rent of ${dollars(to)} a month ${from === null ? 'learned' : `instead of ${dollars(from)}`}`,
  };
}

const LEVELS: readonly FloodRisk[] = ['very_high', 'high', 'moderate', 'low'];

function flood({ input }: Scenario): EditableInput {
  const { floodRisk } = input.property;
  const isKnown = floodRisk !== null && floodRisk !== 'undetermined';
  const better = isKnown ? LEVELS.slice(LEVELS.indexOf(floodRisk) + 1) : LEVELS;
  return {
    input: 'flood_risk',
    unit: 'level',
    from: isKnown ? floodRisk : null,
    steps: better.length,
    at: (n) => better[n - 1] ?? 'low',
    apply: (scenario, to) => withFacts(scenario, { floodRisk: to as FloodRisk }),
    say: (to) => {
      const level = String(to).replace('_', ' ');
      return isKnown
        ? `A flood risk of ${level} instead of ${floodRisk.replace('_', ' ')} (works, a survey or an amended flood map)`
        : `A flood risk learned to be ${level}`;
    },
  };
}

/** All else equal; only while it is offered. */
function daysListed({ input }: Scenario): EditableInput {
  const asked = input.property.listPriceCents;
  const isAsked = asked !== null && Number.isFinite(asked) && asked > 0;
  const day = Date.parse(input.asOf.slice(0, 10));
  const listed = input.property.listDate === null ? Number.NaN : Date.parse(input.property.listDate.slice(0, 10));
  const days = Math.round((day - listed) / DAY_MS);
  const from = Number.isFinite(days) && days >= 0 ? days : null;
  return {
    input: 'days_on_market',
    unit: 'days',
    from,
    steps: isAsked && Number.isFinite(day) ? Math.max(0, EDIT_LIMITS.maxDaysOnMarket - (from ?? 0)) : 0,
    at: (n) => (from ?? 0) + n,
    apply: (scenario, to) =>
      withFacts(scenario, { listDate: new Date(day - Number(to) * DAY_MS).toISOString().slice(0, 10) }),
    say: (to) => `${to} days on the market ${from === null ? 'learned' : `instead of ${from}`}, all else equal`,
  };
}

function renovation(scenario: Scenario): EditableInput {
  const { tier } = contextOf(scenario.input, scenario.weights).deal;
  const from = forTier(scenario.weights.assumptions.renovationUsdPerSqft, tier);
  const { renovationStepUsd: step, minRenovationShare } = EDIT_LIMITS;
  const top = Math.ceil(from / step);
  return {
    input: `assumptions.renovation_usd_per_sqft.${tier}`,
    unit: 'usd_per_sqft',
    from,
    steps: Math.max(0, top - Math.ceil((from * minRenovationShare) / step)),
    at: (n) => (top - n) * step,
    apply: (given, to) =>
      withAssumptions(given, {
        renovationUsdPerSqft: { ...given.weights.assumptions.renovationUsdPerSqft, [keyOf(tier)]: Number(to) },
      }),
    say: (to) => `A ${tier.replace('_', ' ')} renovation at $${to} a sq ft instead of $${from}`,
  };
}

const keyOf = (tier: RenovationTier) => (tier === 'full_gut' ? 'fullGut' : tier);

function selling({ weights }: Scenario): EditableInput {
  const from = weights.assumptions.sellingCostShare;
  const { sellingStep: step, minSellingShare } = EDIT_LIMITS;
  // Binary fractions: 0.07 / 0.005 is a hair above 14.
  const top = Math.ceil(from / step - 1e-9);
  return {
    input: 'assumptions.selling_cost_share',
    unit: 'share',
    from,
    steps: Math.max(0, top - Math.round(minSellingShare / step)),
    at: (n) => Math.round((top - n) * step * 1000) / 1000,
    apply: (scenario, to) => withAssumptions(scenario, { sellingCostShare: Number(to) }),
    say: (to) => `Selling costs of ${percent(Number(to), 1)} instead of ${percent(from, 1)} of the resale`,
  };
}

function holding({ weights }: Scenario): EditableInput {
  const from = weights.assumptions.holdingMonths;
  const top = Math.ceil(from);
  return {
    input: 'assumptions.holding_months',
    unit: 'months',
    from,
    steps: Math.max(0, top - EDIT_LIMITS.minHoldingMonths),
    at: (n) => top - n,
    apply: (scenario, to) => withAssumptions(scenario, { holdingMonths: Number(to) }),
    say: (to) => `${to} months of holding instead of ${from}`,
  };
}
