import { describe, expect, it } from 'vitest';
import { inputsHashOf } from '../../../src/activities/score/score-inputs.ts';
import { type FieldSource, PROPERTY_FIELDS } from '../../../src/domain/property.ts';
import type { ScoreInput } from '../../../src/domain/scoring/feature.ts';
import { house, inputFor } from '../../domain/scoring/samples.ts';

const source: FieldSource = {
  source: 'assessor',
  fetchedAt: '2026-01-01T00:00:00Z',
  confidence: 0.9,
  costMicros: 0,
  simulated: false,
};
const avm = {
  valueCents: 50_000_000,
  lowCents: 45_000_000,
  highCents: 55_000_000,
  confidence: 0.7,
  modelVersion: 'm1',
};
const facts = { address: '1 Main St', latitude: 47.5, longitude: -122.3, fieldSources: { sqft: source } };
const given = (): ScoreInput => ({ ...inputFor(house(facts)), avm });
const hashOf = (input: ScoreInput, weights = 'w1') => inputsHashOf(input, weights);
const before = hashOf(given());

/** The input with something else of the house. */
const withHouse = (change: object): ScoreInput => {
  const input = given();
  return { ...input, property: { ...input.property, ...change } };
};

/** The input with something else of its first comparable sale. */
function withSale(change: object): ScoreInput {
  const input = given();
  const [first, ...others] = input.comparables.chosen;
  return { ...input, comparables: { ...input.comparables, chosen: [{ ...first!, ...change }, ...others] } };
}

describe('the hash of what a score is worked out from', () => {
  it('is the same for the same input, whatever the order of its keys', () => {
    expect(hashOf(given())).toBe(before);
    const { property } = given();
    const turned = Object.fromEntries(Object.entries(property).reverse()) as unknown as typeof property;
    expect(hashOf({ ...given(), property: turned })).toBe(before);
  });

  it.each(PROPERTY_FIELDS)('tells another %s apart, and an unknown one from 0 and an empty text', (field) => {
    const hashes = [null, 0, 1, '', 'x', 'y'].map((value) => hashOf(withHouse({ [field]: value })));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('tells texts apart that are the same when they stand one behind the other', () => {
    expect(hashOf(withHouse({ apn: 'ab', address: 'c' }))).not.toBe(hashOf(withHouse({ apn: 'a', address: 'bc' })));
    expect(hashOf(withHouse({ apn: 'ab', address: null }))).not.toBe(hashOf(withHouse({ apn: null, address: 'ab' })));
  });

  it.each([
    ['the county', () => ({ ...given(), county: { ...given().county, marketHeat: 0.123 } })],
    ['the date', () => ({ ...given(), asOf: '2015-04-02' })],
    ['the value', () => ({ ...given(), avm: { ...avm, valueCents: 1 } })],
    ['the version of the model', () => ({ ...given(), avm: { ...avm, modelVersion: 'm2' } })],
    ['no value', () => ({ ...given(), avm: null })],
    ['a comparable less', () => withoutSale()],
    ['the price of a comparable', () => withSale({ closePriceCents: 1 })],
    ['its distance', () => withSale({ distanceMetres: 1.5 })],
    ['its weight', () => withSale({ weight: 0.5 })],
    ['the source of a fact', () => withHouse({ fieldSources: { sqft: { ...source, source: 'owner' } } })],
    ['whether it is simulated', () => withHouse({ fieldSources: { sqft: { ...source, simulated: true } } })],
    ['its confidence', () => withHouse({ fieldSources: { sqft: { ...source, confidence: 0.8 } } })],
    ['which fact it is the source of', () => withHouse({ fieldSources: { grade: source } })],
  ])('tells apart: %s', (_what, change) => {
    expect(hashOf(change())).not.toBe(before);
  });

  it('tells other weights apart', () => {
    expect(hashOf(given(), 'w2')).not.toBe(before);
  });

  it('does not look at when a fact was fetched or what it cost: they change no score', () => {
    const again = { ...source, fetchedAt: '2026-02-02T00:00:00Z', costMicros: 5 };
    expect(hashOf(withHouse({ fieldSources: { sqft: again } }))).toBe(before);
  });
});

function withoutSale(): ScoreInput {
  const input = given();
  return { ...input, comparables: { ...input.comparables, chosen: input.comparables.chosen.slice(1) } };
}
