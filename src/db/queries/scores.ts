import { sql } from 'kysely';
import { distanceMeters } from '../../domain/geo.ts';
import type { ComparableSale, Property } from '../../domain/property.ts';
import type { ScoreResult } from '../../domain/scoring/score.ts';
import { json } from '../json.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';

/** Nearest houses looked at, and how far back their sales may lie. */
const NEAREST = 400;
const MONTHS_BACK = 24;

/** Close date of the newest arm's-length sale that the tenant knows in the county; null without one. */
export async function newestSaleDate(trx: TenantTrx, countyFips: string): Promise<string | null> {
  const row = await trx.db
    .selectFrom('sales as s')
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 's.tenantId').onRef('p.id', '=', 's.propertyId'),
    )
    .select('s.closeDate')
    .where('s.tenantId', '=', trx.tenantId)
    .where('p.countyFips', '=', countyFips)
    .where('s.armsLength', '=', true)
    .orderBy('s.closeDate', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.closeDate ?? null;
}

/** Sales of the nearest houses before the date, the subject's own included, for `selectComparables`. */
export async function nearbySales(trx: TenantTrx, subject: Property, asOf: string): Promise<ComparableSale[]> {
  const { latitude, longitude } = subject;
  if (latitude === null || longitude === null) return [];
  const { rows } = await sql<Omit<ComparableSale, 'distanceMetres'>>`
    select p.id as property_id,
      ${knownText('p', 'address')} as address, p.apn, p.zip_code, p.latitude, p.longitude, s.close_date, s.close_price_cents,
      p.sqft, p.bedrooms, p.bathrooms, p.year_built, p.lot_size_sqft, p.grade, p.condition
    from (
      select * from properties
      where tenant_id = ${trx.tenantId} and latitude is not null and longitude is not null and sqft > 0
      order by point(longitude, latitude) <-> point(${longitude}, ${latitude})
      limit ${NEAREST}
    ) p
    join sales s on s.tenant_id = p.tenant_id and s.property_id = p.id
    where s.arms_length and s.close_date < ${asOf}::date and s.close_date >= ${asOf}::date - make_interval(months => ${MONTHS_BACK})`.execute(
    trx.db,
  );
  return rows.map((row) => ({ ...row, distanceMetres: distanceMeters({ latitude, longitude }, row) }));
}

/** A score with the hash of everything it was computed from. */
export interface NewScore {
  propertyId: string;
  inputsHash: string;
  result: ScoreResult;
  comparables: readonly unknown[];
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
        scoreComponents: json(result.components),
        reasons: json(result.reasons),
        featuresUsed: json(result.featuresUsed),
        comparables: json(score.comparables),
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

/** The newest score of a property; undefined before the first. */
export function latestScore(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('propertyScores')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('scoredAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}
