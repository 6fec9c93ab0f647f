import { describe, expect, it } from 'vitest';
import { median, priceTrend, quantile } from '../../../src/domain/memo/price-trend.ts';

const sale = (closeDate: string, dollars: number, sqft: number | null = 1_000) => ({
  closeDate,
  closePriceCents: dollars * 100,
  sqft,
  distanceMetres: 100,
});

describe('priceTrend', () => {
  it('takes the median of each quarter with three sales or more', () => {
    const trend = priceTrend([
      sale('2024-01-05', 300_000),
      sale('2024-03-31', 500_000),
      sale('2024-02-10', 320_000),
      sale('2024-04-01', 900_000),
      sale('2024-07-15', 410_000),
      sale('2024-09-30', 390_000),
      sale('2024-08-15', 400_000),
      sale('2024-08-16', 420_000),
    ]);
    expect(trend.quarters.map(({ name, count, centsPerSqft }) => [name, count, centsPerSqft])).toEqual([
      ['2024 Q1', 3, 32_000],
      ['2024 Q3', 4, 40_500],
    ]);
    expect(trend.points).toHaveLength(8);
  });

  it('leaves out sales without area, price or date', () => {
    expect(
      priceTrend([sale('2024-01-05', 1, null), sale('2024-01-05', 0), sale('soon', 5), sale('2024-01-05', 5, 0)]),
    ).toEqual({
      points: [],
      quarters: [],
    });
  });

  it('knows the middle and the shares of a list', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN]);
    expect([quantile([1, 2, 3, 4, 5], 0), quantile([1, 2, 3, 4, 5], 0.5), quantile([1, 2, 3, 4, 5], 1)]).toEqual([
      1, 3, 5,
    ]);
  });
});
