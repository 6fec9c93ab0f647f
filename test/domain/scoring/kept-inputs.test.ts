import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import { type FieldSource, PROPERTY_FIELDS } from '../../../src/domain/property.ts';
import { scoreDocuments } from '../../../src/domain/scoring/documents.ts';
import { explainScore } from '../../../src/domain/scoring/explanation.ts';
import type { ScoreInput } from '../../../src/domain/scoring/feature.ts';
import { keepInputs, readKeptInputs } from '../../../src/domain/scoring/kept-inputs.ts';
import { reckonScore, scoreProperty } from '../../../src/domain/scoring/score.ts';
import { anyCents, facts as anyFacts, anyWeights, avmValue, inputOf, maybe } from './random.ts';
import { house, inputFor } from './samples.ts';

const configured = loadScoringConfig(resolve('config/scoring.yaml'));
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
const hashOf = (input: ScoreInput, weights = 'w1') => keepInputs(input, weights).hash;
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

const anySource: fc.Arbitrary<FieldSource> = fc.record({
  source: fc.constantFrom('assessor', 'census', ''),
  fetchedAt: fc.constant('2026-01-01T00:00:00Z'),
  confidence: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)),
  costMicros: fc.constant(0),
  simulated: fc.boolean(),
});
const wild = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 1e15);
const anyInput = fc
  .record({
    facts: anyFacts,
    avm: maybe(avmValue),
    place: fc.constantFrom({ latitude: 47.5, longitude: -122.3 }, { latitude: null, longitude: null }),
    waterfront: maybe(fc.boolean()),
    grade: maybe(fc.oneof(fc.integer({ min: 1, max: 13 }), wild)),
    taxAnnualCents: maybe(fc.oneof(anyCents, wild)),
    publicRemarks: maybe(fc.string({ unit: 'grapheme' })),
    standardStatus: maybe(fc.string({ unit: 'grapheme' })),
    fieldSources: fc.dictionary(fc.constantFrom(...PROPERTY_FIELDS), anySource),
    heat: fc.oneof(fc.double({ min: 0, max: 1 }), wild),
    year: fc.constantFrom(2015, null),
  })
  .map(({ facts: known, avm: value, place, heat, year, ...others }): ScoreInput => {
    const input = inputOf({ ...known, ...place, ...others }, value);
    return { ...input, county: { ...input.county, marketHeat: heat, medianPriceYear: year } };
  });

describe('the inputs that are kept with a score', () => {
  it('give the same score with the same words, whatever they are', () => {
    fc.assert(
      fc.property(anyInput, anyWeights(configured), (input, weights) => {
        const again = readKeptInputs(keepInputs(input, 'w').bytes)!;
        expect(scoreProperty(again, weights)).toEqual(scoreProperty(input, weights));
      }),
      { numRuns: 300 },
    );
  });

  it('give the same hash again, but for who and where, which they do not keep', () => {
    const named = { apn: '1', address: '1 Main St', unit: '2', listingUrl: 'https://x', ownerName: 'Ann Doe' };
    const whole = withHouse({ ...named, publicRemarks: 'Ask for Ann Doe' });
    const { bytes, hash } = keepInputs(whole, 'w1');
    const again = readKeptInputs(bytes)!;
    expect(keepInputs(again, 'w1').bytes).toEqual(bytes);
    expect(keepInputs(again, 'w1').hash).not.toBe(hash);
    expect(Object.keys(named).map((field) => again.property[field as keyof typeof named])).toEqual(
      Object.keys(named).map(() => null),
    );
    for (const words of ['Ann Doe', 'Main St', 'https']) expect(bytes.includes(words)).toBe(false);
  });

  it('keep their bytes when others are kept after them', () => {
    const { bytes } = keepInputs(given(), 'w1');
    const before = Buffer.from(bytes);
    keepInputs(withHouse({ city: 'Elsewhere', sqft: 1 }), 'w1');
    expect(bytes).toEqual(before);
  });

  it('hold texts and comparables of any length', () => {
    const { chosen } = given().comparables;
    const many = { ...given().comparables, chosen: Array.from({ length: 300 }, () => chosen[0]!) };
    const long = { ...withHouse({ city: 'é漢𝄞'.repeat(20_000) }), comparables: many };
    const again = readKeptInputs(keepInputs(long, 'w1').bytes)!;
    expect(again.property.city).toBe(long.property.city);
    expect(again.comparables.chosen).toHaveLength(300);
    expect(again.asOf).toBe(long.asOf);
  });

  it('are not read in the form of another version, and refused when they are cut off', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('none of this')]) expect(readKeptInputs(bytes)).toBeNull();
    const { bytes } = keepInputs(given(), 'w');
    for (const length of [8, 99, bytes.readUInt32LE(4) * 8]) {
      expect(() => readKeptInputs(bytes.subarray(0, length))).toThrow(/cut off/);
    }
    bytes.writeUInt32LE(50, 4);
    expect(() => readKeptInputs(bytes)).toThrow(/end too soon/);
  });
});

describe('a score that is explained when somebody asks', () => {
  const { figures, explain, strongest } = reckonScore(given(), configured);
  const { bytes } = keepInputs(given(), 'w');
  const asked = { birdDogScore: figures.birdDogScore, strongest: strongest(3) };

  it('tells what would have been written down', () => {
    const written = scoreDocuments(explain(), []);
    const told = explainScore(bytes, configured, asked);
    expect(told.components).toEqual(JSON.parse(written.components));
    expect(told.reasons).toEqual(JSON.parse(written.reasons));
    expect(told.featuresUsed).toEqual(JSON.parse(written.features));
    expect(told.reasons.slice(0, 3)).toEqual(asked.strongest);
  });

  it.each([
    ['another formula made it', configured, figures.birdDogScore + 1],
    ['the weights are not on record', null, figures.birdDogScore],
    [
      'another version kept its inputs',
      configured,
      figures.birdDogScore,
      Buffer.concat([Buffer.alloc(4), bytes.subarray(4)]),
    ],
  ])(
    'says so when %s, instead of naming parts that are not its own',
    (_what, weights, birdDogScore, kept: Buffer = bytes) => {
      const told = explainScore(kept, weights, { ...asked, birdDogScore });
      expect(told).toMatchObject({ components: [], featuresUsed: {} });
      expect(told.reasons.map(({ code }) => code)).toEqual([
        ...asked.strongest.map(({ code }) => code),
        'other_formula',
      ]);
    },
  );

  it('names the strongest first, remarks only where there is room', () => {
    const all = explain().reasons;
    for (const most of [0, 1, 3, all.length, all.length + 5]) expect(strongest(most)).toEqual(all.slice(0, most));
  });
});
