import { describe, expect, it } from 'vitest';
import { dayNumber } from '../../../src/domain/valuation/days.ts';
import { hedonicEstimator, modelWithout } from '../../../src/domain/valuation/hedonic.ts';
import { createPlacer, parcelGroup } from '../../../src/domain/valuation/location.ts';
import { buildMarketHistory, type LocalSettings } from '../../../src/domain/valuation/market-history.ts';
import { buildPriceIndex, priceLevel } from '../../../src/domain/valuation/price-index.ts';
import type { SaleRecord, ValuationSubject } from '../../../src/domain/valuation/sale-record.ts';
import { FIRST_DAY, fitMarket, inventMarket, subjectOf } from './market.ts';

const sales = inventMarket(13, 100);
const model = fitMarket(sales);
const history = buildMarketHistory(model, sales);
const days = Float64Array.from(sales, (sale) => dayNumber(sale.closeDate));
const DAY = FIRST_DAY + 300;
const house = sales[97]!;

const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));
const beyond = Float64Array.from(sales, (sale, i) => {
  const estimate = hedonicEstimator(modelWithout(model.hedonic, i));
  return Math.log(sale.closePrice) - estimate(sale, days[i]!);
});
const index = buildPriceIndex(
  days,
  beyond.map((value) => clamp(value, 1.345 * model.residualScale)),
  model.bandwidthDays,
);

/** Distances of all earlier sales in a local metric, nearest first, worked out one by one. */
function neighbours(settings: LocalSettings, subject: ValuationSubject, day: number) {
  const { dimensions, place } = createPlacer(model.metric, model.hedonic.full.plan);
  const coordinates = (of: ValuationSubject, at: number) => {
    const out = new Float64Array(dimensions);
    place(of, at, out);
    return [...out.map((value, d) => value / (d < 2 ? settings.kilometres : settings.spread)), at / 365.25];
  };
  const own = coordinates(subject, day);
  return sales
    .flatMap((sale, i) => {
      if (days[i]! >= day) return [];
      const there = coordinates(sale, days[i]!);
      const square = own.reduce((sum, value, d) => sum + (value - there[d]!) ** 2, 0);
      const isSameGroup = parcelGroup(sale.parcel) === parcelGroup(subject.parcel);
      return [{ sale, i, distance: Math.sqrt(square + (isSameGroup ? 0 : 0.36)) }];
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, settings.neighbours);
}

describe('what the past of a market says of a house', () => {
  const past = history.view(house, DAY);
  const before = sales.filter((_, i) => days[i]! < DAY);

  it('counts the sales strictly before the day', () => {
    expect(past.sales).toBe(before.length);
    expect(history.view(house, days[40]!).sales).toBe(days.indexOf(days[40]!));
    expect(history.view(house, FIRST_DAY - 1).sales).toBe(0);
  });

  it('knows the hedonic value and the level of prices as of the day', () => {
    expect(past.hedonic).toBe(hedonicEstimator(model.hedonic.full)(house, DAY));
    expect(past.level).toBeCloseTo(priceLevel(index, DAY), 12);
    expect(history.view(house, days[97]!, 97).hedonic).toBe(
      hedonicEstimator(modelWithout(model.hedonic, 97))(house, days[97]!),
    );
  });

  it('looks at the nearest earlier sales in place, traits, time and plat', () => {
    const near = neighbours(model.locals.near, house, DAY);
    expect(past.nearestDistance).toBeCloseTo(near[0]!.distance, 9);
    const weights = near.map(({ distance }) => Math.exp(-distance));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const logSqft = near.reduce((sum, { sale }, k) => sum + weights[k]! * Math.log(sale.facts.sqft!), 0) / total;
    expect(past.neighbourLogSqft).toBeCloseTo(logSqft, 9);
    const perSqft = near
      .map(({ sale, i }) => Math.log(sale.closePrice / sale.facts.sqft!) - priceLevel(index, days[i]!) + past.level)
      .sort((a, b) => a - b);
    const middle = (perSqft[Math.floor((perSqft.length - 1) / 2)]! + perSqft[Math.ceil((perSqft.length - 1) / 2)]!) / 2;
    expect(past.neighbourLogPricePerSqft).toBeCloseTo(middle, 9);
  });

  it('means of plat, postal code and subdivision are those of their earlier sales', () => {
    const residuals = beyond.map((value, i) => clamp(value - priceLevel(index, days[i]!), 3.5 * model.residualScale));
    const meanOf = (nameOf: (sale: SaleRecord) => string | null) => {
      const members = sales.flatMap((sale, i) =>
        days[i]! < DAY && nameOf(sale) === nameOf(house) ? [residuals[i]!] : [],
      );
      return { mean: members.reduce((sum, value) => sum + value, 0) / (members.length + 3), count: members.length };
    };
    for (const [said, expected] of [
      [past.parcelGroup, meanOf((sale) => parcelGroup(sale.parcel))],
      [past.postalCode, meanOf((sale) => sale.facts.zipCode)],
      [past.subdivision, meanOf((sale) => sale.facts.subdivision)],
    ] as const) {
      expect(said.count).toBe(expected.count);
      expect(said.mean).toBeCloseTo(expected.mean, 12);
    }
  });

  it('a house’s own sales are no comparables of it', () => {
    const at = days.findLastIndex((day) => day < DAY);
    const sold = sales[at]!;
    const dearer = sales.with(at, { ...sold, closePrice: sold.closePrice * 1.4 });
    const changed = buildMarketHistory(model, dearer);
    expect(changed.view({ ...sold, parcel: '9990009999' }, DAY).near).not.toEqual(
      history.view({ ...sold, parcel: '9990009999' }, DAY).near,
    );
    // The level and the plat's mean may know it; the neighbours of the house itself must not.
    const level = changed.view(sold, DAY).level - history.view(sold, DAY).level;
    expect(Math.abs(changed.view(sold, DAY).near.premium - history.view(sold, DAY).near.premium)).toBeLessThan(
      1e-9 + 2 * Math.abs(level),
    );
  });

  it('a house of which nobody knows where it lies has no neighbours', () => {
    const lost = history.view(subjectOf({ sqft: 2000 }), DAY);
    expect([lost.near, lost.wide]).toEqual([
      { premium: 0, doubt: 1 },
      { premium: 0, doubt: 1 },
    ]);
    expect([lost.nearestDistance, lost.neighbourLogSqft, lost.neighbourLogPricePerSqft]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe('wild prices', () => {
  it('a price a thousand times too high colours its neighbours no more than one that is somewhat too high', () => {
    const near = neighbours(model.locals.near, house, DAY)[0]!;
    const premium = (factor: number) => {
      const changed = sales.with(near.i, { ...near.sale, closePrice: near.sale.closePrice * factor });
      return buildMarketHistory(model, changed).view(house, DAY).near.premium;
    };
    expect(premium(1000)).toBeGreaterThan(premium(1));
    expect(premium(1000)).toBeCloseTo(premium(100), 12);
    expect(premium(1000) - premium(1)).toBeLessThan(7 * model.residualScale);
  });
});

describe('a history of nothing', () => {
  it('says the hedonic value and that nothing is known', () => {
    const past = buildMarketHistory(model, []).view(house, DAY);
    expect(past).toMatchObject({
      sales: 0,
      level: 0,
      near: { premium: 0, doubt: 1 },
      parcelGroup: { mean: 0, count: 0 },
    });
    expect(past.hedonic).toBe(hedonicEstimator(model.hedonic.full)(house, DAY));
  });
});
