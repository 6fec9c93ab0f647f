import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawComparablesMap } from '../../../src/domain/memo/charts/comparables-map.ts';
import { drawContributionChart } from '../../../src/domain/memo/charts/contribution-chart.ts';
import { drawValueChart } from '../../../src/domain/memo/charts/value-chart.ts';

const BAD = /NaN|Infinity|undefined|null/;

describe('charts', () => {
  it('draw the estimate for any prices, with finite coordinates', () => {
    const cents = fc.option(fc.integer({ min: 0, max: 10_000_000_000 }));
    fc.assert(
      fc.property(cents, cents, cents, cents, (estimateCents, lowCents, highCents, referenceCents) => {
        const svg = drawValueChart({
          estimateCents,
          lowCents,
          highCents,
          referenceCents,
          referenceLabel: 'Asking price',
        });
        if (estimateCents === null) expect(svg).toBeNull();
        else expect(svg).not.toMatch(BAD);
      }),
    );
  });

  it('draw contributions of either sign, the strongest first, and nothing for none', () => {
    expect(drawContributionChart([])).toBeNull();
    const svg = drawContributionChart([
      { name: 'Weak', points: 1 },
      { name: 'Strong', points: -9 },
    ]);
    expect(svg?.indexOf('Strong')).toBeLessThan(svg?.indexOf('Weak') ?? 0);
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.string(), points: fc.double() }), { minLength: 1 }), (rows) => {
        expect(drawContributionChart(rows.map((row) => ({ ...row, name: 'part' }))) ?? '').not.toMatch(BAD);
      }),
    );
  });

  it('place a comparable to the north above the subject and keep far ones inside', () => {
    const subject = { latitude: 47.6, longitude: -122.2 };
    const svg = drawComparablesMap(subject, [{ number: 1, latitude: 47.61, longitude: -122.2, weight: 0.5 }]) ?? '';
    const y = Number(/cx="150" cy="([\d.]+)"[^>]*class="c-point"/.exec(svg)?.[1]);
    expect(y).toBeGreaterThanOrEqual(10);
    expect(y).toBeLessThan(136);
    expect(drawComparablesMap({ latitude: null, longitude: null }, [])).toBeNull();
    expect(drawComparablesMap(subject, [{ number: 1, latitude: Number.NaN, longitude: 1, weight: null }])).toBeNull();
  });
});
