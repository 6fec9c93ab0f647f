import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import { PROPERTY_FIELDS, type PropertyField } from '../../../src/domain/property.ts';
import { FEATURES } from '../../../src/domain/scoring/registry.ts';
import { contextOf } from '../../../src/domain/scoring/score.ts';
import { SIMILARITY_DIMENSIONS } from '../../../src/domain/similarity/dimensions.ts';
import { planColumns } from '../../../src/domain/valuation/columns.ts';
import { createFeatureRows } from '../../../src/domain/valuation/feature-row.ts';
import { VALUATION_FEATURES } from '../../../src/domain/valuation/features/registry.ts';
import { buildMarketHistory } from '../../../src/domain/valuation/market-history.ts';
import { extraIsAllowed } from '../../../src/domain/valuation/protected-columns.ts';
import { VALUATION_FACTS } from '../../../src/domain/valuation/sale-record.ts';
import { house, inputFor } from '../scoring/samples.ts';
import { FIRST_DAY, fitMarket, inventMarket } from './market.ts';

/**
 * Fields of a property that neither a valuation nor a score may read, with the reason. Population, income and rents of an
 * area are not among them: they tell of a market's size and means, and the product's features name them.
 */
const NEVER_READ: ReadonlyArray<[PropertyField, string]> = [
  ['ownerName', 'a name tells origin, religion and sex'],
  ['ownerOccupiedShare', 'the share of owners stands for who lives in an area'],
  ['censusTract', 'a tract stands for who lives there'],
  ['publicRemarks', 'anything may be written there about persons'],
];
/** Of the area's figures a valuation reads none at all. */
const NOT_IN_A_VALUATION: readonly PropertyField[] = [
  'population',
  'medianIncomeCents',
  'medianHomeValueCents',
  'medianRentCents',
];

/** The same object, which tells what was read of it. */
function watched<T extends object>(target: T, seen: Set<string>): T {
  return new Proxy(target, {
    get(of, key, receiver) {
      if (typeof key === 'string') seen.add(key);
      return Reflect.get(of, key, receiver);
    },
  });
}

const market = inventMarket(31, 60);
const words = (field: string) => field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

describe('protected classes of persons', () => {
  it.each(NEVER_READ)('%s is a field of a property, and no feature names it: %s', (field) => {
    expect(PROPERTY_FIELDS).toContain(field);
    expect(VALUATION_FACTS).not.toContain(field);
    expect(FEATURES.filter(({ fields }) => fields.includes(field)).map(({ name }) => name)).toEqual([]);
  });

  it('no name of a feature, its source or its fields is one that a file’s column may not have', () => {
    const names = [
      ...VALUATION_FEATURES.flatMap(({ name, source }) => [name, ...source.split(', ')]),
      ...VALUATION_FACTS,
      ...FEATURES.flatMap(({ name, fields }) => [name, ...fields.map(words)]),
      ...SIMILARITY_DIMENSIONS.flatMap(({ name, label }) => [name, label]),
    ];
    const protects = names.flatMap((name) => {
      const verdict = extraIsAllowed(name);
      return verdict.allowed || !verdict.reason.includes('protects') ? [] : [`${name}: ${verdict.reason}`];
    });
    expect(protects).toEqual([]);
    expect(extraIsAllowed('pct_female')).toMatchObject({ reason: expect.stringContaining('protects') });
  });

  it('a valuation’s row reads the facts of the house and nothing else, whatever else is known', () => {
    const rows = createFeatureRows(buildMarketHistory(fitMarket(market), market));
    const seen = new Set<string>();
    const all = Object.fromEntries(PROPERTY_FIELDS.map((field) => [field, null]));
    const facts = watched({ ...all, ...market[0]!.facts }, seen);
    rows.write({ parcel: null, facts, extras: {} }, FIRST_DAY + 200, new Float64Array(rows.names.length), 0);
    expect(seen.has('sqft')).toBe(true);
    expect([...seen].filter((field) => !VALUATION_FACTS.some((fact) => fact === field))).toEqual([]);
    for (const field of [...NOT_IN_A_VALUATION, ...NEVER_READ.map(([name]) => name)]) {
      expect(VALUATION_FACTS).not.toContain(field);
    }
  });

  it('no feature of the score reads one, not even without naming it', () => {
    const weights = loadScoringConfig(resolve('config/scoring.yaml'));
    const seen = new Set<string>();
    const given = house({
      ownerName: 'A. Owner',
      ownerOccupiedShare: 0.6,
      publicRemarks: 'Lovely.',
      censusTract: '53033000100',
    });
    for (const listPriceCents of [null, 40_000_000]) {
      const context = contextOf(inputFor({ ...given, listPriceCents }), weights);
      const looked = { ...context, property: watched(context.property, seen) };
      for (const feature of FEATURES) {
        const raw = feature.compute(looked);
        if (raw !== null) feature.explain(raw, looked);
      }
    }
    expect(seen.has('medianIncomeCents')).toBe(true);
    expect(NEVER_READ.filter(([field]) => seen.has(field))).toEqual([]);
  });

  it('no dimension of likeness reads one', () => {
    const seen = new Set<string>();
    const full = { ...house({}), estimatedValueCents: 50_000_000 };
    // Where a price is known others are not looked at: each is taken away in turn.
    for (const gone of ['listPriceCents', 'estimatedValueCents', 'lastSalePriceCents', 'propertySubType', null]) {
      const facts = watched(gone === null ? full : { ...full, [gone]: null }, seen);
      for (const { read } of SIMILARITY_DIMENSIONS) read(facts, '2026-07-01');
    }
    expect(SIMILARITY_DIMENSIONS).toHaveLength(35);
    expect(seen.has('sqft')).toBe(true);
    expect(NEVER_READ.filter(([field]) => seen.has(field))).toEqual([]);
  });

  it('a planted column of a file is left out with its reason, and moves no value', () => {
    const planted = market.map((sale, i) => ({ ...sale, extras: { ...sale.extras, pct_hispanic: (i * 37) % 100 } }));
    const days = Float64Array.from(planted, () => FIRST_DAY);
    const plan = planColumns(planted, days);
    expect(plan.leftOut).toContainEqual({
      column: 'pct_hispanic',
      reason: expect.stringContaining('fair-housing law protects'),
    });
    expect([...plan.numbers, ...plan.categories].filter(({ name }) => name.includes('hispanic'))).toEqual([]);
    expect(fitMarket(planted).hedonic.full.weights).toEqual(fitMarket(market).hedonic.full.weights);
  });

  it('the documentation names the fields that are never read', () => {
    const text = readFileSync('docs/features.md', 'utf8').replace(/\s+/g, ' ');
    for (const phrase of ["the owner's name", 'share of owners', 'census tract', 'remarks'])
      expect(text).toContain(phrase);
  });
});
