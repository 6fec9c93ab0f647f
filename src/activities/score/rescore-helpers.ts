import type { Counties } from '../../config/county-index.ts';
import type { ScoringConfig } from '../../domain/scoring/config.ts';
import type { RescoreBatch } from './rescore-batch.ts';

/** Other processes that score batches, each with its own connections, sales and models: one core does not bound a run. */
export interface RescoreHelpers {
  /** Batches that may be given at once. */
  readonly lanes: number;
  /**
   * Scores a batch in one of them, started when needed, by these weights and counties.
   * @returns how many properties got a new score
   * @throws ReosError `transient` when the process ended meanwhile: what it had not committed is not written
   */
  run(deps: { counties: Counties; scoring: ScoringConfig }, batch: RescoreBatch): Promise<number>;
}
