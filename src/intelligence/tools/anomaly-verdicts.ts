import { plainZ } from '../../domain/market/detect-plain.ts';
import { scaleOf } from '../../domain/market/detect-scale.ts';
import { expectedRange, type JudgedSeries, judgeSeries, severityOf } from '../../domain/market/detect-series.ts';
import { marketMetric } from '../../domain/market/metrics.ts';
import { SCAN_PERIODS, type Scan } from './market-scan.ts';

/** Periods in which an anomaly may be asked for. */
export const MOST_LOOKBACK = 52;

/** One figure of one market, judged over all periods that were read. */
export interface Verdict {
  known: number;
  /** The newest period with a verdict; −1 without one. */
  lastJudged: number;
  /** What stood out, each with the last period that belongs to it. */
  rows: Array<{ to: number; row: ReturnType<typeof anomaliesOf>[number] }>;
}

const judgedName = (metric: string) => `judged ${metric}`;

/** The verdicts on a figure of every market of the scan, kept while its series stay as they are. */
export function judgeFigure(scan: Scan, metric: string, series: readonly Float64Array[]): Promise<Verdict[]> {
  return scan.remember(judgedName(metric), () => judgeAll(scan, metric, series));
}

const judgeAll = (scan: Scan, metric: string, series: readonly Float64Array[]): Verdict[] =>
  series.map((values) => judgeOne(scan, metric, values));

function judgeOne(scan: Scan, metric: string, values: Float64Array): Verdict {
  const judged = judgeSeries(metric, values, scan.season, SCAN_PERIODS - MOST_LOOKBACK);
  const { episodes, known, scores } = judged;
  const rows = episodes.length === 0 ? [] : anomaliesOf(scan, metric, judged, plainZ(values));
  return {
    known,
    lastJudged: scores.z.findLastIndex((score) => !Number.isNaN(score)),
    rows: rows.map((row, index) => ({ to: episodes[index]!.to, row })),
  };
}

/** Series judged in one turn, between which others have theirs: some milliseconds. */
const A_TURN = 50;

/**
 * Has the figures that are kept beside those asked for judged after the answer, in turns with whatever else there is to do,
 * once for each state of the data: they will be asked for next.
 */
export function judgeAlongside(scan: Scan): void {
  if (scan.alongside.length === 0) return;
  const judge = async (metric: string, values: readonly Float64Array[]) => {
    const verdicts: Verdict[] = [];
    for (let from = 0; from < values.length; from += A_TURN) {
      await new Promise((resolve) => setImmediate(resolve));
      verdicts.push(...judgeAll(scan, metric, values.slice(from, from + A_TURN)));
    }
    return verdicts;
  };
  const all = async () => {
    let isFirst = false;
    await scan.remember('judged alongside', () => {
      isFirst = true;
      return [true];
    });
    if (!isFirst) return;
    for (const { metric, values } of scan.alongside) {
      await scan.remember(judgedName(metric), () => judge(metric, values));
    }
  };
  // What fails here fails again, and is told, where it is asked for.
  void all().catch(() => undefined);
}

function anomaliesOf(scan: Scan, metric: string, { scores, episodes }: JudgedSeries, plain: Float64Array) {
  const { label, unit } = marketMetric(metric)!;
  return episodes.map((episode) => {
    const at = episode.peakAt;
    const observed = scores.observed[at]!;
    const { expected, low, high } = expectedRange(metric, scores, at);
    return {
      metric,
      label,
      unit,
      direction: episode.direction > 0 ? ('up' as const) : ('down' as const),
      severity: severityOf(episode),
      period: scan.periods[at]!,
      observed,
      expected,
      expected_low: low,
      expected_high: high,
      change: scaleOf(metric).kind === 'share' ? observed - expected : observed / Math.max(expected, 1e-9) - 1,
      robust_z: scores.z[at]!,
      plain_z: Number.isNaN(plain[at]!) ? null : plain[at]!,
      strength: episode.strength,
      started: scan.periods[episode.from]!,
      alarmed: scan.periods[episode.alarmAt]!,
      ended: episode.isOpen ? null : scan.periods[episode.to]!,
    };
  });
}
