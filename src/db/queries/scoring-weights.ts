import { createHash } from 'node:crypto';
import { ReosError } from '../../domain/errors.ts';
import type { ScoringConfig } from '../../domain/scoring/config.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** SHA-256 (hex) of a set of weights, thresholds and assumptions: the same content gives the same hash. */
export function weightsHash(weights: ScoringConfig): string {
  return createHash('sha256').update(JSON.stringify(weights)).digest('hex');
}

/**
 * Keeps the weights that scores are made with, whole, under their version. The first use writes them; later ones check
 * that the version still means the same.
 * @throws ReosError `validation` when the version was used before with other content
 */
export async function recordWeights(trx: TenantTrx, weights: ScoringConfig): Promise<void> {
  const sha256 = weightsHash(weights);
  const known = () =>
    trx.db
      .selectFrom('scoringWeights')
      .select('sha256')
      .where('tenantId', '=', trx.tenantId)
      .where('version', '=', weights.version)
      .executeTakeFirst();
  let found = await known();
  if (found === undefined) {
    await trx.db
      .insertInto('scoringWeights')
      .values({ tenantId: trx.tenantId, version: weights.version, sha256, document: json(weights) })
      .onConflict((oc) => oc.doNothing())
      .execute();
    found = await known();
  }
  if (found?.sha256 === sha256) return;
  throw new ReosError(
    'validation',
    `The scoring weights ${weights.version} were used before with other content. Raise 'version' in config/scoring.yaml, so that every score names the weights it was made with, and run: reos rescore`,
    { details: { version: weights.version } },
  );
}
