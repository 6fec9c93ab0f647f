import { describe, expect, it } from 'vitest';
import { createFeatureRows } from '../../../src/domain/valuation/feature-row.ts';
import type { FeatureContext } from '../../../src/domain/valuation/features/feature.ts';
import { VALUATION_FEATURES } from '../../../src/domain/valuation/features/registry.ts';
import { buildMarketHistory, type MarketHistory } from '../../../src/domain/valuation/market-history.ts';
import { FIRST_DAY, factsOf, fitMarket, inventMarket, subjectOf } from './market.ts';

/** The house lies 0.02° north and 0.08° east of it; at 60° north a degree of longitude is half as long as one of latitude. */
const CENTRE = { latitude: 60, longitude: -122.3 };
const NORTH_KM = 0.02 * 111.32;
const EAST_KM = 0.08 * 111.32 * 0.5;
const radians = (degrees: number) => (degrees * Math.PI) / 180;
const along = (degrees: number) => EAST_KM * Math.cos(radians(degrees)) + NORTH_KM * Math.sin(radians(degrees));

/** What every registered feature says of the house below, worked out by hand. */
const EXPECTED: Readonly<Record<string, number>> = {
  living_area: 2000,
  lot_size: 9000,
  bedrooms: 4,
  bathrooms: 2.5,
  stories: 2,
  construction_grade: 8,
  condition: 3,
  waterfront: 1,
  age: 39.5,
  effective_age: 9.5,
  renovated: 1,
  lot_to_living_area: 4.5,
  living_area_per_bedroom: 500,
  bathrooms_per_bedroom: 0.625,
  living_area_per_story: 1000,
  graded_living_area: 16_000,
  latitude: 60.02,
  longitude: -122.22,
  map_axis_15: along(15),
  map_axis_30: along(30),
  map_axis_45: along(45),
  map_axis_60: along(60),
  map_axis_75: along(75),
  distance_to_center: Math.sqrt(EAST_KM ** 2 + NORTH_KM ** 2),
  postal_code: 98_004,
  parcel_group: 872,
  price_level: 0.05,
  hedonic_value: 13,
  near_premium: 0.1,
  near_doubt: 0.4,
  near_value: 13.1,
  like_premium: -0.02,
  like_doubt: 0.6,
  like_value: 12.98,
  local_value: 13.04,
  nearest_sale_distance: 0.7,
  price_per_sqft_around: 5.45,
  living_area_to_neighbors: Math.log(2000 / 1600),
  parcel_group_premium: 0.03,
  parcel_group_sales: 7,
  postal_code_premium: -0.04,
  subdivision_premium: 0.06,
  subdivision_sales: 12,
};

const sales = inventMarket(21, 60);
const history = buildMarketHistory(fitMarket(sales), sales);

function knownContext(): FeatureContext {
  const facts = factsOf({
    latitude: 60.02,
    longitude: -122.22,
    zipCode: '98004',
    sqft: 2000,
    lotSizeSqft: 9000,
    bedrooms: 4,
    bathrooms: 2.5,
    stories: 2,
    grade: 8,
    condition: 3,
    waterfront: true,
    yearBuilt: 1975,
    yearRenovated: 2005,
  });
  const centred: MarketHistory = {
    ...history,
    model: { ...history.model, metric: { ...history.model.metric, centre: CENTRE } },
  };
  const house = { parcel: '0008720012', facts: { ...facts }, extras: {} };
  return {
    subject: house,
    facts,
    day: FIRST_DAY,
    history: centred,
    age: 39.5,
    effectiveAge: 9.5,
    past: {
      house,
      sales: 60,
      hedonic: 13,
      level: 0.05,
      near: { premium: 0.1, doubt: 0.4 },
      wide: { premium: -0.02, doubt: 0.6 },
      neighbourLogSqft: Math.log(1600),
      neighbourLogPricePerSqft: 5.5,
      nearestDistance: 0.7,
      parcelGroup: { mean: 0.03, count: 7 },
      postalCode: { mean: -0.04, count: 90 },
      subdivision: { mean: 0.06, count: 12 },
    },
  };
}

describe('the features of a valuation', () => {
  it('each has its row in this table, and the table no other', () => {
    expect(Object.keys(EXPECTED)).toEqual(VALUATION_FEATURES.map(({ name }) => name));
  });

  it.each(VALUATION_FEATURES)('$name of a known house and its past', ({ name, compute }) => {
    expect(compute(knownContext())).toBeCloseTo(EXPECTED[name] ?? Number.NaN, 9);
  });

  it.each(VALUATION_FEATURES)('$name is $nullPolicy when nothing is known of the house', ({ compute, nullPolicy }) => {
    const subject = subjectOf();
    for (const day of [FIRST_DAY + 200, FIRST_DAY - 1]) {
      const past = history.view(subject, day);
      const value = compute({
        subject,
        facts: subject.facts,
        day,
        past,
        history,
        age: Number.NaN,
        effectiveAge: Number.NaN,
      });
      if (nullPolicy === 'missing') expect(value).toBeNaN();
      else expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('nothing known is no premium, full doubt and no count: the hedonic value alone', () => {
    const rows = createFeatureRows(history);
    const out = new Float64Array(rows.names.length);
    const past = rows.write(subjectOf(), FIRST_DAY + 200, out, 0);
    const cell = (name: string) => out[rows.names.indexOf(name)];
    for (const name of ['near_premium', 'like_premium', 'parcel_group_premium', 'postal_code_premium']) {
      expect(cell(name)).toBe(0);
    }
    expect([cell('near_doubt'), cell('like_doubt'), cell('subdivision_sales')]).toEqual([1, 1, 0]);
    expect(cell('local_value')).toBe(past.hedonic);
  });

  it('zeros and nonsense are unknown, not numbers', () => {
    const base = knownContext();
    const facts = { ...base.facts, sqft: 0, lotSizeSqft: -5, bedrooms: 0, bathrooms: Number.NaN, zipCode: 'K1A 0B1' };
    const featureOf = (name: string) =>
      VALUATION_FEATURES.find((feature) => feature.name === name)!.compute({
        ...base,
        facts,
        subject: { ...base.subject, parcel: '12 Main St' },
      });
    for (const name of [
      'living_area',
      'lot_size',
      'bathrooms',
      'lot_to_living_area',
      'living_area_per_bedroom',
      'bathrooms_per_bedroom',
      'living_area_per_story',
      'graded_living_area',
      'living_area_to_neighbors',
      'postal_code',
      'parcel_group',
    ]) {
      expect([name, featureOf(name)]).toEqual([name, Number.NaN]);
    }
    expect(featureOf('bedrooms')).toBe(0);
  });

  it('a house that was never renovated is told from one of which that is unknown', () => {
    const base = knownContext();
    const renovated = VALUATION_FEATURES.find(({ name }) => name === 'renovated')!;
    const featureOf = (yearBuilt: number | null, yearRenovated: number | null) =>
      renovated.compute({ ...base, facts: { ...base.facts, yearBuilt, yearRenovated } });
    expect([featureOf(1975, null), featureOf(1975, 0), featureOf(1975, 1975), featureOf(null, 2005)]).toEqual([
      0,
      0,
      0,
      Number.NaN,
    ]);
  });

  it('without coordinates in the market the map’s features are missing', () => {
    const base = knownContext();
    const metric = { ...history.model.metric, centre: null };
    const nowhere = { ...base, history: { ...history, model: { ...history.model, metric } } };
    for (const { name, compute } of VALUATION_FEATURES) {
      if (/^map_axis|^distance_to_center/.test(name)) expect(compute(nowhere)).toBeNaN();
    }
  });

  it('every feature says what it is: unit, source and meaning', () => {
    for (const { name, unit, source, meaning } of VALUATION_FEATURES) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect([unit, source, meaning].every((text) => text.trim().length > 0)).toBe(true);
    }
  });
});
