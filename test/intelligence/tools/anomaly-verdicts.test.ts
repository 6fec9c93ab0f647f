import { describe, expect, it } from 'vitest';
import { seasonOfPeriods } from '../../../src/domain/market/detect-season.ts';
import { shiftDays } from '../../../src/intelligence/periods.ts';
import { judgeAlongside, judgeFigure } from '../../../src/intelligence/tools/anomaly-verdicts.ts';
import { SCAN_PERIODS, type Scan } from '../../../src/intelligence/tools/market-scan.ts';

/** A scan of so many flat markets with two figures alongside; what is remembered is counted. */
function scanOf(markets: number) {
  const kept = new Map<string, unknown[]>();
  const made: string[] = [];
  const periods = Array.from({ length: SCAN_PERIODS }, (_, at) => shiftDays('2024-01-01', 7 * at));
  const series = () => Array.from({ length: markets }, () => new Float64Array(SCAN_PERIODS).fill(100));
  const scan: Scan = {
    asOf: '2026-03-10',
    periods,
    season: seasonOfPeriods(periods, 'week'),
    first: SCAN_PERIODS - 8,
    markets: [],
    dataThrough: null,
    notes: [],
    alongside: [
      { metric: 'lead_to_offer_rate', values: series() },
      { metric: 'acceptance_rate', values: series() },
    ],
    async remember<T>(name: string, make: () => T[] | Promise<T[]>): Promise<T[]> {
      const found = kept.get(name);
      if (found !== undefined) return found as T[];
      made.push(name);
      const value = make();
      if (Array.isArray(value)) kept.set(name, value);
      else kept.set(name, await value);
      return value;
    },
  };
  return { scan, kept, made };
}

describe('figures beside those asked for', () => {
  it('are judged after the answer, once, in turns with other work', async () => {
    const { scan, kept, made } = scanOf(220);
    let turns = 0;
    const other = setInterval(() => {
      turns += 1;
    }, 0);
    judgeAlongside(scan);
    judgeAlongside(scan);
    expect([...kept.keys()]).toEqual(['judged alongside']);
    await expect.poll(() => kept.get('judged acceptance_rate')?.length, { timeout: 10_000 }).toBe(220);
    clearInterval(other);
    expect(turns).toBeGreaterThan(0);
    expect(made.filter((name) => name.startsWith('judged l') || name === 'judged acceptance_rate')).toEqual([
      'judged lead_to_offer_rate',
      'judged acceptance_rate',
    ]);
    const before = made.length;
    const verdicts = await judgeFigure(scan, 'acceptance_rate', scan.alongside[1]!.values);
    expect(made).toHaveLength(before);
    expect(verdicts[0]).toMatchObject({ known: SCAN_PERIODS, rows: [] });
  });
});
