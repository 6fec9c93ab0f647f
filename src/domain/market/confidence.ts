/** What is known about how well a figure is founded. */
export interface Footing {
  /** Rows, sales or periods behind it. */
  sampleSize: number;
  /** As many make the figure as good as it gets; half of them give a half. */
  enough: number;
  /** Days since the newest data; null when there is none. */
  ageDays: number | null;
  /** Older than this is stale. */
  freshDays: number;
  /** Share of the periods or rows looked at that had a value, 0–1; default 1. */
  coverage?: number;
}

/** How much a figure can be relied on, 0–1, and what takes from it. */
export interface Confidence {
  value: number;
  sample_size: number;
  reasons: string[];
}

/** Below this many a figure is given without confidence: it may be one house's story. */
export const LEAST_SAMPLE = 5;

/**
 * Confidence = sample × freshness × coverage, each 0–1: n / (n + enough/3) scaled to 1 at `enough` and 0 below five rows;
 * 1 while fresh, then falling by half for every further `freshDays`; the share of periods with a value. What takes more
 * than a tenth is said in words.
 */
export function confidenceOf({ sampleSize, enough, ageDays, freshDays, coverage = 1 }: Footing): Confidence {
  const reasons: string[] = [];
  const half = Math.max(1, enough / 3);
  const sample =
    sampleSize < LEAST_SAMPLE ? 0 : Math.min(1, (sampleSize / (sampleSize + half)) * ((enough + half) / enough));
  if (sampleSize < LEAST_SAMPLE) reasons.push(`only ${sampleSize} of at least ${LEAST_SAMPLE} needed`);
  else if (sample < 0.9) reasons.push(`small sample: ${sampleSize}, ${enough} would be enough`);
  const age = ageDays === null ? 0 : ageDays <= freshDays ? 1 : 0.5 ** ((ageDays - freshDays) / freshDays);
  if (ageDays === null) reasons.push('no data');
  else if (age < 0.9) reasons.push(`newest data is ${Math.round(ageDays)} days old; ${freshDays} is fresh`);
  if (coverage < 0.9) reasons.push(`${Math.round(coverage * 100)}% of the periods have a value`);
  const value = Math.max(0, Math.min(1, sample * age * Math.max(0, Math.min(1, coverage))));
  return { value, sample_size: sampleSize, reasons };
}
