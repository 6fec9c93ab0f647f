import { describe, expect, it } from 'vitest';
import { numberStrength } from '../../../src/domain/valuation/hedonic.ts';
import { createPlacer, learnMetric, parcelGroup, placesOf } from '../../../src/domain/valuation/location.ts';
import type { SaleRecord } from '../../../src/domain/valuation/sale-record.ts';
import { FIRST_DAY, fitMarket, inventMarket, subjectOf } from './market.ts';

const sales = inventMarket(8, 120);
const { hedonic, metric } = fitMarket(sales);
const { plan } = hedonic.full;

const withoutPlace = (list: readonly SaleRecord[], isLost: (i: number) => boolean) =>
  list.map((sale, i) => (isLost(i) ? { ...sale, facts: { ...sale.facts, latitude: null, longitude: null } } : sale));

function placeIn(of: typeof metric, subject: Parameters<ReturnType<typeof createPlacer>['place']>[0]) {
  const { dimensions, place } = createPlacer(of, plan);
  const out = new Float64Array(dimensions);
  return { isPlaced: place(subject, FIRST_DAY, out), at: [...out] };
}

describe('the space in which houses are alike', () => {
  it('has its middle in the middle of the sales', () => {
    const mean = (of: (sale: SaleRecord) => number) => sales.reduce((sum, sale) => sum + of(sale), 0) / sales.length;
    expect(metric.centre!.latitude).toBeCloseTo(
      mean(({ facts }) => facts.latitude!),
      10,
    );
    expect(metric.centre!.longitude).toBeCloseTo(
      mean(({ facts }) => facts.longitude!),
      10,
    );
  });

  it('measures place in kilometres, whatever the latitude', () => {
    const { latitude, longitude } = metric.centre!;
    expect(placeIn(metric, subjectOf({ latitude, longitude })).at.slice(0, 2)).toEqual([0, 0]);
    const [east, north] = placeIn(metric, subjectOf({ latitude: latitude + 0.01, longitude: longitude + 0.01 })).at;
    expect(north).toBeCloseTo(1.1132, 3);
    expect(east).toBeCloseTo(1.1132 * Math.cos((latitude * Math.PI) / 180), 3);
  });

  it('puts a house without coordinates at its postal code’s middle; without one nowhere', () => {
    const zip = sales[0]!.facts.zipCode!;
    const { latitude, longitude } = metric.postalPlaces[zip]!;
    const known = placeIn(metric, subjectOf({ latitude, longitude, zipCode: zip }));
    expect(placeIn(metric, subjectOf({ zipCode: zip }))).toEqual(known);
    expect(known.isPlaced).toBe(true);
    for (const zipCode of [null, '00000']) expect(placeIn(metric, subjectOf({ zipCode })).isPlaced).toBe(false);
  });

  it('has no place when more than three in ten sales lack coordinates', () => {
    const mostly = learnMetric(hedonic.full, placesOf(withoutPlace(sales, (i) => i % 10 < 3)));
    expect(mostly.centre).not.toBeNull();
    const seldom = learnMetric(hedonic.full, placesOf(withoutPlace(sales, (i) => i % 10 < 4)));
    expect([seldom.centre, seldom.postalPlaces]).toEqual([null, {}]);
    expect(placeIn(seldom, subjectOf()).isPlaced).toBe(true);
    expect(learnMetric(hedonic.full, placesOf([])).centre).toBeNull();
  });

  it('gives the strongest trait the longest deviation and no trait of place any', () => {
    expect(metric.traits.length).toBeLessThanOrEqual(8);
    const names = metric.traits.map(({ column }) => plan.numbers[column]!.name);
    for (const name of ['latitude', 'longitude', 'effectiveAge']) expect(names).not.toContain(name);
    const strengths = metric.traits.map(({ column }) => numberStrength(hedonic.full, column));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    expect(metric.traits[0]!.length).toBeCloseTo(0.6, 12);
    for (const { length } of metric.traits) expect(length).toBeGreaterThanOrEqual(0.27 - 1e-12);
  });

  it('a trait that is unknown or average lies at 0', () => {
    const { at } = placeIn(metric, subjectOf());
    expect(at.every((value) => value === 0)).toBe(true);
  });

  it('reads named places only where there are no coordinates', () => {
    expect(metric.effects).toEqual([]);
    const named = learnMetric(hedonic.full, placesOf(withoutPlace(sales, () => true)));
    expect(named.effects.map(({ column }) => plan.categories[column]!.name)).toEqual(['zipCode', 'subdivision']);
    const [zip] = named.effects;
    const level = Object.keys(zip!.effects)[0]!;
    const { at } = placeIn(named, subjectOf({ zipCode: level }));
    expect(at[named.traits.length]).toBeCloseTo(4 * zip!.effects[level]!, 12);
    expect(placeIn(named, subjectOf({ zipCode: '00000' })).at[named.traits.length]).toBe(0);
  });
});

describe('the part of a parcel number that neighbours share', () => {
  it.each([
    ['0123456789', '012345'],
    ['1000001', '100'],
    ['30AB0001', '30AB'],
    ['123456', null],
    ['12 Main Street', null],
    ['12-34-5678', null],
    [null, null],
  ])('of %s is %s', (parcel, group) => {
    expect(parcelGroup(parcel)).toBe(group);
  });
});
