import type { ConfidenceWeights } from '../domain/market/calibration.ts';

/** A recommendation as it is written down. */
export interface LoggedRecommendation {
  id?: string;
  packet_id?: string | undefined;
  tool: string;
  market?: string | undefined;
  segment?: string | undefined;
  recommendation: string;
  /** 0–1: that it comes true. */
  predicted_probability: number;
  predicted_value?: number | undefined;
}

/** What was done, or what came of it. */
export interface RecordedOutcome {
  id: string;
  action_taken?: 'accepted' | 'rejected' | 'modified' | 'ignored' | undefined;
  /** Whether it came true. */
  outcome?: boolean | undefined;
  actual_value?: number | undefined;
  note?: string | undefined;
}

/** A row of mart.feedback_log. */
export interface FeedbackRow {
  id: string;
  tool: string;
  recommended_at: string;
  predicted_probability: number;
  predicted_value: number | null;
  action_taken: string | null;
  outcome: boolean | null;
  actual_value: number | null;
  prediction_accuracy: number | null;
}

/** One recalibration. */
export interface WeightsVersion {
  weights: ConfidenceWeights;
  outcomes: number;
  brierBefore: number | null;
  brierAfter: number | null;
  report: object;
  status: 'active' | 'rejected';
}

/** Feedback of one tenant, in Postgres. */
export interface FeedbackStore {
  log(recommendation: LoggedRecommendation, now: Date): Promise<FeedbackRow>;
  /** @throws ReosError `not_found` for an id that is not the tenant's */
  record(outcome: RecordedOutcome, now: Date): Promise<FeedbackRow>;
  /** Rows with an outcome, oldest first. */
  settled(since?: string): Promise<FeedbackRow[]>;
  /** Keeps a recalibration; an active one retires the one before. Returns its version. */
  keepWeights(version: WeightsVersion, now: Date): Promise<number>;
  /** The weights in use. */
  weights(): Promise<ConfidenceWeights>;
  /** Makes the version before the active one active again. Null when there is none. */
  rollback(now: Date): Promise<ConfidenceWeights | null>;
}
