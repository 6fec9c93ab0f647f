import type { ModelDetail } from '../db/queries/models.ts';
import type { TenantTrx } from '../db/tenant.ts';
import type { ComparableRules } from '../domain/comparables/rules.ts';
import type { Property } from '../domain/property.ts';
import type { ScoringConfig } from '../domain/scoring/config.ts';
import type { ScoreInput } from '../domain/scoring/feature.ts';
import type { ScoreResult } from '../domain/scoring/score.ts';

/** Weights, rules and models that answer questions about a property. Nothing of it writes. */
export interface AnalysisDesk {
  /** As configured; a tenant's own take their place when it is scored. */
  weights: ScoringConfig;
  comparableRules: ComparableRules;
  /**
   * The weights with some assumptions replaced, each as `key=value`.
   * @throws ReosError `validation` naming the key
   */
  withAssumptions(pairs: readonly string[]): ScoringConfig;
  /** The score as of now, by the tenant's own weights where it has some, what it was worked out from, and those weights. */
  score(
    trx: TenantTrx,
    property: Property,
    weights: ScoringConfig,
    now: Date,
  ): Promise<{ input: ScoreInput; result: ScoreResult; weights: ScoringConfig }>;
}

/** A source as the installation knows it. */
export interface KnownSource {
  name: string;
  kind: 'listing_site' | 'file';
  countyFips: string | null;
  /** Whether it is crawled or read. */
  enabled: boolean;
  /** Why it is not; null when it is. */
  blockedReason: string | null;
}

/** How far the world has moved from what a model learned. */
export interface MeasuredDrift {
  /** Feature rows that were looked at. */
  rows: number;
  /** Largest first. */
  features: ReadonlyArray<{ feature: string; psi: number; level: string }>;
  /** On sales that closed after the model had valued the house; null without any. */
  outcomes: object | null;
  heldOutError: number;
  statements: string[];
}

/** Deciding about valuation models. */
export interface ModelDesk {
  /** Promotes when the rule says so, or with `forceReason` in any case; keeps the decision. */
  promote(
    tenantId: string,
    modelId: string,
    by: { source: string; forceReason: string | undefined },
  ): Promise<{ version: string; promote: boolean; statement: string; difference: object | null }>;
  /** How far properties and prices have moved from what a model learned; the measure is kept. */
  measureDrift(trx: TenantTrx, model: ModelDetail, now: Date): Promise<MeasuredDrift>;
}
