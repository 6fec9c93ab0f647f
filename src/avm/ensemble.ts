import type { Booster, LightGbm, Params } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';

/**
 * What a boosted model learns: the value from what the house itself states (`plain`), from the same what the hedonic value
 * misses (`onHedonic`), or from the whole row what the local value misses (`onLocal`). Their mistakes differ; their mean
 * is better than each.
 */
export const MEMBER_KINDS = ['plain', 'onHedonic', 'onLocal'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];
export type Rounds = Record<MemberKind, number>;

/** One boosted model. */
export interface Member {
  kind: MemberKind;
  booster: Booster;
}

/** What a value is mixed from: the members, and the two values that stand without trees. */
export const PARTS = [...MEMBER_KINDS, 'hedonic', 'local'] as const;
type Part = (typeof PARTS)[number];
/** How the parts are mixed; the shares sum to 1. */
export type Blend = Record<Part, number>;

/** The part of a matrix that values are made from. */
export type Rows = Pick<SalesMatrix, 'values' | 'columns' | 'plain' | 'local' | 'hedonic'>;

/** Rows [0, to) of a matrix to learn from; [to, validTo) to stop by. */
export interface FitRange {
  to: number;
  validTo?: number;
}

/** Least absolute error of the logarithm: it aims at the median, and wild prices do not pull it. */
const OBJECTIVE = { objective: 'regression_l1', metric: 'l1' };
const MOST_ROUNDS = 1_500;
const PATIENCE = 50;

/** Trains one member. With `validTo` it stops early on those rows; else it runs for so many rounds. */
export async function fitMember(
  lightgbm: LightGbm,
  matrix: SalesMatrix,
  range: FitRange,
  settings: { kind: MemberKind; seed: number; rounds: number },
  params: Params,
  signal?: AbortSignal,
): Promise<Member> {
  const { kind, seed } = settings;
  const { to, validTo } = range;
  const readsAll = kind === 'onLocal';
  const columns = readsAll ? matrix.columns : matrix.plain.length;
  const categorical = readsAll ? matrix.categorical : matrix.categorical.map((at) => matrix.plain.indexOf(at));
  const label = matrix.targets.map((target, i) => target - baseOf(kind, matrix.local[i]!, matrix.hedonic[i]!));
  const part = (from: number, end: number) => ({
    values: readerOf(matrix, from, end)(kind),
    rows: end - from,
    cols: columns,
    label: label.subarray(from, end),
    categorical,
  });
  const train = lightgbm.dataset(part(0, to));
  const valid = validTo === undefined ? null : lightgbm.dataset({ ...part(to, validTo), reference: train });
  try {
    const booster = await lightgbm.train({
      train,
      ...(valid === null ? {} : { valid, earlyStoppingRounds: PATIENCE }),
      params: { ...params, ...OBJECTIVE, seed },
      rounds: valid === null ? settings.rounds : MOST_ROUNDS,
      // Nothing may be left to correct; and of parameters on trial, those that find nothing lose.
      allowConstant: kind !== 'plain' || valid !== null,
      ...(signal === undefined ? {} : { signal }),
    });
    return { kind, booster };
  } finally {
    valid?.free();
    train.free();
  }
}

/** What a member's output is added to. */
export function baseOf(kind: MemberKind, local: number, hedonic: number): number {
  if (kind === 'plain') return 0;
  return kind === 'onLocal' ? local : hedonic;
}

/** Rows [from, to) as each kind of member reads them. */
export function readerOf(
  { values, columns, plain }: Pick<Rows, 'values' | 'columns' | 'plain'>,
  from: number,
  to: number,
): (kind: MemberKind) => Float64Array {
  let stated: Float64Array | null = null;
  return (kind) => {
    if (kind === 'onLocal') return values.subarray(from * columns, to * columns);
    stated ??= statedColumns();
    return stated;
  };

  function statedColumns(): Float64Array {
    const picked = new Float64Array((to - from) * plain.length);
    for (let row = from; row < to; row += 1) {
      const at = (row - from) * plain.length;
      for (let c = 0; c < plain.length; c += 1) picked[at + c] = values[row * columns + plain[c]!]!;
    }
    return picked;
  }
}

/** Every part on rows [from, to), without the level of prices. Zeros for a kind that has no member. */
export function predictParts(
  members: readonly Member[],
  rows: Rows,
  from: number,
  to: number,
): Record<Part, Float64Array> {
  const [local, hedonic] = [rows.local.subarray(from, to), rows.hedonic.subarray(from, to)];
  const read = readerOf(rows, from, to);
  const of = (kind: MemberKind) => {
    const member = members.find((each) => each.kind === kind);
    if (member === undefined) return new Float64Array(to - from);
    const raw = member.booster.predict(read(kind), to - from);
    return raw.map((value, i) => value + baseOf(kind, local[i]!, hedonic[i]!));
  };
  return { plain: of('plain'), onHedonic: of('onHedonic'), onLocal: of('onLocal'), hedonic, local };
}

/** The parts' logarithms mixed by their shares. */
export function mix(blend: Blend, parts: Record<Part, Float64Array>): Float64Array {
  const mixed = new Float64Array(parts.plain.length);
  for (const part of PARTS) {
    const [share, values] = [blend[part], parts[part]];
    if (share === 0) continue;
    for (let i = 0; i < mixed.length; i += 1) mixed[i] = mixed[i]! + share * values[i]!;
  }
  return mixed;
}

/** Mixtures that are this close to the best one are as good: what separates them is chance. */
const AS_GOOD = 1.005;
/** Of the tenths, so many go to parts with trees at least. */
const LEAST_TREES = 4;

/**
 * The mean of all shares, in tenths, whose mean absolute error of the logarithm on rows that the trees had not seen comes
 * within half a percent of the least: steadier than the best one alone. The trees keep at least four tenths.
 */
export function chooseBlend(parts: Record<Part, Float64Array>, targets: Float64Array): Blend {
  const tried = allBlends().map((blend) => ({ blend, loss: meanAbsoluteError(mix(blend, parts), targets) }));
  const least = Math.min(...tried.map(({ loss }) => loss));
  const good = tried.filter(({ loss }) => loss <= least * AS_GOOD);
  const mean = (part: Part) => good.reduce((sum, { blend }) => sum + blend[part], 0) / good.length;
  return blendOf(mean);
}

/** Mean absolute difference, in the unit of both. */
export function meanAbsoluteError(values: Float64Array, targets: Float64Array): number {
  return values.reduce((sum, value, i) => sum + Math.abs(value - targets[i]!), 0) / values.length;
}

const blendOf = (share: (part: Part) => number): Blend =>
  Object.fromEntries(PARTS.map((part) => [part, share(part)])) as Blend;

/** Every way to give out ten tenths. */
function allBlends(): Blend[] {
  const ways = (parts: number, tenths: number): number[][] =>
    parts === 1
      ? [[tenths]]
      : Array.from({ length: tenths + 1 }, (_, first) => first).flatMap((first) =>
          ways(parts - 1, tenths - first).map((rest) => [first, ...rest]),
        );
  return ways(PARTS.length, 10)
    .filter((tenths) => MEMBER_KINDS.reduce((sum, _, at) => sum + tenths[at]!, 0) >= LEAST_TREES)
    .map((tenths) => blendOf((part) => tenths[PARTS.indexOf(part)]! / 10));
}
