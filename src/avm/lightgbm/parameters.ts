import { ReosError } from '../../domain/errors.ts';

/** Parameters by LightGBM's names or aliases (https://lightgbm.readthedocs.io/en/v4.6.0/Parameters.html). */
export type Params = Record<string, string | number | boolean | readonly number[]>;

/** What makes training repeatable, quiet, and free in its choice of min_data_in_leaf after the data set is made. */
const defaults: Params = {
  verbosity: -1,
  deterministic: true,
  force_row_wise: true,
  feature_pre_filter: false,
  seed: 1,
};

/**
 * Parameters as the library reads them: `name=value` with spaces between, under its own names, sorted, defaults added.
 * @param names the library's name by alias
 * @throws ReosError 'validation' for an unknown name, a name given twice by aliases, and a value it cannot read
 */
export function parameterText(
  params: Params,
  names: ReadonlyMap<string, string>,
  fixed: { threads: number } & Params,
): string {
  const { threads, ...others } = fixed;
  const merged = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...defaults, num_threads: threads })) {
    merged.set(name, valueText(name, value));
  }
  const given = new Set<string>();
  for (const [word, value] of Object.entries({ ...params, ...others })) {
    const name = names.get(word);
    if (name === undefined) throw refuse(`knows no parameter '${word}'. ${nearest(word, names)}`, word);
    if (given.has(name)) throw refuse(`was given the parameter ${name} twice ('${word}' is another word for it)`, word);
    given.add(name);
    merged.set(name, valueText(word, value));
  }
  return [...merged]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, text]) => `${name}=${text}`)
    .join(' ');
}

function valueText(name: string, value: Params[string]): string {
  if (typeof value === 'string') {
    if (value !== '' && !/[\s=]/.test(value)) return value;
    throw refuse(`cannot read '${value}' as the value of ${name}: no spaces, no '=', not empty`, name);
  }
  const numbers = typeof value === 'object' ? value : [value];
  if (numbers.length > 0 && numbers.every((each) => typeof each === 'boolean' || Number.isFinite(each))) {
    return numbers.join(',');
  }
  throw refuse(`cannot read [${numbers.join(', ')}] as the value of ${name}: finite numbers are needed`, name);
}

function nearest(word: string, names: ReadonlyMap<string, string>): string {
  const near = [...names.keys()].filter((name) => sharedPairs(word, name) > 0.6);
  near.sort((left, right) => sharedPairs(word, right) - sharedPairs(word, left));
  return near.length > 0 ? `Did you mean ${near[0]}?` : 'Its list: https://lightgbm.readthedocs.io';
}

/** Dice coefficient over pairs of letters, 0 to 1. */
function sharedPairs(left: string, right: string): number {
  const pairs = (text: string) => Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2));
  const ofRight = pairs(right);
  const shared = pairs(left).filter((pair) => ofRight.includes(pair)).length;
  return (2 * shared) / Math.max(1, left.length + right.length - 2);
}

function refuse(what: string, parameter: string): ReosError {
  return new ReosError('validation', `LightGBM ${what}`, { details: { parameter } });
}
