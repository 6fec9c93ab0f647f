import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bandOf,
  type FigureHistory,
  type ScoreHistory,
  scoreFigures,
  scoreMarket,
} from '../../../src/domain/market/risk.ts';
import { MARKET_RULES } from '../../../src/domain/market/risk-rules.ts';

const RECENT = 17;
const BEFORE = 4;
const figure = (least: number, most: number) =>
  fc.record({
    recent: fc.array(fc.double({ min: least, max: most, noNaN: true }), { minLength: RECENT, maxLength: RECENT }),
    yearBefore: fc.array(fc.double({ min: least, max: most, noNaN: true }), { minLength: BEFORE, maxLength: BEFORE }),
  });
const histories = fc.record({
  grain: fc.constantFrom('week' as const, 'month' as const, 'quarter' as const),
  price: figure(50_000, 2_000_000),
  daysOnMarket: figure(0, 200),
  inventory: figure(1, 50_000),
  homesSold: figure(1, 20_000),
  saleToList: figure(0.8, 1.2),
  mortgageRateChange: fc.option(fc.double({ min: -3, max: 3, noNaN: true })),
}) as fc.Arbitrary<ScoreHistory>;

const risk = (history: ScoreHistory) => scoreMarket(MARKET_RULES, 'risk', history).score!;
const now = ({ recent, yearBefore }: FigureHistory, change: (value: number) => number, level: number) => ({
  recent: recent.map((value, at) => (at < level || value === null ? (value === null ? null : change(value)) : value)),
  yearBefore,
});
const levelOf = (history: ScoreHistory) => (history.grain === 'week' ? 4 : 1);

describe('the risk of a market', () => {
  it('is between 0 and 100 and the sum of its points', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { score, components } = scoreMarket(MARKET_RULES, 'risk', history);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        const known = components.filter(({ points }) => points !== null);
        const points = known.reduce((sum, component) => sum + component.points!, 0);
        const most = known.reduce((sum, component) => sum + component.most, 0);
        expect(score).toBeCloseTo((100 * points) / most, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('is never lowered by lower prices, more homes for sale, slower sales, dearer mortgages or a lower share of the asking price', () => {
    fc.assert(
      fc.property(histories, fc.double({ min: 0.01, max: 1, noNaN: true }), (history, share) => {
        const level = levelOf(history);
        const worse: ScoreHistory[] = [
          { ...history, price: now(history.price, (value) => value * share, level) },
          { ...history, inventory: now(history.inventory, (value) => value / share, level) },
          { ...history, daysOnMarket: now(history.daysOnMarket, (value) => value + 10 / share, level) },
          { ...history, homesSold: now(history.homesSold, (value) => value * share, level) },
          { ...history, saleToList: now(history.saleToList, (value) => value * share, level) },
          {
            ...history,
            mortgageRateChange: history.mortgageRateChange === null ? null : history.mortgageRateChange + share,
          },
        ];
        for (const one of worse) expect(risk(one)).toBeGreaterThanOrEqual(risk(history) - 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('is not lowered by a steady fall either: that is no volatility', () => {
    fc.assert(
      fc.property(histories, fc.double({ min: 0.9, max: 1, noNaN: true }), (history, step) => {
        const recent = history.price.recent.map((value, at) => value! * step ** (60 - at));
        expect(risk({ ...history, price: { ...history.price, recent } })).toBeGreaterThanOrEqual(risk(history) - 1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the unit of money or the size of the market', () => {
    const scaled = (one: FigureHistory, by: number) => ({
      recent: one.recent.map((value) => value! * by),
      yearBefore: one.yearBefore.map((value) => value! * by),
    });
    fc.assert(
      fc.property(histories, fc.constantFrom(0.25, 8, 1024), (history, by) => {
        const larger = {
          ...history,
          price: scaled(history.price, by),
          inventory: scaled(history.inventory, by),
          homesSold: scaled(history.homesSold, by),
        };
        expect(risk(larger)).toBeCloseTo(risk(history), 6);
      }),
      { numRuns: 40 },
    );
  });

  it('is worked out as by hand', () => {
    const of = (recent: number[], yearBefore: number[]): FigureHistory => ({ recent, yearBefore });
    const history: ScoreHistory = {
      grain: 'month',
      price: of([95, 100, 100, 100, 100, 100, 100], [100]),
      daysOnMarket: of([30], [20]),
      inventory: of([400], [320]),
      homesSold: of([100], [125]),
      saleToList: of([0.98], []),
      mortgageRateChange: 0.3,
    };
    const { score, components } = scoreMarket(MARKET_RULES, 'risk', history);
    const points = Object.fromEntries(components.map((one) => [one.figure, one.points]));
    expect(points.price_change_year).toBeCloseTo((25 * 10) / 15, 9);
    expect(points.days_on_market_change_year).toBeCloseTo(5, 9);
    expect(points.inventory_change_year).toBeCloseTo(7.5, 9);
    expect(points.sale_to_list).toBeCloseTo(4, 9);
    expect(points.months_of_supply).toBeCloseTo(7.5, 9);
    expect(points.price_volatility).toBe(0);
    expect(points.mortgage_rate_change).toBeCloseTo(2, 9);
    expect(score).toBeCloseTo(16.666_666_7 + 26, 6);
    expect(bandOf(MARKET_RULES, score!)).toBe('moderate');
  });

  it('is not stated when too little is known', () => {
    const none = { recent: [], yearBefore: [] };
    const price = { recent: [90, 100], yearBefore: [100] };
    const history: ScoreHistory = {
      grain: 'month',
      price,
      daysOnMarket: none,
      inventory: none,
      homesSold: none,
      saleToList: none,
      mortgageRateChange: null,
    };
    expect(scoreMarket(MARKET_RULES, 'risk', history)).toMatchObject({ score: null, known: 0.25 });
    expect(scoreFigures(history).months_of_supply.value).toBeNull();
    expect(scoreFigures({ ...history, homesSold: { recent: [0], yearBefore: [] } }).months_of_supply.value).toBeNull();
  });
});
