import { createHash } from 'node:crypto';
import type { Fault } from '../support/fake-sendgrid.ts';

/** How often each fault meets a post, in percent; the rest goes well. */
export const FAULT_PERCENT = {
  slow_down: 10,
  server_error: 5,
  accept_then_hang: 3,
  accept_then_502: 2,
  reset: 2,
  accept_then_reset: 2,
  refuse: 2,
} as const satisfies Partial<Record<Fault, number>>;

export type ChaosFault = keyof typeof FAULT_PERCENT;

/** The names of the faults, in the order in which they are reported. */
export const CHAOS_FAULTS = Object.keys(FAULT_PERCENT) as ChaosFault[];

/** What the n-th post of a send meets: the same for the same seed. */
export function faultOf(seed: number, sendId: string, n: number): Fault {
  let left = fraction(`${seed}:fault:${sendId}:${n}`) * 100;
  for (const fault of CHAOS_FAULTS) {
    left -= FAULT_PERCENT[fault];
    if (left < 0) return fault;
  }
  return 'none';
}

/** A number from 0 to 1 (excluded) that the words alone decide. */
export function fraction(words: string): number {
  return createHash('sha256').update(words).digest().readUInt32BE(0) / 2 ** 32;
}

/** A uuid that the words alone decide. */
export function uuidOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Numbers from 0 to 1 (excluded), one after the other, the same for the same seed and name. */
export function drawer(seed: number, name: string): () => number {
  let n = 0;
  return () => fraction(`${seed}:${name}:${n++}`);
}

/** `count` ascending moments of a run, as shares of its work: one at random in each of as many equal parts of 0–0.97. */
export function moments(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, (_, index) => ((index + draw()) / count) * 0.97);
}
