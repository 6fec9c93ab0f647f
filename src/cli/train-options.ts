import { ReosError } from '../domain/errors.ts';

/** What `reos train` was asked, checked. */
export interface TrainPlan {
  file: string | undefined;
  county: string | undefined;
  market: string | undefined;
  testAfter: string | undefined;
  testShare: number | undefined;
  asOf: string | undefined;
  seed: number;
  trials: number | undefined;
  maps: string[];
  recipe: string | undefined;
  save: boolean;
  /** Only say what would be done. */
  dryRun: boolean;
  /** The columns are approved as they are proposed. */
  approve: boolean;
}

/** @throws ReosError `validation` naming the option */
export function readTrainPlan(options: Record<string, unknown>): TrainPlan {
  const testAfter = dayOption('--test-after', options.testAfter);
  const asOf = dayOption('--as-of', options.asOf);
  if (testAfter !== undefined && asOf !== undefined && asOf <= testAfter) {
    throw new ReosError('validation', `--as-of ${asOf} leaves no sale after --test-after ${testAfter} to test on.`);
  }
  return {
    file: textOption(options.sales),
    county: textOption(options.county),
    market: marketOption(options.market),
    testAfter,
    testShare: testAfter === undefined ? shareOption('--test-share', options.testShare) : undefined,
    asOf,
    seed: wholeOption('--seed', options.seed, 0, 2_147_483_647) ?? 7,
    trials: wholeOption('--trials', options.trials, 1, 1_000),
    maps: (options.map as string[] | undefined) ?? [],
    recipe: textOption(options.recipe),
    save: options.save !== false,
    dryRun: options.dryRun === true,
    approve: options.yes === true,
  };
}

/** @throws ReosError `validation` for anything that is no day of the calendar */
export function dayOption(option: string, value: unknown): string | undefined {
  const text = textOption(value);
  if (text === undefined) return undefined;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
  throw new ReosError('validation', `${option}: '${text}' is no date such as 2015-02-01.`);
}

/** @throws ReosError `validation` naming the option and its bounds */
export function wholeOption(option: string, value: unknown, min: number, max: number): number | undefined {
  const text = textOption(value);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new ReosError('validation', `${option}: '${text}' is not a whole number from ${min} to ${max}.`);
}

function shareOption(option: string, value: unknown): number | undefined {
  const text = textOption(value);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (number > 0 && number < 1) return number;
  throw new ReosError('validation', `${option}: '${text}' is not a share between 0 and 1, such as 0.2.`);
}

function marketOption(value: unknown): string | undefined {
  const text = textOption(value);
  if (text === undefined || /^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new ReosError(
    'validation',
    `--market: '${text}' must be lower-case letters, digits and dashes, such as king-wa.`,
  );
}

function textOption(value: unknown): string | undefined {
  const text = value === undefined || value === null ? '' : String(value).trim();
  return text === '' ? undefined : text;
}
