import type { ScoreComponent } from '../score.ts';

/** A stored score, as far as other weights need it. */
export type StoredComponents = ReadonlyArray<Pick<ScoreComponent, 'name' | 'score' | 'weight'>>;

/**
 * The score with other weights, 0–100, from the features' stored scores: the given weights replace those of the named
 * features, then all are shares again. Each feature's points are rounded to two decimals, as `scoreProperty` rounds them.
 * @param weights by feature, relative to the others' shares (which sum to 1); 0 leaves a feature out
 * @returns null when nothing has a weight any more
 */
export function scoreWithWeights(
  components: StoredComponents,
  weights: Readonly<Record<string, number>>,
): number | null {
  const weighted = components.map(({ name, score, weight }) => ({ score, weight: weights[name] ?? weight }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return null;
  const hundredths = weighted.reduce(
    (sum, { score, weight }) => sum + Math.round((weight / total) * score * 10_000),
    0,
  );
  return Math.min(100, Math.max(0, hundredths / 100));
}
