/** Entries per unit of distance: so close that four terms of the series between them leave an error of a last bit. */
const STEPS = 256;
/** Distances up to here are looked up: farther ones are worth next to nothing and come seldom. */
const REACH = 32;
/** e^−distance in the middle of each step. */
const MIDDLES = Float64Array.from({ length: STEPS * REACH }, (_, step) => Math.exp(-(step + 0.5) / STEPS));

/** e^−distance for distances from 0, to within 5e-16 of itself, in half the time of `Math.exp`. */
export function decay(distance: number): number {
  if (!(distance < REACH)) return Math.exp(-distance);
  const step = (distance * STEPS) | 0;
  const x = (step + 0.5) / STEPS - distance;
  const square = x * x;
  return MIDDLES[step]! * (1 + x + square * (1 / 2 + x * (1 / 6) + square * (1 / 24)));
}
