import type { DealAssumptions } from '../domain/deal/assumptions.ts';
import { ReosError } from '../domain/errors.ts';
import { assumptionsSchema, camelCased } from './scoring.ts';
import { nearestWord } from './suggest.ts';

/**
 * The assumptions with some of them replaced, each as `key=value` under the key of `config/scoring.yaml`
 * (`offer_rule=0.75`, `renovation_usd_per_sqft.moderate=55`).
 * @throws ReosError `validation` naming the pair, the nearest right key, or the bounds of the number
 */
export function withAssumptionOverrides(base: DealAssumptions, pairs: readonly string[]): DealAssumptions {
  const flat = new Map(flatten(snakeCased(base), ''));
  for (const pair of pairs) {
    const [key = '', text = ''] = pair.split(/=(.*)/s);
    if (!flat.has(key)) {
      const guess = nearestWord(key, [...flat.keys()]);
      const help = guess === null ? `Known: ${[...flat.keys()].join(', ')}.` : `Did you mean '${guess}'?`;
      throw new ReosError('validation', `--assume ${pair}: '${key}' is no assumption. ${help}`);
    }
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) {
      throw new ReosError('validation', `--assume ${pair}: '${text}' is not a number. Shares are written as 0.07.`);
    }
    flat.set(key, value);
  }
  const parsed = assumptionsSchema.safeParse(unflatten(flat));
  if (parsed.success) return camelCased(parsed.data);
  const [issue] = parsed.error.issues;
  throw new ReosError('validation', `--assume ${issue?.path.join('.')}: ${issue?.message}. Correct the number.`);
}

type Tree = { [key: string]: number | Tree };

function snakeCased(value: object): Tree {
  const name = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      name(key),
      typeof item === 'object' && item !== null ? snakeCased(item) : Number(item),
    ]),
  );
}

function flatten(tree: Tree, prefix: string): Array<[string, number]> {
  return Object.entries(tree).flatMap(
    ([key, item]): Array<[string, number]> =>
      typeof item === 'number' ? [[`${prefix}${key}`, item]] : flatten(item, `${prefix}${key}.`),
  );
}

function unflatten(flat: ReadonlyMap<string, number>): Tree {
  const tree: Tree = {};
  for (const [path, value] of flat) {
    const [first = '', second] = path.split('.');
    if (second === undefined) tree[first] = value;
    else tree[first] = { ...(typeof tree[first] === 'object' ? tree[first] : {}), [second]: value };
  }
  return tree;
}
