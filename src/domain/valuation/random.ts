/** A stream of numbers that is the same for the same seed on every machine. */
export interface Random {
  /** Whole number in [0, 2^32). */
  uint32(): number;
  /** Number in [0, 1), a multiple of 2^-32. */
  unit(): number;
  /** Whole number in [0, n), n ≤ 2^32; each within n / 2^32 of equally likely. */
  below(n: number): number;
}

/**
 * The generator xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state
 * filled from the seed by SplitMix with 32-bit words, as its authors advise. For resampling and splits, never for secrets.
 * @param seed any whole number; its low 32 bits count
 */
export function createRandom(seed: number): Random {
  let mix = seed | 0;
  const word = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = word();
  let b = word();
  let c = word();
  let d = word();
  const uint32 = (): number => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    uint32,
    unit: () => uint32() / 4_294_967_296,
    below: (n) => Math.floor((uint32() / 4_294_967_296) * n),
  };
}
