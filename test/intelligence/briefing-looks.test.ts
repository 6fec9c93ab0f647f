import { describe, expect, it } from 'vitest';
import { NO_WEIGHTS } from '../../src/domain/market/calibration.ts';
import { anomaliesLook } from '../../src/intelligence/briefing-look-anomalies.ts';
import { funnelLook } from '../../src/intelligence/briefing-look-funnel.ts';
import { marginLook } from '../../src/intelligence/briefing-look-margin.ts';
import { pricingLook } from '../../src/intelligence/briefing-look-pricing.ts';
import { findingMaker, type Look } from '../../src/intelligence/briefing-section.ts';
import {
  type DraftFinding,
  daysWorth,
  shareWorth,
  type Worth,
  withDollars,
} from '../../src/intelligence/briefing-worth.ts';

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
  it('says in dollars what values that are too high cost in a quarter of a year, and asks what too low ones do', () => {
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
    expect(findings[1]!.worth).toMatchObject({ change: { kind: 'offer_level', share: 0.08 } });
    expect(impact!.expected).toBeCloseTo((-0.08 * 400_000 * 100 * 91) / 180, 6);
    expect(impact!.low).toBeCloseTo((-0.1 * 400_000 * 100 * 91) / 180, 6);
    expect(impact!.high).toBeCloseTo((-0.06 * 400_000 * 100 * 91) / 180, 6);
    expect(none).toBeNull();
  });
});

const stepOf = (look: Look, answer: unknown) => ({ tool: look.tool, input: {}, answer, readings: [], error: null });
const read = (look: Look, answer: unknown) => look.read(answer, findingMaker(look, stepOf(look, answer), NO_WEIGHTS));

describe('the look at margins', () => {
  it('is as sure of a loss as its interval, not as sure as its data', () => {
    const market = (name: string, value: number, half: number) => ({
      market: name,
      homes: 50,
      expected_exits: 20,
      expected_margin: { value, low: value - half, high: value + half },
    });
    const { findings } = read(marginLook, {
      data_through: '2026-03-01',
      notes: [],
      horizon_weeks: 13,
      held_homes: 150,
      expected_exits: 60,
      expected_margin: { value: -1_410_000, low: -2_000_000, high: -800_000 },
      markets: [
        market('Sure, AZ', -1_400_000, 400_000),
        market('Open, AZ', -10_000, 400_000),
        market('Fine, AZ', 100, 400_000),
      ],
      confidence: { value: 1 },
    });
    expect(findings.map(({ market: name, severity }) => `${name}: ${severity}`)).toEqual([
      'Sure, AZ: CRITICAL',
      'Open, AZ: MEDIUM',
    ]);
    expect(findings[0]!.confidence).toBeGreaterThan(0.999);
    expect(findings[1]!.confidence).toBeGreaterThan(0.5);
    expect(findings[1]!.confidence).toBeLessThan(0.52);
  });
});

const anomaly = (given: object) => ({
  market: 'Low, AZ',
  metric: 'median_sale_price',
  label: 'Median sale price',
  unit: 'usd',
  direction: 'down',
  severity: 'HIGH',
  period: '2026-03-02',
  observed: 340_000,
  expected: 400_000,
  change: -0.15,
  robust_z: -6,
  started: '2026-02-16',
  ended: null,
  confidence: { value: 0.9 },
  ...given,
});
const anomalies = (list: object[], gaps: object[] = [], few: object[] = []) => ({
  data_through: '2026-03-02',
  notes: [],
  markets: 3,
  series_judged: 30,
  anomalies: list,
  gaps,
  not_judged: few,
});

describe('the look at anomalies', () => {
  it('makes a packet of what goes on and costs money, one for each figure, with what it amounts to', () => {
    const { findings, checked } = read(
      anomaliesLook,
      anomalies([
        anomaly({}),
        anomaly({ direction: 'up', change: 0.2 }),
        anomaly({ metric: 'inventory_count', direction: 'up' }),
        anomaly({ metric: 'days_on_market', direction: 'up', observed: 50, expected: 30, unit: 'days' }),
        anomaly({ market: 'Over, AZ', ended: '2026-02-23' }),
      ]),
    );
    expect(findings.map(({ market, detail }) => [market, detail])).toEqual([
      ['Low, AZ', 'median_sale_price'],
      ['Low, AZ', 'days_on_market'],
    ]);
    expect(findings.map(({ worth }) => worth)).toMatchObject([
      { change: { kind: 'sale_price', share: -0.15 } },
      { change: { kind: 'days_held', days: 20 } },
    ]);
    expect(checked).toBe('all');
  });

  it('heals nothing that it could not judge, and tells a stopped feed once', () => {
    const gap = (market: string) => ({ market, metrics: ['homes_sold'], from: '2026-02-23', is_open: true });
    const few = read(
      anomaliesLook,
      anomalies([anomaly({ market: 'Over, AZ', ended: '2026-02-23' })], [gap('Off, AZ')]),
    );
    expect(few.findings.map(({ issue }) => issue)).toEqual([
      'Off, AZ has had no homes_sold since 2026-02-23: a feed may have stopped',
    ]);
    expect(few.checked).toEqual(new Set(['Over, AZ']));
    const many = read(
      anomaliesLook,
      anomalies(
        [],
        Array.from({ length: 900 }, (_, n) => gap(`Market ${n}`)),
      ),
    );
    expect(many.findings).toHaveLength(1);
    expect(many.findings[0]).toMatchObject({ market: null, severity: 'HIGH' });
  });
});

describe('the look at the funnel', () => {
  it('makes a packet of each step that dropped, with the dollars that it lost', () => {
    const span = (value: number) => ({ value, low: value / 2, high: value * 2 });
    const step = (name: string, isDrop: boolean) => ({
      step: name,
      trials: 200,
      rate: span(0.2),
      expected_rate: 0.4,
      p_value: 1e-5,
      is_drop: isDrop,
      lost_closes: span(12),
      lost_value: span(250_000),
    });
    const { findings } = read(funnelLook, {
      data_through: '2026-03-01',
      notes: [],
      markets_compared: 3,
      drops: 1,
      lost_value: span(250_000),
      markets: [{ market: 'Low, AZ', weeks: 4, steps: [step('offer_to_accept', true), step('lead_to_offer', false)] }],
      confidence: { value: 0.8 },
    });
    expect(findings).toMatchObject([
      {
        market: 'Low, AZ',
        detail: 'offer_to_accept',
        severity: 'CRITICAL',
        impact: { low: -500_000, expected: -250_000, high: -125_000 },
      },
    ]);
  });
});

describe('dollars of findings', () => {
  const finding = (worth: Worth): DraftFinding => ({
    check: 'inventory_surge',
    market: 'Low, AZ',
    segment: 'all',
    detail: null,
    issue: 'Supply',
    severity: 'HIGH',
    tool: 'detect_inventory_surges',
    evidence: [],
    action: 'Sell.',
    impact: null,
    worth,
    statedConfidence: 0.9,
    confidence: 0.9,
    owner: null,
    expiresInDays: 7,
  });
  const tools = (answers: Record<string, unknown>) => {
    const asked: Array<[string, Record<string, unknown>]> = [];
    return {
      asked,
      async ask(tool: string, input: Record<string, unknown>) {
        asked.push([tool, input]);
        const answer = answers[tool];
        return { tool, input, answer, readings: [], error: answer === undefined ? 'nothing is known' : null };
      },
    };
  };
  const impact = { low: -30, expected: -20, high: -10 };

  it('are asked for by the change that the finding amounts to, which is among the evidence', async () => {
    const { asked, ask } = tools({ estimate_business_impact: { impact } });
    const [made] = await withDollars([finding(daysWorth(400, 'More days'))], ask);
    expect(asked).toEqual([
      ['estimate_business_impact', { market: 'Low, AZ', change: { kind: 'days_held', days: 180 }, weeks: 13 }],
    ]);
    expect(made).toMatchObject({ impact, evidence: [{ label: 'More days', value: 180, unit: 'days' }] });
    expect(made).not.toHaveProperty('worth');
  });

  it('of a risk are those of the forecast of its prices: the point a quarter of a year ahead against the newest level', async () => {
    const trend = (values: number[], ahead: number) => ({
      series: values.map((value) => ({ value })),
      forecast: [
        {
          figure: 'price',
          from: '2026-01-05',
          forecast: [
            { period: '2026-04-06', value: ahead },
            { period: '2026-04-13', value: 1 },
          ],
        },
      ],
    });
    const falling = tools({
      get_market_trend: trend([900, 100, 100, 100, 300], 90),
      estimate_business_impact: { impact },
    });
    const [made] = await withDollars([finding({ kind: 'forecast_price' })], falling.ask);
    expect(falling.asked[1]![1].change).toEqual({ kind: 'sale_price', share: expect.closeTo(-0.1, 9) });
    expect(made!.impact).toEqual(impact);
    const rising = tools({ get_market_trend: trend([100], 110), estimate_business_impact: { impact } });
    expect((await withDollars([finding({ kind: 'forecast_price' })], rising.ask))[0]!.impact).toBeNull();
    expect(rising.asked).toHaveLength(1);
  });

  it('stay unsaid where no tool can say them', async () => {
    const { ask } = tools({});
    const drafts = [finding({ kind: 'forecast_price' }), finding(shareWorth('sale_price', -0.1, 'Prices'))];
    for (const made of await withDollars(drafts, ask)) expect(made).toMatchObject({ impact: null, evidence: [] });
  });
});
