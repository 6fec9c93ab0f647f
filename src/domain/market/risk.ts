import { medianOf } from '../valuation/quantile.ts';
import { GRAINS, type Grain } from './metrics.ts';
import { boundOf, type MarketRules, type ScoreFigure, type ScoreKind } from './risk-rules.ts';
import { relativeChange, robustLevel } from './robust.ts';

type Known = ReadonlyArray<number | null>;

/** Periods that a level is the median of, and changes that volatility is measured over: weeks are noisy by themselves. */
export const SCORE_SPANS = {
  week: { level: 4, changes: 12 },
  month: { level: 1, changes: 12 },
  quarter: { level: 1, changes: 8 },
} as const;
/** Changes from period to period that must be known before their spread says anything. */
const LEAST_CHANGES = 5;

/** A figure's values, newest period first: up to now, and the periods of the newest level a year earlier. */
export interface FigureHistory {
  recent: Known;
  yearBefore: Known;
}

/** What a market is scored from. Prices in dollars, counts per period. */
export interface ScoreHistory {
  grain: Grain;
  price: FigureHistory;
  daysOnMarket: FigureHistory;
  inventory: FigureHistory;
  homesSold: FigureHistory;
  saleToList: FigureHistory;
  /** Mean offer and mean estimated value of the homes offered on; null where offers are not asked for. */
  offerPrice?: FigureHistory;
  estimatedValue?: FigureHistory;
  acceptanceRate?: FigureHistory;
  /** Percentage points that the mortgage rate rose in 13 weeks; null when unknown. */
  mortgageRateChange: number | null;
}

/** A figure, what it was computed from, both null when it is not known. */
export interface FigureValue {
  value: number | null;
  now: number | null;
  before: number | null;
}

/** One part of a score. */
export interface ScoreComponent extends FigureValue {
  figure: ScoreFigure;
  /** 0 to `most`; null when the figure is not known. */
  points: number | null;
  most: number;
}

/** A score of 0–100, null when too few figures are known. */
export interface MarketScore {
  score: number | null;
  /** Share of the weights whose figures are known. */
  known: number;
  components: ScoreComponent[];
}

/**
 * Scores a market: each known figure gives points on a straight line from none at `from` to its weight at `to`, and the
 * score is 100 × points / weights of the known ones. Moving one figure the risky way never lowers a risk score.
 */
export function scoreMarket(rules: MarketRules, kind: ScoreKind, history: ScoreHistory): MarketScore {
  const figures = scoreFigures(history);
  const components = Object.entries(rules[kind]).map(([name, { weight, from, to }]): ScoreComponent => {
    const figure = name as ScoreFigure;
    const known = figures[figure];
    const low = boundOf(from, history.grain);
    const share = known.value === null ? null : (known.value - low) / (boundOf(to, history.grain) - low);
    return { figure, ...known, points: share === null ? null : weight * Math.max(0, Math.min(1, share)), most: weight };
  });
  const all = components.reduce((sum, { most }) => sum + most, 0);
  const counted = components.filter(({ points }) => points !== null);
  const most = counted.reduce((sum, component) => sum + component.most, 0);
  const known = most / all;
  const isEnough = most > 0 && known >= rules.least_known;
  const points = counted.reduce((sum, component) => sum + component.points!, 0);
  return { score: isEnough ? (100 * points) / most : null, known, components };
}

/** How a score is called. */
export function bandOf({ bands }: MarketRules, score: number): 'low' | 'moderate' | 'elevated' | 'high' {
  if (score >= bands.high) return 'high';
  if (score >= bands.elevated) return 'elevated';
  return score >= bands.moderate ? 'moderate' : 'low';
}

/** The figures of both scores. Changes of prices and counts are fractions, of days and rates differences. */
export function scoreFigures(history: ScoreHistory): Record<ScoreFigure, FigureValue> {
  const { grain } = history;
  const level = (figure: FigureHistory | undefined): FigureValue => {
    const now = levelOf(figure?.recent, grain);
    return { value: now, now, before: null };
  };
  const change = (figure: FigureHistory, difference: (before: number, now: number) => number | null): FigureValue => {
    const now = levelOf(figure.recent, grain);
    const before = levelOf(figure.yearBefore, grain);
    return { value: before === null || now === null ? null : difference(before, now), now, before };
  };
  return {
    price_change_year: change(history.price, relativeChange),
    days_on_market_change_year: change(history.daysOnMarket, (before, now) => now - before),
    inventory_change_year: change(history.inventory, relativeChange),
    homes_sold_change_year: change(history.homesSold, relativeChange),
    sale_to_list: level(history.saleToList),
    months_of_supply: supplyOf(history),
    price_volatility: volatilityOf(history),
    mortgage_rate_change: { value: history.mortgageRateChange, now: null, before: null },
    days_on_market: level(history.daysOnMarket),
    offer_discount: discountOf(level(history.offerPrice).value, level(history.estimatedValue).value),
    acceptance_rate: level(history.acceptanceRate),
  };
}

function levelOf(values: Known | undefined, grain: Grain): number | null {
  const known = (values ?? []).slice(0, SCORE_SPANS[grain].level).filter((value) => value !== null);
  return known.length === 0 || known.length * 2 < SCORE_SPANS[grain].level ? null : medianOf(known);
}

/** Homes for sale now over homes sold in a month at the pace of now. */
function supplyOf({ grain, inventory, homesSold }: ScoreHistory): FigureValue {
  const stock = levelOf(inventory.recent, grain);
  const sold = levelOf(homesSold.recent, grain);
  if (stock === null || sold === null || !(sold > 0)) return { value: null, now: stock, before: null };
  const months = grain === 'month' ? 1 : GRAINS[grain].days / GRAINS.month.days;
  return { value: (stock * months) / sold, now: stock, before: null };
}

/**
 * Robust deviation of the logarithmic price changes from period to period, before the newest level begins: a steady fall is
 * no volatility, and the newest price moves the price trend alone.
 */
function volatilityOf({ grain, price }: ScoreHistory): FigureValue {
  const { level, changes } = SCORE_SPANS[grain];
  const logs = price.recent
    .slice(level, level + changes + 1)
    .map((value) => (value === null || value <= 0 ? Number.NaN : Math.log(value)));
  const steps = logs.slice(1).map((older, at) => logs[at]! - older);
  const { sigma, count } = robustLevel(steps);
  return { value: count < LEAST_CHANGES ? null : sigma, now: null, before: null };
}

function discountOf(offer: number | null, value: number | null): FigureValue {
  if (offer === null || value === null || !(value > 0)) return { value: null, now: offer, before: value };
  return { value: 1 - offer / value, now: offer, before: value };
}
