import { ReosError } from '../../../domain/errors.ts';
import { METRIC_NAMES } from '../../../domain/market/metrics.ts';
import { parseFigure } from './values.ts';
import { ZILLOW_METRICS } from './zillow-names.ts';

/** No month's rent is above this and no typical home's price is below it, dollars. */
const HIGHEST_RENT = 12_000;
/** Below this a figure is neither price nor rent (counts and shares come in the same layout), dollars. */
const LOWEST_RENT = 150;
/** Files begin with the nation or the largest place: its counts are so many times the usual one, its prices are not. */
const COUNT_RATIO = 8;
/** Of Zillow's dollar figures of homes, the home value index alone begins before this. */
const ONLY_VALUES_BEFORE = '2008-01-01';
/** Rents are published from January 2014 or 2015; monthly payments and other dollars of that size from other months. */
const RENT_BEGINS: readonly string[] = ['2014-01-01', '2015-01-01'];

/** @throws ReosError `validation` for a name that is no figure */
export function checkMetric(metric: string): string {
  const known = [...new Set([...METRIC_NAMES, ...ZILLOW_METRICS])].sort();
  if (known.includes(metric)) return metric;
  throw new ReosError('validation', `--metric ${metric}: there is no such figure. Figures: ${known.join(', ')}.`);
}

/**
 * What a file measures whose name does not say it, by the shape of its values: only where a single figure of Zillow's can
 * look like that.
 * @throws ReosError `validation` where it could be several, naming `--metric`
 */
export function measureByShape(
  file: string,
  sample: ReadonlyArray<readonly string[]>,
  columns: ReadonlyArray<{ index: number; period: string }>,
): string {
  const newest = newestValues(sample, columns);
  const middle = middleOf(newest);
  const isCount = newest.length >= 8 && middle > 0 && newest[0]! / middle >= COUNT_RATIO;
  const begins = columns.map(({ period }) => period).sort()[0] ?? '';
  if (!isCount && middle > HIGHEST_RENT && begins < ONLY_VALUES_BEFORE) return 'home_value_index';
  if (!isCount && middle >= LOWEST_RENT && middle <= HIGHEST_RENT && RENT_BEGINS.includes(begins)) return 'rent_index';
  const look = isCount
    ? 'are counts (the first row has many times the usual value): homes for sale, homes sold, new listings …'
    : middle > HIGHEST_RENT
      ? 'may be home values, list prices or sale prices'
      : middle >= LOWEST_RENT
        ? 'may be rents, monthly payments or counts'
        : 'are neither prices nor rents';
  throw new ReosError(
    'validation',
    `${file} does not say what it measures: its values (usually ${Number(middle.toPrecision(6))}, from ${begins}) ${look}. ` +
      `Keep the name that Zillow gave the file, or say it with --metric, such as --metric inventory_count. Figures: ${ZILLOW_METRICS.join(', ')}.`,
  );
}

const DOLLARS: readonly string[] = ['home_value_index', 'median_list_price', 'median_sale_price'];

/** @throws ReosError `validation` when the values of a file cannot be what its name says */
export function checkSize(
  file: string,
  metric: string,
  sample: ReadonlyArray<readonly string[]>,
  columns: ReadonlyArray<{ index: number; period: string }>,
): void {
  const newest = newestValues(sample, columns);
  if (newest.length === 0) return;
  const middle = middleOf(newest);
  const isWrong =
    (DOLLARS.includes(metric) && middle < 1_000) || (metric === 'list_to_sale_ratio' && (middle > 3 || middle < 0.3));
  if (!isWrong) return;
  throw new ReosError(
    'validation',
    `${file} is ${metric} by its name, but its usual value is ${Number(middle.toPrecision(6))}. Say what it measures with --metric.`,
  );
}

/** The newest value of each row, in the order of the file. */
function newestValues(sample: ReadonlyArray<readonly string[]>, columns: ReadonlyArray<{ index: number }>): number[] {
  return sample.flatMap((cells) => {
    for (let at = columns.length - 1; at >= 0; at -= 1) {
      const value = parseFigure(cells[columns[at]!.index] ?? '');
      if (typeof value === 'number') return [value];
    }
    return [];
  });
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
