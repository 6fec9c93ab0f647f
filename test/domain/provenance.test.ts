import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldSource, PropertyFacts } from '../../src/domain/property.ts';
import { PROPERTY_FIELDS } from '../../src/domain/property.ts';
import {
  isBetter,
  mergeFields,
  missingFields,
  precedenceOf,
  provenanceDocument,
  sourceKindOf,
} from '../../src/domain/provenance.ts';

const from = (source: string, more: Partial<FieldSource> = {}): FieldSource => ({
  source,
  fetchedAt: '2026-01-02T00:00:00.000Z',
  confidence: 0.8,
  costMicros: 0,
  simulated: false,
  ...more,
});
const anySource = fc.record({
  source: fc.constantFrom(
    'king-county-assessor',
    'king-county-sales',
    'fsbo-site',
    'census-acs',
    'fema-flood',
    'attom',
    'person:1',
    'x',
  ),
  fetchedAt: fc.constantFrom('2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
  confidence: fc.constantFrom(0.4, 0.9),
  costMicros: fc.constant(0),
  simulated: fc.boolean(),
});

describe('sourceKindOf', () => {
  it.each([
    ['king-county-assessor', 'assessor'],
    ['king-county-sales', 'public_record'],
    ['fsbo-demo', 'listing'],
    ['census-geocoder', 'geocoder'],
    ['census-acs', 'census'],
    ['fema-flood', 'fema'],
    ['person:42', 'person'],
    ['attom', 'vendor'],
    ['something', 'other'],
  ])('%s is %s', (name, kind) => {
    expect(sourceKindOf(name)).toBe(kind);
  });
});

describe('mergeFields', () => {
  const listing = {
    facts: { sqft: 2000, listPriceCents: 50_000_000, yearBuilt: null },
    sources: { sqft: from('fsbo-site'), listPriceCents: from('fsbo-site') },
  };

  it('believes the assessor about the living area and the listing about the price', () => {
    const merged = mergeFields(listing, {
      fields: { sqft: 1840, yearBuilt: 1951, listPriceCents: 1 },
      source: from('king-county-assessor', { fetchedAt: '2020-01-01T00:00:00.000Z' }),
    });
    expect(merged.facts).toEqual({ sqft: 1840, listPriceCents: 50_000_000, yearBuilt: 1951 });
    expect(merged.changed).toEqual(['sqft', 'yearBuilt']);
    expect(merged.kept).toEqual(['listPriceCents']);
    expect(merged.sources.sqft?.source).toBe('king-county-assessor');
  });

  it('never erases a value with null', () => {
    expect(mergeFields(listing, { fields: { sqft: null }, source: from('king-county-assessor') }).facts.sqft).toBe(
      2000,
    );
  });

  it('never puts a simulated value over a real one, and replaces it once a real one comes', () => {
    const simulated = from('king-county-assessor', { simulated: true, fetchedAt: '2026-06-01T00:00:00.000Z' });
    expect(mergeFields(listing, { fields: { sqft: 9 }, source: simulated }).facts.sqft).toBe(2000);
    const held = { facts: { sqft: 9 }, sources: { sqft: simulated } };
    expect(mergeFields(held, { fields: { sqft: 2000 }, source: from('fsbo-site') }).facts.sqft).toBe(2000);
  });

  it('takes the newer of two equals, keeps what is there on a tie', () => {
    const old = from('fsbo-site');
    expect(isBetter('sqft', old, from('fsbo-site', { fetchedAt: '2026-01-03T00:00:00.000Z' }))).toBe(true);
    expect(isBetter('sqft', old, from('fsbo-site', { confidence: 0.9 }))).toBe(true);
    expect(isBetter('sqft', old, old)).toBe(false);
  });

  it('lets sources that disagree about who is better never both win', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PROPERTY_FIELDS), anySource, anySource, (field, a, b) => {
        expect(isBetter(field, a, b) && isBetter(field, b, a)).toBe(false);
      }),
    );
  });

  it('ends with the same value whatever the order in which two answers arrive, unless they tie', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('sqft' as const, 'floodZone' as const, 'population' as const),
        anySource,
        anySource,
        (field, a, b) => {
          fc.pre(isBetter(field, a, b) || isBetter(field, b, a));
          const one = { fields: { [field]: 1 } as Partial<PropertyFacts>, source: a };
          const two = { fields: { [field]: 2 } as Partial<PropertyFacts>, source: b };
          const empty = { facts: {}, sources: {} };
          expect(mergeFields(mergeFields(empty, one), two).facts).toEqual(
            mergeFields(mergeFields(empty, two), one).facts,
          );
        },
      ),
    );
  });

  it('does not change its inputs', () => {
    const before = structuredClone(listing);
    mergeFields(listing, { fields: { sqft: 1 }, source: from('king-county-assessor') });
    expect(listing).toEqual(before);
  });
});

it('ranks a person first for every field', () => {
  for (const field of PROPERTY_FIELDS) expect(precedenceOf(field)[0]).toBe('person');
});

it('lists what is missing', () => {
  expect(missingFields({ address: 'x', sqft: null })).toContain('sqft');
  expect(missingFields({ address: 'x' })).not.toContain('address');
});

it('records an answer without its empty fields', () => {
  const document = provenanceDocument(
    { id: 'r1', url: null },
    { fields: { sqft: 1840, city: null }, source: from('cook-county-assessor', { costMicros: 20_000 }) },
  );
  expect(document).toMatchObject({
    record_id: 'r1',
    source: 'cook-county-assessor',
    cost_micros: 20_000,
    simulated: false,
    fields: { sqft: 1840 },
  });
  expect(document.fields).not.toHaveProperty('city');
});
