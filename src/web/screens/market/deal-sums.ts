interface Summed {
  market: string;
  risk_adjusted_margin: number;
}

/** Risk-adjusted margin and number of homes by market, the most first; dollars. */
export function sumByMarket(deals: readonly Summed[]): Array<{ market: string; margin: number; homes: number }> {
  const sums = new Map<string, { margin: number; homes: number }>();
  for (const { market, risk_adjusted_margin: margin } of deals) {
    const sum = sums.get(market) ?? { margin: 0, homes: 0 };
    sums.set(market, { margin: sum.margin + margin, homes: sum.homes + 1 });
  }
  return [...sums]
    .map(([market, sum]) => ({ market, ...sum }))
    .sort((a, b) => b.margin - a.margin || (a.market < b.market ? -1 : 1));
}

/** The columns of the deals as a file: names of the API, dollars, shares 0–1. */
export const DEAL_COLUMNS = [
  'rank',
  'home_ref',
  'market',
  'segment',
  'status',
  'arv',
  'acquisition_price',
  'reno_condition',
  'reno_cost',
  'hold_cost',
  'days_held',
  'net_margin',
  'margin_ratio',
  'margin_sigma',
  'risk_adjusted_margin',
  'loss_probability',
  'valuation_confidence',
  'risk',
  'reasons',
] as const;

type Cell = string | number | null;

/** A deal as a line of the file. */
export function dealRow(deal: Readonly<Record<(typeof DEAL_COLUMNS)[number], Cell | readonly string[]>>): Cell[] {
  return DEAL_COLUMNS.map((column) => {
    const value = deal[column];
    return typeof value === 'object' && value !== null ? value.join('; ') : value;
  });
}

/** Whether a feed names its home by the id of a property here. */
export const isPropertyId = (reference: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(reference);
