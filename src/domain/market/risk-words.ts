import type { Grain } from './metrics.ts';
import { SCORE_SPANS, type ScoreComponent } from './risk.ts';
import type { ScoreFigure } from './risk-rules.ts';

const percent = (share: number) => `${(Math.abs(share) * 100).toFixed(1)}%`;
const against = (share: number, more: string, less: string) =>
  Math.abs(share) < 0.0005 ? 'as a year before' : `${percent(share)} ${share > 0 ? more : less} a year before`;

const WORDS: Record<ScoreFigure, { label: string; say: (value: number) => string }> = {
  price_change_year: { label: 'Price trend', say: (value) => `prices are ${against(value, 'above', 'below')}` },
  days_on_market_change_year: {
    label: 'Days on market trend',
    say: (value) =>
      value === 0
        ? 'homes sell as fast as a year before'
        : `homes take ${Math.abs(value).toFixed(1)} days ${value > 0 ? 'longer' : 'less'} to sell than a year before`,
  },
  inventory_change_year: {
    label: 'Inventory change',
    say: (value) => `homes for sale are ${against(value, 'above', 'below')}`,
  },
  sale_to_list: { label: 'Sale to list', say: (value) => `homes sell at ${percent(value)} of the asking price` },
  months_of_supply: {
    label: 'Months of supply',
    say: (value) => `homes for sale would last ${value.toFixed(1)} months at the present pace`,
  },
  price_volatility: {
    label: 'Price volatility',
    say: (value) => `prices move by about ${percent(value)} from one period to the next`,
  },
  mortgage_rate_change: {
    label: 'Mortgage rates',
    say: (value) =>
      value === 0
        ? 'the 30-year mortgage rate is as 13 weeks before'
        : `the 30-year mortgage rate is ${Math.abs(value).toFixed(2)} points ${value > 0 ? 'above' : 'below'} that of 13 weeks before`,
  },
  homes_sold_change_year: {
    label: 'Sales trend',
    say: (value) => `homes sold are ${against(value, 'above', 'below')}`,
  },
  days_on_market: { label: 'Days on market', say: (value) => `homes sell in ${value.toFixed(1)} days` },
  offer_discount: {
    label: 'Offers below value',
    say: (value) => `own offers lie ${percent(value)} ${value >= 0 ? 'below' : 'above'} the estimated value`,
  },
  acceptance_rate: { label: 'Acceptance', say: (value) => `${percent(value)} of the answered offers were accepted` },
};

/** Short name of a figure. */
export const figureLabel = (figure: ScoreFigure): string => WORDS[figure].label;

/** Why a component has its points, or why it has none. */
export function reasonOf({ figure, value, points, most }: ScoreComponent, grain: Grain): string {
  const { label, say } = WORDS[figure];
  if (value === null || points === null) return `${label}: not known, so not counted${lackOf(figure, grain)}`;
  const share = points === 0 ? 'no points' : `${points.toFixed(1)} of ${most} points`;
  return `${label}: ${say(value)}; ${share}`;
}

function lackOf(figure: ScoreFigure, grain: Grain): string {
  if (figure.endsWith('change_year')) return ` (needs the same ${grain} a year before)`;
  if (figure === 'price_volatility') return ` (needs six ${grain}s in a row of the last ${SCORE_SPANS[grain].changes})`;
  return '';
}
