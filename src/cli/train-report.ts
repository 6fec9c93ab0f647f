import { describeMapping } from '../activities/discover/sales-file.ts';
import type { SalesData } from '../domain/valuation/sale-record.ts';
import type { GroupError, TrainedModel, ValuationMetrics } from '../domain/valuation/training-result.ts';
import { table } from './output.ts';

/** A training as a person reads it: the data, the errors beside the baselines', the groups, the ratio study. */
export function trainingReport(data: SalesData, trained: TrainedModel, last: readonly string[]): string {
  const { report } = trained;
  const { split, metrics } = report;
  const tried = `${report.trials.length} parameter sets tried, seed ${report.seed}, ${trained.featureNames.length} features.`;
  return [
    describeMapping(data),
    '',
    `Model ${trained.version} of ${trained.market}: trained on ${split.trainRows} sales, tested on ${split.testRows}. ${split.note}`,
    tried,
    '',
    errorTable(metrics, report.baselines),
    '',
    'Difference: median error of the model less that of the baseline, in points, with its 95% interval. Below 0 the model is better.',
    '',
    `Intervals held: 50% ${share(metrics.coverage_50)}, 80% ${share(metrics.coverage_80)}, 90% ${share(metrics.coverage_90)} of the tested sales.`,
    `Ratio study: median ratio ${metrics.median_ratio.toFixed(3)}, COD ${(metrics.cod * 100).toFixed(1)}, PRD ${metrics.prd.toFixed(3)}, PRB ${metrics.prb.toFixed(3)}.`,
    ...groupTables(report.groups),
    ...report.notes.map((note) => `note: ${note}`),
    ...(last.length === 0 ? [] : ['', ...last]),
  ].join('\n');
}

/** A share as a percentage with one decimal; a dash for none. */
export const share = (value: number | null): string => (value === null ? '-' : `${(value * 100).toFixed(1)}%`);

function errorTable(metrics: ValuationMetrics, baselines: TrainedModel['report']['baselines']): string {
  const row = (name: string, m: ValuationMetrics, difference: string) => ({
    model: name,
    'median error': `${(m.mdape * 100).toFixed(2)}%`,
    'within 10%': share(m.within_10),
    'within 20%': share(m.within_20),
    'R²': m.r2.toFixed(3),
    difference,
  });
  const rows = Object.entries(baselines).map(([name, baseline]) => {
    const { value, low, high } = baseline.mdape_difference;
    return row(name, baseline, `${points(value)} (${points(low)} to ${points(high)})`);
  });
  const columns = ['model', 'median error', 'within 10%', 'within 20%', 'R²', 'difference'];
  return table([row('this model', metrics, ''), ...rows], columns);
}

function groupTables(groups: readonly GroupError[]): string[] {
  const kinds = [...new Set(groups.map(({ by }) => by))];
  return kinds.flatMap((kind) => {
    const rows = groups
      .filter(({ by }) => by === kind)
      .map(({ group, rows: n, mdape, within_20, median_ratio }) => ({
        [kind]: group,
        sales: n,
        'median error': share(mdape),
        'within 20%': share(within_20),
        'median ratio': median_ratio.toFixed(3),
      }));
    return ['', table(rows, [kind, 'sales', 'median error', 'within 20%', 'median ratio'])];
  });
}

const points = (value: number): string => `${value > 0 ? '+' : ''}${(value * 100).toFixed(2)}`;
