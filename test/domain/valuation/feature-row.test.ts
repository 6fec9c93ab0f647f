import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDay, dayNumber } from '../../../src/domain/valuation/days.ts';
import { createFeatureRows } from '../../../src/domain/valuation/feature-row.ts';
import { VALUATION_FEATURES } from '../../../src/domain/valuation/features/registry.ts';
import { buildMarketHistory, type HistoryModel } from '../../../src/domain/valuation/market-history.ts';
import type { SaleRecord, ValuationSubject } from '../../../src/domain/valuation/sale-record.ts';
import { FIRST_DAY, fitMarket, inventMarket, inventSale, randomOf, subjectOf } from './market.ts';

/** The row of a house as of a day, with the price level that is added to the model's output at its end. */
function rowOf(model: HistoryModel, sales: readonly SaleRecord[], subject: ValuationSubject, day: number, except = -1) {
  const rows = createFeatureRows(buildMarketHistory(model, sales));
  const out = new Float64Array(rows.names.length);
  const past = rows.write(subject, day, out, 0, except);
  return [...out, past.level, past.sales];
}

/** Equal but for the last bits that another order of adding leaves. */
const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length &&
  a.every((value, i) => Object.is(value, b[i]) || Math.abs(value - b[i]!) <= 1e-9 * Math.max(1, Math.abs(value)));

const byDate = (sales: readonly SaleRecord[]) =>
  [...sales].sort((a, b) => dayNumber(a.closeDate) - dayNumber(b.closeDate) || a.row - b.row);
const withPrice = (sale: SaleRecord, factor: number): SaleRecord => ({ ...sale, closePrice: sale.closePrice * factor });

/** Changes prices of the sales that are picked, removes others of them and adds some of its own on the given days. */
function disturb(sales: readonly SaleRecord[], from: number, random: () => number): SaleRecord[] {
  const kept = sales.flatMap((sale) => {
    if (dayNumber(sale.closeDate) < from) return [sale];
    const chance = random();
    return chance < 0.3 ? [] : chance < 0.9 ? [withPrice(sale, Math.exp(2 * random() - 1))] : [sale];
  });
  const added = Array.from({ length: 5 }, (_, i) =>
    inventSale(random, from + Math.floor(random() * 60), sales.length + 1 + i),
  );
  return byDate([...kept, ...added]);
}

const SEEDS = fc.integer({ min: 0, max: 1e6 });

describe('a feature row looks back only', () => {
  it('as of a day, nothing that happens on that day or later moves it; what happened before does', () => {
    fc.assert(
      fc.property(SEEDS, fc.integer({ min: 60, max: 80 }), fc.integer({ min: 60, max: 340 }), (seed, count, offset) => {
        const sales = inventMarket(seed, count);
        const model = fitMarket(sales);
        const random = randomOf(seed + 1);
        const day = FIRST_DAY + offset;
        // One of the houses that sold later, so that parcels, plats and postal codes are shared with it.
        const subject = sales[sales.length - 1 - Math.floor(random() * 10)]!;
        const row = rowOf(model, sales, subject, day);
        expect(isSame(row, rowOf(model, disturb(sales, day, random), subject, day))).toBe(true);
        const moved = sales.some(
          (sale, i) =>
            dayNumber(sale.closeDate) < day &&
            !isSame(row.slice(0, -2), rowOf(model, sales.with(i, withPrice(sale, 1.1)), subject, day).slice(0, -2)),
        );
        expect(moved).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('as of a day, no fact of the house that is dated in a later year moves it', () => {
    const sales = inventMarket(5, 70);
    const model = fitMarket(sales);
    const later = fc.integer({ min: 1, max: 80 });
    fc.assert(
      fc.property(fc.nat(69), fc.integer({ min: -400, max: 400 }), later, later, (at, offset, renovated, built) => {
        const day = FIRST_DAY + offset;
        const year = Number(dateOfDay(day)!.slice(0, 4));
        const subject = sales[at]!;
        const dated = (facts: { yearBuilt?: number; yearRenovated: number | null }) =>
          rowOf(model, sales, { ...subject, facts: { ...subject.facts, ...facts } }, day);
        const never = dated({ yearRenovated: null });
        expect(dated({ yearRenovated: year + renovated })).toEqual(never);
        const planned = dated({ yearBuilt: year + built, yearRenovated: null });
        expect(dated({ yearBuilt: year + renovated, yearRenovated: year + renovated + built })).toEqual(planned);
        // A renovation of the year itself, or an earlier one, is known.
        expect(dated({ yearBuilt: 1900, yearRenovated: year })).not.toEqual(
          dated({ yearBuilt: 1900, yearRenovated: null }),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('a training sale’s own row knows neither its own price nor a later one', () => {
    fc.assert(
      fc.property(SEEDS, fc.integer({ min: 0, max: 69 }), (seed, at) => {
        const sales = inventMarket(seed, 70);
        const model = fitMarket(sales);
        const sale = sales[at]!;
        const day = dayNumber(sale.closeDate);
        const changed = sales.map((other) => (dayNumber(other.closeDate) < day ? other : withPrice(other, 3)));
        expect(isSame(rowOf(model, sales, sale, day, at), rowOf(model, changed, sale, day, at))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it('without dates the house’s own sale is left out, and the others count', () => {
    fc.assert(
      fc.property(SEEDS, fc.integer({ min: 0, max: 69 }), (seed, at) => {
        const sales = inventMarket(seed, 70, false);
        const model = fitMarket(sales);
        const row = rowOf(model, sales, sales[at]!, Number.NaN, at);
        const own = sales.with(at, withPrice(sales[at]!, 1.5));
        expect(isSame(row, rowOf(model, own, own[at]!, Number.NaN, at))).toBe(true);
        const others = sales.map((sale, i) => (i === at ? sale : withPrice(sale, i % 2 === 0 ? 1.05 : 1)));
        expect(isSame(row, rowOf(model, others, sales[at]!, Number.NaN, at))).toBe(false);
      }),
      { numRuns: 8 },
    );
  });

  it('the row that trains is the row that serves: of a sale the model has not learned from they are the same', () => {
    for (const isDated of [true, false]) {
      const sales = inventMarket(11, 80, isDated);
      const model = fitMarket(sales.slice(0, 70));
      for (const at of [70, 75, 79]) {
        const sale = sales[at]!;
        const day = dayNumber(sale.closeDate);
        const trained = rowOf(model, sales.slice(0, at + 1), sale, day, at);
        const served = rowOf(
          model,
          sales.slice(0, at),
          { parcel: sale.parcel, facts: sale.facts, extras: sale.extras },
          day,
        );
        // Without dates the count tells of the file, not of the day: the sale itself is among it.
        expect(isSame(trained.slice(0, -1), served.slice(0, -1))).toBe(true);
      }
    }
  });

  it('a training sale is judged by the model that has not learned from it', () => {
    const sales = inventMarket(5, 60);
    const model = fitMarket(sales);
    const day = FIRST_DAY + 400;
    const { names } = createFeatureRows(buildMarketHistory(model, sales));
    const written = [-1, 0, 5, 1].map((except) => rowOf(model, sales, sales[0]!, day, except));
    for (const name of ['hedonic_value', 'effect:zipCode', 'effect:subdivision']) {
      const values = written.map((row) => row[names.indexOf(name)]!);
      expect(values[1]).toBe(values[2]);
      expect(new Set(values).size).toBe(3);
    }
  });
});

describe('what a feature row holds', () => {
  const sales = inventMarket(3, 80);
  const model = fitMarket(sales);
  const history = buildMarketHistory(model, sales);
  const rows = createFeatureRows(history);

  it('the registered features but the offsets, then the extras, the effects and the categories', () => {
    const registered = VALUATION_FEATURES.filter(({ isOffset }) => isOffset !== true).map(({ name }) => name);
    expect(rows.names).toEqual([
      ...registered,
      'extra:garage',
      'effect:zipCode',
      'effect:subdivision',
      'category:zipCode',
      'category:subdivision',
    ]);
    expect(rows.categorical.map((at) => rows.names[at])).toEqual(['category:zipCode', 'category:subdivision']);
  });

  it('what the house itself states is told from what past sales say', () => {
    const plain = new Set(rows.plain.map((at) => rows.names[at]!));
    expect(plain.has('living_area') && plain.has('extra:garage') && plain.has('category:zipCode')).toBe(true);
    expect([...plain].filter((name) => name.startsWith('effect:'))).toEqual([]);
    for (const { name, family } of VALUATION_FEATURES)
      if (family === 'comparables') expect(plain.has(name)).toBe(false);
  });

  it('writes at its place and nowhere else', () => {
    const width = rows.names.length;
    const out = new Float64Array(width * 3).fill(-7);
    rows.write(sales[9]!, FIRST_DAY + 300, out, width);
    expect([...out.subarray(0, width), ...out.subarray(2 * width)].every((value) => value === -7)).toBe(true);
    expect(out[width + rows.names.indexOf('living_area')]).toBe(sales[9]!.facts.sqft);
    expect(out[width + rows.names.indexOf('extra:garage')]).toBe(sales[9]!.extras['garage']);
  });

  it('what hardly any sale lacks is imputed, and told apart from what the house states', () => {
    const bare = subjectOf({ sqft: 1_900, zipCode: sales[4]!.facts.zipCode });
    const day = FIRST_DAY + 300;
    const [read, stated] = [new Float64Array(rows.names.length), new Float64Array(rows.names.length)];
    const past = rows.write(bare, day, read, 0);
    rows.writeStated(bare, day, past, stated, 0);
    const of = (row: Float64Array, name: string) => row[rows.names.indexOf(name)]!;
    const missing = rows.names.filter((name) => Number.isNaN(of(read, name)));
    expect(missing).toEqual(['parcel_group', 'effect:subdivision', 'category:subdivision']);
    for (const name of ['latitude', 'map_axis_45', 'lot_size', 'age', 'construction_grade', 'extra:garage']) {
      expect([of(read, name), of(stated, name)]).toEqual([expect.any(Number), Number.NaN]);
      expect(of(read, name)).not.toBeNaN();
    }
    expect(of(stated, 'living_area')).toBe(1_900);
    expect(of(stated, 'hedonic_value')).toBe(of(read, 'hedonic_value'));
    const whole = new Float64Array(rows.names.length);
    rows.writeStated(sales[4]!, day, rows.write(sales[4]!, day, read, 0), whole, 0);
    expect(whole).toEqual(read);
  });

  it('a house that nothing places stands in the middle for the trees, and has no neighbours', () => {
    const read = new Float64Array(rows.names.length);
    const past = rows.write(subjectOf({ sqft: 1_900 }), FIRST_DAY + 300, read, 0);
    expect(read[rows.names.indexOf('latitude')]).toBe(model.metric.centre!.latitude);
    expect(read[rows.names.indexOf('distance_to_center')]).toBe(0);
    expect(past.near).toEqual({ premium: 0, doubt: 1 });
  });

  it('numbers levels by frequency; a level that training did not see is missing', () => {
    const counts = new Map<string, number>();
    for (const { facts } of sales) counts.set(facts.zipCode!, (counts.get(facts.zipCode!) ?? 0) + 1);
    const commonest = Math.max(...counts.values());
    const first = model.hedonic.full.plan.categories.find(({ name }) => name === 'zipCode')!.levels[0]!;
    expect(counts.get(first)).toBe(commonest);
    const out = new Float64Array(rows.names.length);
    const cellsOf = (zipCode: string | null) => {
      rows.write(subjectOf({ zipCode }), FIRST_DAY + 300, out, 0);
      return ['category:zipCode', 'effect:zipCode'].map((name) => out[rows.names.indexOf(name)]);
    };
    expect(cellsOf(first)).toEqual([0, expect.any(Number)]);
    expect(cellsOf('00000')).toEqual([Number.NaN, Number.NaN]);
    expect(cellsOf(null)).toEqual([Number.NaN, Number.NaN]);
  });

  it('the same question has the same answer, to the last bit', () => {
    const again = createFeatureRows(buildMarketHistory(fitMarket(sales), sales));
    const [a, b] = [new Float64Array(rows.names.length), new Float64Array(rows.names.length)];
    for (const [i, sale] of sales.entries()) {
      rows.write(sale, dayNumber(sale.closeDate), a, 0, i);
      again.write(sale, dayNumber(dateOfDay(dayNumber(sale.closeDate))), b, 0, i);
      expect(Buffer.from(a.buffer).equals(Buffer.from(b.buffer))).toBe(true);
    }
  });
});
