import { describe, expect, it } from 'vitest';
import { NO_WEIGHTS } from '../../src/domain/market/calibration.ts';
import { pricingLook } from '../../src/intelligence/briefing-look-pricing.ts';
import { findingMaker } from '../../src/intelligence/briefing-section.ts';

const group = (name: string, value: number) => ({
  group: name,
  pairs: 100,
  median_price: 400_000,
  bias: { value, low: value - 0.02, high: value + 0.02 },
  median_absolute_percentage_error: 0.1,
  within_10: 0.5,
  cod: 12,
});

describe('the look at pricing', () => {
  it('says in dollars what values that are too high cost in a quarter of a year; not what too low ones do', () => {
    const answer = {
      as_of: '2026-03-02',
      data_through: '2026-03-01',
      notes: [],
      overall: group('all', 0.01),
      groups: [group('High, AZ', 0.08), group('Low, AZ', -0.08), group('Right, AZ', 0.01)],
    };
    const step = { tool: pricingLook.tool, input: {}, answer, readings: [], error: null };
    const { findings } = pricingLook.read(answer, findingMaker(pricingLook, step, NO_WEIGHTS));
    expect(findings.map(({ market }) => market)).toEqual(['High, AZ', 'Low, AZ']);
    // 100 homes in 180 days at $400,000: $20,222,222 in 91 days.
    const [impact, none] = findings.map((finding) => finding.impact);
    expect(impact!.expected).toBeCloseTo((-0.08 * 400_000 * 100 * 91) / 180, 6);
    expect(impact!.low).toBeCloseTo((-0.1 * 400_000 * 100 * 91) / 180, 6);
    expect(impact!.high).toBeCloseTo((-0.06 * 400_000 * 100 * 91) / 180, 6);
    expect(none).toBeNull();
  });
});
