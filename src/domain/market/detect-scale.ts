import { marketMetric } from './metrics.ts';

/** The scale on which a figure is compared, and the least spread that is believed on it. */
export interface JudgedScale {
  /**
   * `log` for amounts; `root` (square root) for counts of a week, whose chance spread is ½ on it whatever the count;
   * `share` (arcsine of the square root) for fractions of a whole (Anscombe, 1948).
   */
  kind: 'log' | 'root' | 'share';
  floor: number;
  /** Weeks that the present level is the median of: more where weeks differ by chance rather than by drift. */
  levelWeeks: number;
  /** Share of last year's season that is expected again: one year is one witness. Shares hardly have seasons. */
  seasonShare: number;
}

const AMOUNT = { levelWeeks: 8, seasonShare: 0.8 };
const SHARE = { levelWeeks: 16, seasonShare: 0 };

/** The scale of a figure of mart.market_metrics. Money is judged the same in any currency. */
export function scaleOf(name: string): JudgedScale {
  if (name === 'list_to_sale_ratio') return { kind: 'log', floor: 0.005, ...AMOUNT };
  if (name === 'inventory_count' || name === 'months_of_supply') return { kind: 'log', floor: 0.02, ...AMOUNT };
  const unit = marketMetric(name)?.unit;
  if (unit === 'ratio') return { kind: 'share', floor: 0.02, ...SHARE };
  if (unit === 'homes' || unit === 'offers' || unit === 'leads') return { kind: 'root', floor: 0.25, ...AMOUNT };
  return { kind: 'log', floor: unit === 'days' ? 0.03 : 0.01, ...AMOUNT };
}

/** From the figure's unit to the judged scale; NaN for what is unknown or impossible. */
export function toScale(kind: JudgedScale['kind'], value: number): number {
  if (!(value >= 0)) return Number.NaN;
  if (kind === 'share') return Math.asin(Math.sqrt(Math.min(1, value)));
  if (kind === 'root') return Math.sqrt(value);
  return value > 0 ? Math.log(value) : Number.NaN;
}

/** And back. */
export function fromScale(kind: JudgedScale['kind'], scaled: number): number {
  if (kind === 'share') return Math.sin(Math.max(0, Math.min(Math.PI / 2, scaled))) ** 2;
  return kind === 'root' ? Math.max(0, scaled) ** 2 : Math.exp(scaled);
}
