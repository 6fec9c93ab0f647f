import type { Random } from '../../valuation/random.ts';

/** A standard normal draw (Box and Muller, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}

/** A number between the bounds. */
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random.unit();

/** Successes in `trials` independent ones. */
export function binomial(random: Random, trials: number, share: number): number {
  let count = 0;
  for (let at = 0; at < trials; at += 1) if (random.unit() < share) count += 1;
  return count;
}

/**
 * Noise that remembers: a first-order autoregression.
 * @param persistence share that is left after a week
 * @param sigma its lasting standard deviation
 */
export function memoryNoise(random: Random, persistence: number, sigma: number): () => number {
  let state = sigma * normal(random);
  return () => {
    state = persistence * state + sigma * Math.sqrt(1 - persistence ** 2) * normal(random);
    return state;
  };
}

/** The standard normal quantile, nearly: by the logistic curve (within 0.1 inside ±2). For laying values out evenly. */
export const spread = (p: number): number => Math.log(p / (1 - p)) / 1.702;

/** The indexes 0…n−1 in a random order (Fisher and Yates). */
export function shuffled(random: Random, n: number): number[] {
  const order = Array.from({ length: n }, (_, at) => at);
  for (let at = n - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
