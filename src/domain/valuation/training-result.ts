/** Errors of a model on rows it never saw. All are fractions: 0.079 is 7.9%. */
export interface ValuationMetrics {
  rows: number;
  /** Median absolute percentage error. */
  mdape: number;
  within_10: number;
  within_20: number;
  /** 1 − SSE / SST of prices in dollars. */
  r2: number;
  /** Share of sales inside the 80% interval; null for models that give none. */
  coverage_50: number | null;
  coverage_80: number | null;
  coverage_90: number | null;
  /** Ratio study (IAAO): median of value / price, coefficient of dispersion, price-related differential and bias. */
  median_ratio: number;
  cod: number;
  prd: number;
  prb: number;
}

/** One try of the parameter search. */
export interface SearchTrial {
  /** 0-based order. */
  trial: number;
  /** `local` (the spatial part) or `boosting`. */
  part: string;
  parameters: Record<string, number | string>;
  /** Mean absolute error of the logarithm on the validation months inside the training part. */
  loss: number;
  chosen: boolean;
}

/** A baseline beside the model, on the same rows. */
export interface BaselineResult extends ValuationMetrics {
  description: string;
  /** Model's median absolute error minus the baseline's, with the 95% paired-bootstrap interval (2,000 resamples). */
  mdape_difference: { value: number; low: number; high: number };
}

/** Error within one group of the held-out sales. */
export interface GroupError {
  /** `price_band`, `neighborhood`, `age`. */
  by: string;
  group: string;
  rows: number;
  mdape: number;
  within_20: number;
  median_ratio: number;
}

/** Everything a training leaves behind beside the model itself. */
export interface TrainingReport {
  split: {
    kind: 'date' | 'share' | 'hash';
    testAfter: string | null;
    /** Parts that were held out in turn, each valued by models that had not learned from it. */
    parts: number;
    /** Sales to learn from (of the first part), and sales held out in all. */
    trainRows: number;
    testRows: number;
    note: string;
  };
  metrics: ValuationMetrics;
  baselines: Record<string, BaselineResult>;
  groups: GroupError[];
  trials: SearchTrial[];
  hyperparameters: Record<string, unknown>;
  seed: number;
  notes: string[];
}

/** A finished training: the artefact's bytes are the same for the same data, seed and code. */
export interface TrainedModel {
  market: string;
  version: string;
  featureNames: string[];
  /** Per feature: bin edges and shares of the training rows, for drift (PSI). The last share is that of missing values. */
  featureHistograms: Record<string, { edges: number[]; shares: number[] }>;
  dataFingerprint: string;
  dataRows: number;
  dataFrom: string | null;
  dataTo: string | null;
  codeVersion: string;
  report: TrainingReport;
  /** The model as stored: gzip of a JSON document. */
  artifact: Buffer;
}
