import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawComparablesMap } from '../../../src/domain/memo/charts/comparables-map.ts';
import { drawContributionChart } from '../../../src/domain/memo/charts/contribution-chart.ts';
import { drawScoreDial } from '../../../src/domain/memo/charts/score-dial.ts';
import { spreadMarks } from '../../../src/domain/memo/charts/spread.ts';
import { drawTrendChart } from '../../../src/domain/memo/charts/trend-chart.ts';
import { drawValueChart } from '../../../src/domain/memo/charts/value-chart.ts';
import { priceTrend } from '../../../src/domain/memo/price-trend.ts';
import { sampleNearbySales } from '../../../src/domain/memo/sample-sales.ts';

const BAD = /NaN|Infinity|undefined|null/;

/** The place of a numbered mark on a map. */
function markOf(svg: string, number: number): { x: number; y: number; className: string } {
  const found = new RegExp(
    `cx="([\\d.-]+)" cy="([\\d.-]+)" r="[\\d.]+" class="(c-point[a-z-]*)"/><text[^>]*>${number}</text>`,
  ).exec(svg);
  return { x: Number(found?.[1]), y: Number(found?.[2]), className: found?.[3] ?? '' };
}

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

  it('say in words what they show, for those who do not see it', () => {
    const svg = drawValueChart({
      estimateCents: 71_100_000,
      lowCents: 65_200_000,
      highCents: 77_300_000,
      referenceCents: 61_900_000,
      referenceLabel: 'Asking price',
    });
    const words = 'Estimated value $711,000 (range $652,000 to $773,000) against asking price $619,000.';
    expect(svg).toContain(`<title>Value against price</title><desc>${words}</desc>`);
    expect(svg).toContain(`role="img" aria-label="Value against price. ${words}"`);
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
      { numRuns: 30 },
    );
  });

  it('fill the dial with the score, and leave it empty without one', () => {
    expect(drawScoreDial(72.4, 'Strong')).toContain('aria-label="Score. 72 of 100: Strong."');
    expect(drawScoreDial(null, 'Not scored')).not.toContain('class="c-dial"');
    for (const score of [-5, 0, 0.4, 50, 66.7, 100, 400, Number.NaN])
      expect(drawScoreDial(score, 'x')).not.toMatch(BAD);
  });
});

describe('the map of comparables', () => {
  const subject = { latitude: 47.6, longitude: -122.2 };
  const mile = 1_609.344 / 111_195;
  const north = (number: number, miles: number) => ({
    number,
    latitude: 47.6 + miles * mile,
    longitude: -122.2,
    weight: 0.2,
  });

  it('places to scale: twice as far is twice as far, north is up', () => {
    const svg = drawComparablesMap(subject, [north(1, 0.5), north(2, 1)]) ?? '';
    const [near, far] = [markOf(svg, 1), markOf(svg, 2)];
    expect(near.x).toBeCloseTo(150, 1);
    expect((136 - far.y) / (136 - near.y)).toBeCloseTo(2, 2);
    expect(svg).toMatch(/½ mi<.*1 mi</);
  });

  it('keeps one sale far out from pressing the rest together, and says which it is', () => {
    const points = [north(1, 0.2), north(2, -0.25), north(3, 0.3), north(4, -9)];
    const svg = drawComparablesMap(subject, points) ?? '';
    expect(136 - markOf(svg, 3).y).toBeGreaterThan(60);
    expect(markOf(svg, 4)).toMatchObject({ className: 'c-point-far' });
    expect(markOf(svg, 4).y).toBeLessThanOrEqual(262);
    expect(svg).toContain('Beyond the rings, at the edge: No. 4.');
  });

  it('draws state and county beside it, over the 180th meridian too', () => {
    const square = (west: number, south: number, size: number): Array<[number, number]> => [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
    ];
    const outlines = {
      state: { name: 'Alaska', rings: [square(-170, 52, 30), square(172, 52, 5)] },
      county: { name: 'Aleutians <West>', rings: [square(-170, 52, 4)] },
    };
    const svg =
      drawComparablesMap(
        { latitude: 53, longitude: -168 },
        [{ ...north(1, 0), latitude: 53.001, longitude: -168 }],
        outlines,
      ) ?? '';
    expect(svg).toContain('class="c-county"');
    expect(svg).toContain('Aleutians &lt;West&gt;');
    const land = /<path d="([^"]+)" class="c-land"/.exec(svg)?.[1] ?? '';
    const xs = [...land.matchAll(/([\d.-]+) [\d.-]+/g)].map((match) => Number(match[1]));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...xs)).toBeLessThanOrEqual(130);
  });

  it('is absent without places', () => {
    expect(drawComparablesMap({ latitude: null, longitude: null }, [])).toBeNull();
    expect(drawComparablesMap(subject, [{ number: 1, latitude: Number.NaN, longitude: 1, weight: null }])).toBeNull();
  });

  it('moves marks apart until none covers another, and always the same way', () => {
    const mark = fc.record({ x: fc.integer({ min: 60, max: 240 }), y: fc.integer({ min: 60, max: 200 }) });
    const fixed = { x: 150, y: 136, radius: 11 };
    const bounds = { left: 0, right: 300, top: 0, bottom: 272 };
    fc.assert(
      fc.property(fc.array(mark, { minLength: 1, maxLength: 8 }), (places) => {
        const marks = places.map((place, index) => ({ ...place, number: index + 1, radius: 9 }));
        const moved = spreadMarks(marks, fixed, bounds);
        expect(spreadMarks(marks, fixed, bounds)).toEqual(moved);
        for (const [index, a] of moved.entries()) {
          expect([a.x >= 0, a.x <= 300, a.y >= 0, a.y <= 272]).toEqual([true, true, true, true]);
          for (const b of moved.slice(index + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(16);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the trend of prices', () => {
  const level = { name: 'Asking price of this property', centsPerSqft: 33_600 };

  it('draws a point for each sale but the odd ends, and a knot for each quarter', () => {
    const trend = priceTrend(sampleNearbySales());
    const svg = drawTrendChart(trend, level) ?? '';
    expect(svg.match(/class="c-dot"/g)?.length).toBeGreaterThan(trend.points.length * 0.9);
    expect(svg.match(/class="c-knot"/g)).toHaveLength(trend.quarters.length);
    expect(svg).toContain('$ per sq ft');
    expect(svg).toContain('Asking price of this property $336/sq ft');
    expect(svg).not.toMatch(BAD);
  });

  it('is absent for fewer than five sales, and whole for any', () => {
    expect(drawTrendChart(priceTrend(sampleNearbySales().slice(0, 4)), level)).toBeNull();
    const sale = fc.record({
      closeDate: fc.constantFrom('2014-05-02', '2014-05-02', '2025-01-31', 'not a day', '2025-02-30'),
      closePriceCents: fc.constantFrom(0, 1, 50_000_000, 900_000_000_00, Number.NaN),
      sqft: fc.constantFrom(null, 0, 1, 1_500, Number.NaN),
      distanceMetres: fc.constant(10),
    });
    fc.assert(
      fc.property(fc.array(sale, { maxLength: 40 }), fc.option(fc.integer()), (sales, centsPerSqft) => {
        expect(drawTrendChart(priceTrend(sales), { ...level, centsPerSqft }) ?? '').not.toMatch(BAD);
      }),
      { numRuns: 60 },
    );
  });
});
