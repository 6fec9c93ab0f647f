import { describe, expect, it } from 'vitest';
import { comparablesOf } from '../../src/api/routes/comparables.ts';
import { compareProperty } from '../../src/domain/comparables/compare.ts';
import { PROPERTY_FIELDS, type Property } from '../../src/domain/property.ts';
import { AS_OF, candidate, RULES, SUBJECT } from '../domain/comparables/samples.ts';

const property = {
  ...(Object.fromEntries(PROPERTY_FIELDS.map((field) => [field, null])) as unknown as Property),
  ...SUBJECT,
  countyFips: '53033',
};
type Sale = { close_price: number; adjusted_price: number; adjustments: Record<string, number> };

describe('reos comps --json', () => {
  const sales = [
    candidate('a', { sqft: 2200 }),
    candidate('b', { grade: 8 }),
    candidate('c'),
    candidate('far', { miles: 1.3 }),
  ];
  const found = compareProperty(SUBJECT, sales, AS_OF, RULES, { annualTrend: 0.05 });
  const json = comparablesOf(property, found, 'note');

  it('has the keys of the API, dollars and reasons', () => {
    expect(json).toMatchObject({ property_id: 'subject', as_of: AS_OF, steps_widened: [], why_not: null });
    expect(json['limits']).toEqual({ radius_miles: 0.5, months: 12, sqft_tolerance: 0.2 });
    expect(json['value']).toBe(found.estimate!.valueCents / 100);
    expect(Object.keys(json)).toEqual(expect.arrayContaining(['value_low', 'value_high', 'included', 'excluded']));
    expect((json['included'] as object[])[0]).toMatchObject({
      distance_metres: expect.any(Number),
      similarity: expect.any(Number),
      reasons: expect.arrayContaining([{ code: 'near', message: '0.2 mi away, within 0.5 mi.' }]),
    });
    expect(json['excluded']).toMatchObject([{ property_id: 'far', reasons: [{ code: 'too_far' }] }]);
  });

  it('has adjustments that sum to the adjusted price', () => {
    for (const sale of json['included'] as Sale[]) {
      expect(Object.keys(sale.adjustments)).toEqual(expect.arrayContaining(['time', 'distance', 'size', 'grade']));
      const cents = Object.values(sale.adjustments).reduce((sum, dollars) => sum + Math.round(dollars * 100), 0);
      expect(Math.round(sale.close_price * 100) + cents).toBe(Math.round(sale.adjusted_price * 100));
    }
  });
});
