import { basename, resolve } from 'node:path';
import { loadRecipes } from '../../activities/discover/recipe-load.ts';
import { checkStandard, IAAO_MIN_SALES, type StandardCheck } from '../../domain/valuation/ratio-standard.ts';
import { type RatioStudy, ratioStudy, ratioStudyTrimmed } from '../../domain/valuation/ratio-study.ts';
import { type AssessedSale, type AssessedSales, readAssessedSales } from '../assessed-sales.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';

/** `reos ratio-study FILE`: how well assessed values meet the prices that were paid, held against the IAAO standard. */
export const ratioStudyVerb: Verb = {
  localOnly: 'It reads a file of this machine and needs no server: leave out --api.',
  describe: (command) =>
    command
      .description('Hold assessed values against sale prices: median ratio, COD, PRD, PRB, and the IAAO standard')
      .argument('<file>', 'a file of sales with an assessed value per row')
      .option('--value-column <name>', 'header of the assessed value (default: recognised)')
      .option('--price-column <name>', 'header of the sale price (default: recognised)')
      .option('--trim', 'without ratios beyond the quartiles by more than 3 times their distance')
      .option('--all', "every row with a price and a value, arm's length or not")
      .addHelpText('after', '\nExample:\n  $ reos ratio-study assessments.csv --trim'),
  async run({ settings, output }, [file], options) {
    const path = resolve(file!);
    const read = await readAssessedSales(path, {
      recipes: await loadRecipes(settings.configDir),
      valueColumn: options.valueColumn as string | undefined,
      priceColumn: options.priceColumn as string | undefined,
      keepAll: options.all === true,
    });
    const values = read.sales.map(({ value }) => value);
    const prices = read.sales.map(({ price }) => price);
    const study = options.trim === true ? ratioStudyTrimmed(values, prices) : ratioStudy(values, prices);
    const checks = checkStandard(study);
    const extremes = extremesOf(read.sales);
    const notes = [...read.notes];
    if (study.count < IAAO_MIN_SALES)
      notes.push(`Fewer than ${IAAO_MIN_SALES} sales say nothing reliable about a whole area.`);
    output.answer(
      {
        file: basename(path),
        value_column: read.valueColumn,
        price_column: read.priceColumn,
        rows: read.rows,
        left_out: read.leftOut,
        ...study,
        standards: checks.map(({ surelyMissed, ...check }) => ({ ...check, surely_missed: surelyMissed })),
        extremes,
        notes,
      },
      textOf(basename(path), study, checks, read, extremes, notes),
    );
  },
};

/** The three lowest and the three highest ratios: where an error of the file shows first. */
function extremesOf(sales: readonly AssessedSale[]): AssessedSale[] {
  const byRatio = [...sales].sort((a, b) => a.ratio - b.ratio || a.row - b.row);
  return byRatio.length <= 6 ? byRatio : [...byRatio.slice(0, 3), ...byRatio.slice(-3)];
}

const NAMES = {
  median_ratio: 'median ratio',
  mean_ratio: 'mean ratio',
  weighted_mean: 'weighted mean',
  cod: 'COD',
  prd: 'PRD',
  prb: 'PRB',
} as const;

function textOf(
  source: string,
  study: RatioStudy & { trimmed?: number },
  checks: readonly StandardCheck[],
  read: AssessedSales,
  extremes: readonly AssessedSale[],
  notes: readonly string[],
): string {
  const lines = (Object.keys(NAMES) as Array<keyof typeof NAMES>).map((measure) => {
    const digits = measure === 'cod' ? 2 : 4;
    const show = (value: number) => (Number.isNaN(value) ? 'unknown' : value.toFixed(digits));
    const { low, high } = study.intervals[measure];
    const check = checks.find((one) => one.measure === measure);
    return {
      measure: NAMES[measure],
      value: show(study[measure]),
      '95% confidence': `${show(low)} to ${show(high)}`,
      'IAAO range': check === undefined ? '' : `${check.low} to ${check.high}`,
      verdict: check === undefined ? '' : verdictOf(check),
    };
  });
  const left = Object.entries(read.leftOut).map(([reason, count]) => `left out: ${count} ${reason}`);
  const trimmed = study.trimmed === undefined ? [] : [`left out: ${study.trimmed} ratios beyond the outlier bounds`];
  return [
    `${source}: ${study.count} sales, "${read.valueColumn}" against "${read.priceColumn ?? ''}"`,
    ...left,
    ...trimmed,
    '',
    table(lines, ['measure', 'value', '95% confidence', 'IAAO range', 'verdict']),
    '',
    'Lowest and highest ratios:',
    table(
      extremes.map((one) => ({ ...one, ratio: one.ratio.toFixed(3) })),
      ['row', 'parcel', 'value', 'price', 'ratio'],
    ),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function verdictOf({ met, surelyMissed, meaning }: StandardCheck): string {
  if (met) return 'met';
  return `${surelyMissed ? 'not met' : 'not met, within chance'}: ${meaning}`;
}
