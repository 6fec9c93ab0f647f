import { plainEpisodes, plainZ } from '../detect-plain.ts';
import { seasonOfPeriods } from '../detect-season.ts';
import { findGaps, judgeSeries } from '../detect-series.ts';
import type { StatedAlarm } from './measure.ts';
import type { WorldRow } from './shape.ts';

/** The alarms of detection and of the plain z-score on the same rows. */
export interface BothAlarms {
  robust: StatedAlarm[];
  plain: StatedAlarm[];
}

/**
 * Every alarm on rows of mart.market_metrics in week `first` or later, by both methods. Both are told of gaps.
 * @param rows of all markets over the same weeks, by market and week
 * @param plainThreshold of the plain z-score
 */
export function alarmsOf(
  rows: readonly WorldRow[],
  metrics: readonly string[],
  first: number,
  plainThreshold?: number,
): BothAlarms {
  const byMarket = new Map<string, WorldRow[]>();
  for (const row of rows) {
    const name = String(row.market);
    const own = byMarket.get(name);
    if (own === undefined) byMarket.set(name, [row]);
    else own.push(row);
  }
  const both: BothAlarms = { robust: [], plain: [] };
  for (const [market, own] of byMarket) {
    const weeks = own.map((row) => String(row.week));
    const season = seasonOfPeriods(weeks, 'week');
    const gaps = new Set<string>();
    for (const metric of metrics) {
      const values = own.map((row) => (typeof row[metric] === 'number' ? row[metric] : Number.NaN));
      const stated = (one: { direction: 1 | -1; alarmAt: number; to: number }): StatedAlarm => ({
        market,
        metric,
        direction: one.direction,
        alarmWeek: weeks[one.alarmAt]!,
        to: weeks[one.to]!,
      });
      const { episodes } = judgeSeries(metric, values, season, first);
      both.robust.push(...episodes.filter(({ alarmAt }) => alarmAt >= first).map(stated));
      both.plain.push(...plainEpisodes(plainZ(values), first, plainThreshold).map(stated));
      for (const { from, to } of findGaps(values, first)) {
        // The same weeks missing in several figures are one gap.
        if (gaps.has(`${from} ${to}`)) continue;
        gaps.add(`${from} ${to}`);
        const gap: StatedAlarm = { ...stated({ direction: -1, alarmAt: from, to }), isGap: true };
        both.robust.push(gap);
        both.plain.push(gap);
      }
    }
  }
  return both;
}
