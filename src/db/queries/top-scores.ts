import { sql } from 'kysely';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';
import { explained, weightsToExplain } from './score-explanation.ts';

/** A property among the best, with the parts of its newest score. */
export interface TopScore {
  propertyId: string;
  address: string | null;
  apn: string | null;
  city: string | null;
  birdDogScore: number;
  /** Null when the score has none. */
  components: unknown;
}

/** The properties with the highest scores, the best first. */
export async function listTopScores(
  trx: TenantTrx,
  filter: { countyFips: string | undefined; limit: number },
): Promise<TopScore[]> {
  const rows = await trx.db
    .selectFrom('properties as p')
    .select(['p.id as propertyId', 'p.apn', 'p.city', knownText('p', 'address').as('address')])
    .select(sql<number>`p.bird_dog_score`.as('birdDogScore'))
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('propertyScores as s')
          .select(['s.scoreComponents', 's.reasons', 's.featuresUsed', 's.inputs'])
          .select(weightsToExplain.as('weights'))
          .whereRef('s.tenantId', '=', 'p.tenantId')
          .whereRef('s.propertyId', '=', 'p.id')
          .orderBy('s.scoredAt', 'desc')
          .limit(1)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .select(['newest.scoreComponents', 'newest.reasons', 'newest.featuresUsed', 'newest.inputs', 'newest.weights'])
    .where('p.tenantId', '=', trx.tenantId)
    .where('p.birdDogScore', 'is not', null)
    .$if(filter.countyFips !== undefined, (query) => query.where('p.countyFips', '=', filter.countyFips!))
    .orderBy(sql`coalesce(p.bird_dog_score, -1)`, 'desc')
    .orderBy('p.id', 'desc')
    .limit(filter.limit)
    .execute();
  return rows.map((row) => {
    const { reasons: _, featuresUsed: __, scoreComponents: components, ...top } = explained(row);
    return { ...top, components };
  });
}
