import { featureName } from '../../lib/feature-names.ts';
import { formatPercent } from '../../lib/format.ts';

/** One feature of the score with its present share. */
export interface Share {
  name: string;
  /** 0 to 1; the shares of a property sum to 1. */
  share: number;
}

/** Weights that differ from the present ones, by feature. */
export type Changes = Readonly<Record<string, number>>;

/** The features of a stored score, the heaviest first; what is not a list of features gives none. */
export function sharesOf(components: unknown): Share[] {
  if (!Array.isArray(components)) return [];
  return components
    .flatMap((one: unknown) => {
      const { name, weight } = (one ?? {}) as { name?: unknown; weight?: unknown };
      return typeof name === 'string' && typeof weight === 'number' ? [{ name, share: weight }] : [];
    })
    .sort((a, b) => b.share - a.share);
}

/** The changes as an address holds them: `flip_roi:0.2,flood_risk:0`. */
export function changesText(changes: Changes): string {
  return Object.entries(changes)
    .map(([name, weight]) => `${name}:${round(weight)}`)
    .join(',');
}

/** The changes of an address; what is no weight of a known feature is left out. */
export function changesOf(text: unknown, known: ReadonlySet<string>): Changes {
  if (typeof text !== 'string') return {};
  const pairs = text.split(',').map((part) => part.split(':'));
  const changes: Record<string, number> = {};
  for (const [name = '', value = ''] of pairs) {
    const weight = Number(value);
    if (known.has(name) && value !== '' && Number.isFinite(weight) && weight >= 0 && weight <= 1)
      changes[name] = weight;
  }
  return changes;
}

/** The changes with one more; the present share again takes a change back. */
export function withChange(changes: Changes, { name, share }: Share, weight: number): Changes {
  const { [name]: _before, ...others } = changes;
  const bounded = Math.min(1, Math.max(0, Number.isFinite(weight) ? weight : 0));
  return Math.abs(bounded - share) < 0.0005 ? others : { ...others, [name]: round(bounded) };
}

interface Ranked {
  rank_before: number;
  rank_after: number;
}

/** What other weights do to a ranking: how many move, by how much at most, and how many come into its first `top`. */
export function movesOf(items: readonly Ranked[], top: number) {
  const moved = items.filter((one) => one.rank_before !== one.rank_after);
  return {
    moved: moved.length,
    farthest: Math.max(0, ...moved.map((one) => Math.abs(one.rank_before - one.rank_after))),
    entering: items.filter((one) => one.rank_after <= top && one.rank_before > top).length,
  };
}

/** Changes in a sentence: `Return of a flip 20%, flood risk left out`. */
export function changedWords(changes: Changes): string {
  const words = Object.entries(changes).map(([name, weight]) =>
    weight === 0 ? `${featureName(name)} left out` : `${featureName(name)} ${formatPercent(weight)}`,
  );
  return words.map((text, index) => (index === 0 ? text : text.charAt(0).toLowerCase() + text.slice(1))).join(', ');
}

function round(weight: number): number {
  return Math.round(weight * 10_000) / 10_000;
}
