import { sql } from 'kysely';
import type { AdjustedComparable } from '../../domain/comparables/adjust.ts';
import type { ComparableSale, Property } from '../../domain/property.ts';
import { scoreDocuments } from '../../domain/scoring/documents.ts';
import type { ScoreResult } from '../../domain/scoring/score.ts';
import type { TenantTrx } from '../tenant.ts';
import { nearestSales } from './comparables.ts';
import { explained, weightsToExplain } from './score-explanation.ts';

/** Close date of the newest arm's-length sale that the tenant knows in the county; null without one. */
export async function newestSaleDate(trx: TenantTrx, countyFips: string): Promise<string | null> {
  const row = await trx.db
    .selectFrom('sales')
    .select('closeDate')
    .where('tenantId', '=', trx.tenantId)
    .where('countyFips', '=', countyFips)
    .where('armsLength', '=', true)
    .orderBy('closeDate', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.closeDate ?? null;
}

/** The nearest sales of the two years before the date, the subject's own included, for `selectComparables`. */
export async function nearbySales(trx: TenantTrx, subject: Property, asOf: string): Promise<ComparableSale[]> {
  const { latitude, longitude } = subject;
  return latitude === null || longitude === null ? [] : nearestSales(trx, { latitude, longitude }, asOf);
}

/** A score with the hash of everything it was computed from. */
export interface NewScore {
  propertyId: string;
  inputsHash: string;
  result: ScoreResult;
  comparables: readonly AdjustedComparable[];
}

/**
 * Records a score as the property's newest, unless the last one came from the very same inputs. Returns whether it is new.
 */
export async function saveScore(trx: TenantTrx, score: NewScore): Promise<boolean> {
  const { result } = score;
  const last = await trx.db
    .selectFrom('propertyScores')
    .select('inputsHash')
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', score.propertyId)
    .orderBy('scoredAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isNew = last?.inputsHash !== score.inputsHash;
  if (isNew) {
    const documents = scoreDocuments(result, score.comparables);
    await trx.db
      .insertInto('propertyScores')
      .values({
        tenantId: trx.tenantId,
        propertyId: score.propertyId,
        birdDogScore: result.birdDogScore,
        investmentScore: result.investmentScore,
        riskScore: result.riskScore,
        roiEstimate: result.roiEstimate,
        confidence: result.confidence,
        estimatedValueCents: result.estimatedValueCents,
        valueLowCents: result.valueLowCents,
        valueHighCents: result.valueHighCents,
        referencePriceCents: result.referencePriceCents,
        referencePriceKind: result.referencePriceKind,
        asOf: result.asOf,
        scoreComponents: documents.components,
        reasons: documents.reasons,
        featuresUsed: documents.features,
        comparables: documents.comparables,
        weightsVersion: result.weightsVersion,
        modelVersion: result.modelVersion,
        inputsHash: score.inputsHash,
      })
      .execute();
  }
  await trx.db
    .updateTable('properties')
    .set({
      birdDogScore: result.birdDogScore,
      estimatedValueCents: result.estimatedValueCents,
      // What discovery flagged stays flagged until a person has looked.
      needsReview: sql<boolean>`needs_review or ${result.needsReview}`,
      rescoreRequestedAt: null,
      updatedAt: sql`now()`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', score.propertyId)
    .execute();
  return isNew;
}

/** A score with its explanation. The sales it rests on: `salesOfScore`. */
export type ExplainedScore = NonNullable<Awaited<ReturnType<typeof latestScore>>>;

/** The newest score of a property, with its explanation; undefined before the first. */
export async function latestScore(trx: TenantTrx, propertyId: string) {
  const row = await trx.db
    .selectFrom('propertyScores as s')
    .selectAll('s')
    .select(weightsToExplain.as('weights'))
    .where('s.tenantId', '=', trx.tenantId)
    .where('s.propertyId', '=', propertyId)
    .orderBy('s.scoredAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { comparables: _, ...score } = explained(row);
  return score;
}

/** Every score of a property, newest first, without the documents that explain it. */
export function scoreHistory(trx: TenantTrx, propertyId: string, limit = 200) {
  return trx.db
    .selectFrom('propertyScores')
    .select([
      'id',
      'birdDogScore',
      'investmentScore',
      'riskScore',
      'roiEstimate',
      'confidence',
      'estimatedValueCents',
      'valueLowCents',
      'valueHighCents',
      'referencePriceCents',
      'referencePriceKind',
      'asOf',
      'weightsVersion',
      'modelVersion',
      'scoredAt',
    ])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('scoredAt', 'desc')
    .limit(limit)
    .execute();
}
