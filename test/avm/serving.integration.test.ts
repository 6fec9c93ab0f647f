import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArtifact } from '../../src/avm/artifact.ts';
import { HIDEABLE, hide, lacks } from '../../src/avm/doubts.ts';
import { openAvm } from '../../src/avm/model.ts';
import { trainAvm } from '../../src/avm/train.ts';
import { dayNumber } from '../../src/domain/valuation/days.ts';
import { createImputer } from '../../src/domain/valuation/imputation.ts';
import type { ValuationSubject } from '../../src/domain/valuation/sale-record.ts';
import type { AvmModel, Valuation } from '../../src/domain/valuation/valuation.ts';
import { lightGbmPath } from './lightgbm/support.ts';
import { dataOf, inventSales, NO_FACTS } from './synthetic-market.ts';

const sales = inventSales({ sales: 600 });
const asOf = '2024-03-15';
const house = sales[5]!;
let libraryPath: string;
let artifact: Buffer;
let model: AvmModel;

const without = (...names: Array<keyof ValuationSubject['facts']>): ValuationSubject => ({
  ...house,
  facts: { ...house.facts, ...Object.fromEntries(names.map((name) => [name, null])) },
});
const widthOf = ({ intervals }: Valuation) => Math.log(intervals[80].high / intervals[80].low);

/** Houses of every kind: as they are, with facts missing, strange, or unknown to the market. */
const subjects: ValuationSubject[] = [
  ...sales.slice(0, 60),
  ...sales.slice(60, 75).map((sale) => ({ ...sale, parcel: null, extras: {} })),
  without('sqft'),
  without('latitude', 'longitude'),
  without('zipCode', 'grade', 'yearBuilt'),
  { ...house, facts: { ...house.facts, sqft: 40_000, zipCode: '99999', propertySubType: 'Houseboat' } },
  { ...house, facts: { ...house.facts, latitude: 10, longitude: 20 } },
];

beforeAll(async () => {
  libraryPath = await lightGbmPath();
  ({ artifact } = await trainAvm(dataOf(sales), { market: 'invented', libraryPath, seed: 1, trials: 1 }));
  model = openAvm(artifact, libraryPath);
});
afterAll(() => model.free());

describe('an opened model', () => {
  it('gives one house the same value alone, in a batch, and explained', () => {
    const batch = model.valueBatch(subjects, asOf);
    expect(batch).toHaveLength(subjects.length);
    for (const [i, subject] of subjects.entries()) {
      const alone = model.value(subject, asOf);
      const together = batch[i]!;
      if ('refused' in together) throw new Error(together.refused);
      expect(Math.abs(alone.value / together.value - 1)).toBeLessThan(1e-12);
      expect(Math.abs(alone.log - model.explain(subject, asOf).log)).toBeLessThan(1e-9);
      expect(together.intervals[90].low).toBeLessThan(together.intervals[50].low);
      expect(together.intervals[50].high).toBeGreaterThan(together.value);
      expect(together.confidence).toBeGreaterThanOrEqual(0);
      expect(together.confidence).toBeLessThanOrEqual(1);
    }
  });

  it('explains each value to the last part', () => {
    for (const subject of subjects) {
      const { base, contributions, log } = model.explain(subject, asOf);
      const sum = contributions.reduce((total, { contribution }) => total + contribution, base);
      expect(Math.abs(sum - log)).toBeLessThan(1e-9);
      expect(new Set(contributions.map(({ feature }) => feature)).size).toBe(contributions.length);
    }
    const { contributions } = model.explain(house, asOf);
    expect(contributions.find(({ feature }) => feature === 'living_area')?.value).toBe(house.facts.sqft);
    expect(contributions.find(({ feature }) => feature === 'effect:zipCode')?.value).toBe(house.facts.zipCode);
  });

  it('values as of a day from the sales before it, and is stateless between calls', () => {
    const first = model.value(house, '2023-06-01');
    const later = model.value(house, asOf);
    expect(later.log).not.toBe(first.log);
    expect(model.value(house, '2023-06-01')).toEqual(first);
    expect(model.featureRow(house, asOf)).toHaveLength(model.featureNames.length);
  });

  it.each([
    ['the living area', without('sqft'), /The living area is not known/],
    ['the place', without('latitude', 'longitude', 'zipCode'), /The place is not known/],
  ])('is less sure without %s, and says so', (_, subject, sentence) => {
    const valuation = model.value(subject, asOf);
    expect(widthOf(valuation)).toBeGreaterThan(widthOf(model.value(house, asOf)));
    expect(valuation.notes.join(' ')).toMatch(sentence);
  });

  it.each(Object.keys(HIDEABLE))(
    'without %s it is less sure than of the house that it takes it for, and says so',
    (fact) => {
      const { widening, history } = readArtifact(artifact);
      if (!(fact in widening)) return expect(sales.some((sale) => lacks(sale, fact))).toBe(true);
      const impute = createImputer(history.hedonic.full.plan, history.imputation, history.metric);
      const sample = sales.slice(0, 100);
      const wider = sample.filter((sale) => {
        const hidden = model.value(hide(sale, fact), asOf);
        const taken = impute(hide(sale, fact), dayNumber(asOf));
        if (!lacks(taken, fact)) expect(widthOf(hidden)).toBeGreaterThan(widthOf(model.value(taken, asOf)));
        expect(hidden.notes).toContainEqual(expect.stringMatching(/not known.*the interval is \d+% wider\.$/));
        return widthOf(hidden) > widthOf(model.value(sale, asOf));
      });
      expect(wider.length).toBeGreaterThanOrEqual(95);
    },
  );

  it('shows a missing fact as missing, though it takes one for it', () => {
    const bare = without('yearBuilt', 'grade');
    const parts = new Map(model.explain(bare, asOf).contributions.map((part) => [part.feature, part]));
    expect([parts.get('age')!.value, parts.get('construction_grade')!.value]).toEqual([null, null]);
    expect(parts.get('living_area')!.value).toBe(house.facts.sqft);
    const rows: Float64Array[] = [];
    model.valueBatch([bare, house], asOf, (_, row) => rows.push(row().slice()));
    const age = model.featureNames.indexOf('age');
    expect([rows[0]![age], rows[1]![age]]).toEqual([Number.NaN, model.featureRow(house, asOf)[age]]);
    expect(model.featureRow(bare, asOf)[age]).toBeGreaterThan(0);
  });

  it('finds houses the more alike the more of its trees put both into one leaf', () => {
    const [subject, twin] = [sales[5]!, { ...sales[5]!, parcel: null }];
    const larger = { ...twin, facts: { ...twin.facts, sqft: (twin.facts.sqft ?? 0) * 1.1 } };
    const other = { ...twin, facts: { ...twin.facts, sqft: (twin.facts.sqft ?? 0) * 3, grade: 12, latitude: 40.1 } };
    const unknown = { ...twin, facts: { ...twin.facts, sqft: null, latitude: null, zipCode: null } };
    const shares = model.leafShares(subject, [subject, twin, larger, other, unknown], asOf);
    expect(shares[0]).toBe(1);
    expect(shares[1]).toBeGreaterThan(0.6);
    expect(shares[2]).toBeLessThan(shares[1]!);
    expect(shares[3]).toBeLessThan(shares[2]!);
    expect(shares[4]).toBeNaN();
    expect(model.leafShares(unknown, [subject], asOf)).toEqual(Float64Array.of(Number.NaN));
    expect(model.leafShares(subject, [], asOf)).toHaveLength(0);
  });

  it('is less sure of a house outside what it has seen, and long after its last sale', () => {
    const huge = { ...house, facts: { ...house.facts, sqft: 30_000 } };
    const valuation = model.value(huge, asOf);
    expect(widthOf(valuation)).toBeGreaterThan(1.5 * widthOf(model.value(house, asOf)));
    expect(valuation.notes.join(' ')).toContain('The living area of 30,000 lies outside what the model has seen');
    const late = model.value(house, '2027-01-01');
    expect(widthOf(late)).toBeGreaterThan(widthOf(model.value(house, asOf)));
    expect(late.confidence).toBeLessThan(model.value(house, asOf).confidence);
  });

  it('refuses a house of which too little is known: alone with an error, in a batch in its place', () => {
    const unknown = { parcel: null, facts: NO_FACTS, extras: {} };
    for (const ask of [() => model.value(unknown, asOf), () => model.explain(unknown, asOf)]) {
      expect(ask).toThrow(/too little for a value.*State LivingArea, and Latitude and Longitude or PostalCode/s);
      expect(ask).toThrow(expect.objectContaining({ code: 'validation' }));
    }
    const [first, second, third] = model.valueBatch([house, unknown, sales[6]!], asOf);
    expect(first).toEqual(model.valueBatch([house], asOf)[0]);
    expect(second).toEqual({ refused: expect.stringContaining('too little for a value') });
    expect(third).toHaveProperty('value');
    expect(model.valueBatch([unknown], asOf)).toHaveLength(1);
    expect(model.valueBatch([], asOf)).toEqual([]);
  });

  it('is refused when it is cut off, and when it is used after it was given back', () => {
    expect(() => openAvm(artifact.subarray(0, artifact.length >> 1), libraryPath)).toThrow(/cannot be read/);
    const other = openAvm(artifact, libraryPath);
    expect(other.value(house, asOf)).toEqual(model.value(house, asOf));
    other.free();
    other.free();
    for (const use of [
      () => other.value(house, asOf),
      () => other.valueBatch([house], asOf),
      () => other.explain(house, asOf),
    ]) {
      expect(use).toThrow(/freed/);
    }
  });
});

it('learns from sales without dates, held out by a hash, and values on any day alike', async () => {
  const undated = sales.slice(0, 300).map((sale) => ({ ...sale, closeDate: null }));
  const trained = await trainAvm(dataOf(undated), { market: 'invented', libraryPath, seed: 2, trials: 1 });
  expect(trained.report.split.kind).toBe('hash');
  expect(trained.report.split.note).toContain('no time is held out');
  expect([trained.dataFrom, trained.dataTo]).toEqual([null, null]);
  expect(trained.version).toMatch(/^undated-/);
  const opened = openAvm(trained.artifact, libraryPath);
  try {
    expect(opened.newestSale).toBeNull();
    expect(opened.value(house, '2030-01-01').log).toBe(opened.value(house, asOf).log);
    expect(trained.report.metrics.mdape).toBeLessThan(0.15);
    expect(trained.report.metrics.rows).toBe(300);
    expect(new Set(trained.heldOut.map(({ row }) => row)).size).toBe(300);
  } finally {
    opened.free();
  }
});

it('values a sale without a date by models that have not seen its price', async () => {
  const undated = sales.slice(0, 120).map((sale) => ({ ...sale, closeDate: null }));
  const at = undated[40]!;
  const dearer = undated.map((sale) => (sale === at ? { ...sale, closePrice: 2 * sale.closePrice } : sale));
  const [first, second] = await Promise.all(
    [undated, dearer].map(async (given) => {
      const { heldOut } = await trainAvm(dataOf(given), { market: 'invented', libraryPath, seed: 2, trials: 1 });
      return new Map(heldOut.map(({ row, value }) => [row, value]));
    }),
  );
  expect(second!.get(at.row)).toBe(first!.get(at.row));
  expect([...first!].some(([row, value]) => second!.get(row) !== value)).toBe(true);
});
