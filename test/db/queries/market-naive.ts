import { medianOf } from '../../../src/domain/valuation/quantile.ts';

export interface Listing {
  id: string;
  market: string;
  segment: string;
  listPrice: number | null;
  salePrice: number | null;
  sqft: number | null;
  days: number | null;
  listed: string | null;
  closed: string | null;
}
export interface Offer {
  id: string;
  market: string;
  segment: string;
  price: number;
  value: number | null;
  accepted: boolean | null;
  at: string;
}
export interface Funnel {
  market: string;
  segment: string;
  week: string;
  leads: number;
  offers: number;
  accepted: number;
  closes: number;
}

const DAY_MS = 86_400_000;
const shift = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
const mondayOf = (day: string) => shift(day, -((new Date(day).getUTCDay() + 6) % 7));
const median = (values: Array<number | null>) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : medianOf(known);
};
const mean = (values: number[]) =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
const ratio = (a: number | null, b: number | null) => (a === null || b === null ? null : a / b);
const share = (a: number, b: number) => (b === 0 ? null : a / b);

/** mart.market_metrics by the plainest way: every market, segment and week looked at by itself. */
export function naiveMetrics(listings: Listing[], offers: Offer[], funnel: Funnel[]) {
  const markets = [...new Set([...listings, ...offers, ...funnel].map(({ market }) => market))].sort();
  const rows = [];
  for (const market of markets) {
    const here = <T extends { market: string }>(all: T[]) => all.filter((one) => one.market === market);
    const days = here(listings).flatMap(({ listed, closed }) => [listed, closed].filter((one) => one !== null));
    const newest = days.length === 0 ? '' : mondayOf(days.sort().at(-1)!);
    const weeks = [
      ...days,
      ...here(offers).map(({ at }) => at.slice(0, 10)),
      ...here(funnel).map(({ week }) => week),
    ].map(mondayOf);
    if (weeks.length === 0) continue;
    for (const segment of ['all', 'condo', 'house']) {
      const mine = <T extends { market: string; segment: string }>(all: T[]) =>
        here(all).filter((one) => segment === 'all' || one.segment === segment);
      const rateOf = (week: string) => {
        const answered = mine(offers).filter((one) => mondayOf(one.at.slice(0, 10)) === week && one.accepted !== null);
        return share(answered.filter((one) => one.accepted).length, answered.length);
      };
      for (let week = weeks.sort()[0]!; week <= weeks.at(-1)!; week = shift(week, 7)) {
        const end = shift(week, 6);
        const within = (day: string | null) => day !== null && day >= week && day <= end;
        const sold = mine(listings).filter(({ closed }) => within(closed));
        const listed = mine(listings).filter((one) => within(one.listed));
        const open = mine(listings).filter(
          (one) =>
            week <= newest && one.listed !== null && one.listed <= end && (one.closed === null || one.closed > end),
        );
        const made = mine(offers).filter(({ at }) => within(at.slice(0, 10)));
        const stated = here(funnel).filter((one) => one.segment === segment && one.week === week);
        const counted =
          stated.length === 0 && segment === 'all' ? here(funnel).filter((one) => one.week === week) : stated;
        const total = (of: (one: Funnel) => number) => counted.reduce((sum, one) => sum + of(one), 0);
        const hasListings = sold.length + listed.length + open.length > 0;
        if (!hasListings && made.length === 0 && counted.length === 0) continue;
        const hasFunnel = counted.length > 0;
        const [rate, before] = [rateOf(week), rateOf(shift(week, -7))];
        rows.push({
          market,
          segment,
          week,
          median_sale_price: median(sold.map(({ salePrice }) => salePrice)),
          median_list_price: median(listed.map(({ listPrice }) => listPrice)),
          days_on_market: median(sold.map((one) => one.days)),
          homes_sold: hasListings ? sold.length : null,
          new_listings: hasListings ? listed.length : null,
          inventory_count: hasListings ? open.length : null,
          list_to_sale_ratio: median(sold.map((one) => ratio(one.salePrice, one.listPrice))),
          price_per_sqft: median(sold.map((one) => ratio(one.salePrice, one.sqft))),
          offer_count: made.length > 0 ? made.length : hasFunnel ? total((one) => one.offers) : null,
          offer_price_avg: mean(made.map(({ price }) => price)),
          market_estimated_value_avg: mean(made.map(({ value }) => value).filter((value) => value !== null)),
          acceptance_rate: rate,
          acceptance_rate_change: rate === null || before === null ? null : rate - before,
          lead_count: hasFunnel ? total((one) => one.leads) : null,
          accepted_offer_count: hasFunnel ? total((one) => one.accepted) : null,
          close_count: hasFunnel ? total((one) => one.closes) : null,
          lead_to_offer_rate: hasFunnel
            ? share(
                total((one) => one.offers),
                total((one) => one.leads),
              )
            : null,
          offer_to_close_rate: hasFunnel
            ? share(
                total((one) => one.closes),
                total((one) => one.offers),
              )
            : null,
          sources: [
            ...(hasListings ? ['raw.mls_listings'] : []),
            ...(made.length > 0 ? ['raw.offer_events'] : []),
            ...(hasFunnel ? ['raw.funnel_activity'] : []),
          ].sort(),
        });
      }
    }
  }
  return rows;
}
