import { type RawBuilder, sql } from 'kysely';
import type { AdjustedComparable } from '../../domain/comparables/adjust.ts';
import { type ScoredSale, selectComparables } from '../../domain/comparables.ts';
import type { ScoringConfig } from '../../domain/scoring/config.ts';
import { roundedSale } from '../../domain/scoring/documents.ts';
import { explainScore } from '../../domain/scoring/explanation.ts';
import { readKeptInputs } from '../../domain/scoring/kept-inputs.ts';
import type { ScoreReason } from '../../domain/scoring/reasons.ts';
import type { Json } from '../tables.ts';
import type { TenantTrx } from '../tenant.ts';
import { nearestSales } from './comparables.ts';

/** Of a row of property_scores, what its explanation is made of. */
export interface ToExplain {
  birdDogScore: number;
  scoreComponents: Json | null;
  reasons: Json;
  featuresUsed: Json | null;
  inputs: Buffer | null;
  /** See `weightsToExplain`. */
  weights: Json | null;
}

/** The weights that a row of property_scores `s` was made with, where its explanation was not written down. */
export const weightsToExplain: RawBuilder<Json | null> = sql`(
  select w.document from scoring_weights w
  where s.inputs is not null and w.tenant_id = s.tenant_id and w.version = s.weights_version)`;

/** The row with its explanation, worked out where it was not written down, and without what that is made of. */
export function explained<Row extends ToExplain>(row: Row) {
  const { inputs, weights, scoreComponents, featuresUsed, ...others } = row;
  if (inputs === null) return { ...others, scoreComponents: scoreComponents!, featuresUsed: featuresUsed! };
  const { components, ...words } = explainScore(inputs, weights as unknown as ScoringConfig | null, {
    birdDogScore: row.birdDogScore,
    strongest: row.reasons as unknown as ScoreReason[],
  });
  return {
    ...others,
    scoreComponents: components as unknown as Json,
    reasons: words.reasons as unknown as Json,
    featuresUsed: words.featuresUsed as unknown as Json,
  };
}

/**
 * The sales that a score rests on, best first. Where they were not written down they are chosen again, for the house and
 * the day as they were; one that is on record no more is left out, and all are where another version kept them.
 */
export async function salesOfScore(trx: TenantTrx, scoreId: string): Promise<AdjustedComparable[]> {
  const row = await trx.db
    .selectFrom('propertyScores')
    .select(['comparables', 'inputs'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', scoreId)
    .executeTakeFirstOrThrow();
  if (row.inputs === null) return row.comparables as unknown as AdjustedComparable[];
  const input = readKeptInputs(row.inputs);
  if (input === null) return [];
  const { property, county, asOf, comparables } = input;
  const { latitude, longitude } = property;
  if (latitude === null || longitude === null) return [];
  const sales = await nearestSales(trx, { latitude, longitude }, asOf);
  const { chosen } = selectComparables(property, sales, asOf, { annualTrend: county.appreciationAnnual });
  const keyOf = (sale: ScoredSale) => `${sale.propertyId} ${sale.ageDays} ${sale.closePriceCents}`;
  const rested = new Set(comparables.chosen.map(keyOf));
  return chosen.filter((sale) => rested.has(keyOf(sale))).map(roundedSale);
}
