/** One of the templates that are tried against each other; its share is its weight among all weights. */
export interface Variant {
  name: string;
  template: string;
  weight: number;
}

/** Recipients that a variant must have reached before a difference is spoken of. */
export const MIN_RECIPIENTS = 30;
/** Differences as large by chance alone less often than this are called significant. */
export const SIGNIFICANCE = 0.05;

/**
 * The variant of a recipient: the same key always gets the same one, in shares as the weights say. Null without variants.
 * @param key what is drawn for, such as `contact:campaign:step`
 */
export function chooseVariant(variants: readonly Variant[], key: string): Variant | null {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let at = hashUnit(key) * total;
  for (const variant of variants) {
    at -= variant.weight;
    if (at < 0) return variant;
  }
  return variants.at(-1) ?? null;
}

/** 32-bit FNV-1a with murmur3's finishing steps, as a number in [0, 1). */
function hashUnit(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Two groups: how many, and how many of them did what is counted. */
export interface TwoGroups {
  first: { count: number; hits: number };
  second: { count: number; hits: number };
}

/**
 * Fisher's exact test, two-sided: the chance, were both groups alike, of a table at most as likely as this one, with
 * the sums of rows and columns as they are (R. A. Fisher, Statistical Methods for Research Workers, §21.02). 1 when
 * there is nothing to compare.
 */
export function fisherExact({ first, second }: TwoGroups): number {
  const hits = first.hits + second.hits;
  const total = first.count + second.count;
  const lowest = Math.max(0, hits - second.count);
  const highest = Math.min(hits, first.count);
  const logFactorial = logFactorials(total);
  const logChoose = (n: number, k: number) => logFactorial[n]! - logFactorial[k]! - logFactorial[n - k]!;
  const logChance = (k: number) =>
    logChoose(first.count, k) + logChoose(second.count, hits - k) - logChoose(total, hits);
  const observed = logChance(first.hits);
  let sum = 0;
  // Tables just as likely come out a rounding apart.
  for (let k = lowest; k <= highest; k += 1) if (logChance(k) <= observed + 1e-9) sum += Math.exp(logChance(k));
  return Math.min(1, sum);
}

function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let k = 2; k <= n; k += 1) logs[k] = logs[k - 1]! + Math.log(k);
  return logs;
}

/** What a variant came to: recipients it reached, and how many of them did what is counted. */
export interface VariantResult {
  variant: string;
  recipients: number;
  hits: number;
}

/** One variant held against the first one. `pValue` is corrected for the number of comparisons (Holm). */
export interface VariantComparison {
  variant: string;
  against: string;
  rate: number | null;
  againstRate: number | null;
  pValue: number;
  isSignificant: boolean;
  conclusion: string;
}

/**
 * Holds each variant against the first, by Fisher's exact test over recipients, corrected by Holm's method.
 * @param what what is counted, in the plural, such as `answers`
 */
export function compareVariants(results: readonly VariantResult[], what: string): VariantComparison[] {
  const [base, ...others] = results;
  if (base === undefined) return [];
  const raw = others.map((other) =>
    fisherExact({
      first: { count: base.recipients, hits: base.hits },
      second: { count: other.recipients, hits: other.hits },
    }),
  );
  const corrected = holm(raw);
  return others.map((other, index) => {
    const pValue = corrected[index]!;
    const isEnough = Math.min(base.recipients, other.recipients) >= MIN_RECIPIENTS;
    const isSignificant = isEnough && pValue < SIGNIFICANCE;
    const rate = rateOf(other);
    const againstRate = rateOf(base);
    const conclusion = !isEnough
      ? `Too early to tell: each variant needs ${MIN_RECIPIENTS} recipients, '${base.variant}' has ${base.recipients} and '${other.variant}' ${other.recipients}.`
      : isSignificant
        ? `'${(rate ?? 0) > (againstRate ?? 0) ? other.variant : base.variant}' brings more ${what}: a difference like this arises by chance in ${percent(pValue)} of such trials.`
        : `No difference in ${what} is shown: one like this arises by chance in ${percent(pValue)} of such trials. More recipients may show one.`;
    return { variant: other.variant, against: base.variant, rate, againstRate, pValue, isSignificant, conclusion };
  });
}

/** Holm's step-down correction; answers in the order of the input. */
function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    corrected[index] = largest;
  });
  return corrected;
}

const rateOf = ({ recipients, hits }: VariantResult): number | null => (recipients === 0 ? null : hits / recipients);

const percent = (share: number): string => `${share < 0.001 ? 'less than 0.1' : (share * 100).toFixed(1)}%`;
