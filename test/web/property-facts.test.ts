import { describe, expect, it } from 'vitest';
import { FACT_GROUPS, sortFacts } from '../../src/web/screens/property/fact-list.ts';
import {
  ageOf,
  commonProvenance,
  isOld,
  otherValues,
  outsideField,
  type Provenance,
  readProvenance,
} from '../../src/web/screens/property/provenance.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const from = (over: Partial<Provenance> = {}): Provenance => ({
  source: 'county',
  fetchedAt: '2026-05-01T00:00:00Z',
  asOf: null,
  simulated: false,
  confidence: 0.9,
  costMicros: 0,
  ...over,
});

describe('where a value came from', () => {
  it('is read from the sources by field', () => {
    const known = readProvenance({
      sqft: { source: 'county', fetched_at: '2026-05-01T00:00:00Z', confidence: 0.9, cost_micros: 5, simulated: true },
      broken: { source: 3 },
      nothing: null,
    });
    expect([...known]).toEqual([['sqft', from({ simulated: true, costMicros: 5 })]]);
  });

  it('is told with its age, from the day it tells of', () => {
    expect(ageOf(from({ fetchedAt: '2026-05-31T12:00:00Z' }), NOW)).toBe('today');
    expect(ageOf(from({ fetchedAt: '2026-05-30T12:00:00Z' }), NOW)).toBe('1 day old');
    expect(ageOf(from(), NOW)).toBe('31 days old');
    expect(ageOf(from({ asOf: '2025-12-01' }), NOW)).toBe('5 months old');
    expect(ageOf(from({ asOf: '2014-06-30' }), NOW)).toBe('11 years old');
    expect(isOld(from({ asOf: '2024-05-01' }), NOW)).toBe(true);
    expect(isOld(from(), NOW)).toBe(false);
  });

  it('is said once where most agree', () => {
    expect(commonProvenance([from(), from(), from({ source: 'other' })])?.source).toBe('county');
    expect(commonProvenance([from(), from({ source: 'other' })])).toBeNull();
    expect(commonProvenance([from()])).toBeNull();
    expect(commonProvenance([undefined, undefined])).toBeNull();
    expect(commonProvenance([from({ simulated: true }), from()])).toBeNull();
  });
});

describe('other answers', () => {
  it('are named as the API names fields, in its units', () => {
    expect(outsideField('lastSalePriceCents', 12_345)).toEqual({ field: 'last_sale_price', value: 123.45 });
    expect(outsideField('taxAnnualCents', 100)).toEqual({ field: 'tax_annual_amount', value: 1 });
    expect(outsideField('sqft', 900)).toEqual({ field: 'sqft', value: 900 });
  });

  it('leave out the one that is shown, and come newest first', () => {
    const shown = new Map([['sqft', from()]]);
    const answer = (provider: string, fetched_at: string, sqft: number) => ({
      provider,
      fetched_at,
      fields: { sqft },
      simulated: false,
    });
    const others = otherValues(
      [
        answer('old', '2020-01-01T00:00:00Z', 800),
        answer('county', '2026-05-01T00:00:00Z', 900),
        answer('newer', '2026-05-02T00:00:00Z', 910),
      ],
      shown,
    );
    expect(others.get('sqft')?.map(({ source, value }) => [source, value])).toEqual([
      ['newer', 910],
      ['old', 800],
    ]);
    expect(otherValues([{ provider: 'x', fetched_at: '', simulated: false }], shown).size).toBe(0);
  });
});

it('facts that are known are told apart from those that are not, and each is named once', () => {
  const { known, unknown } = sortFacts(FACT_GROUPS[0]!.facts, {
    bedrooms: 0,
    sqft: null,
    property_sub_type: '',
    waterfront: false,
  });
  expect(known.map(({ field }) => field)).toEqual(['bedrooms', 'waterfront']);
  expect(unknown).toContain('living area');
  const fields = FACT_GROUPS.flatMap(({ facts }) => facts.map(({ field }) => field));
  expect(new Set(fields).size).toBe(fields.length);
  const waterfront = FACT_GROUPS[0]!.facts.find(({ field }) => field === 'waterfront')!;
  expect([waterfront.format(false), waterfront.format(true)]).toEqual(['No', 'Yes']);
});
