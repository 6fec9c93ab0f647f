import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { ScoringConfig } from '../../domain/scoring/config.ts';
import { changedProfiles, type OwnWeights, withOwnWeights } from '../../domain/scoring/own-weights.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** Weights that counted, or count. */
export interface OwnWeightsRow {
  number: number;
  /** What was changed, by feature; null where former weights came back. */
  changes: Record<string, number> | null;
  /** The number of the weights that came back, 0 for those of the configuration; null for a change. */
  restored: number | null;
  note: string | null;
  /** Name of the user, or id of the key. */
  madeBy: string;
  madeAt: Date;
}

/**
 * The weights that a tenant's properties are scored by: its own, where it has set some, else the configured ones. Former
 * weights that came back have the version that they had.
 */
export async function scoringOf(trx: TenantTrx, configured: ScoringConfig): Promise<ScoringConfig> {
  const newest = await trx.db
    .selectFrom('ownWeights')
    .where('tenantId', '=', trx.tenantId)
    .orderBy('number', 'desc')
    .limit(1)
    .select(['number', 'restored', 'shares'])
    .executeTakeFirst();
  return withOwnWeights(
    configured,
    newest === undefined ? null : ownOf(newest.restored ?? newest.number, newest.shares),
  );
}

/** The last changes of the tenant's weights, newest first: the first one counts. */
export async function listOwnWeights(trx: TenantTrx, limit: number): Promise<OwnWeightsRow[]> {
  const { rows } = await sql<OwnWeightsRow>`
    select w.number, w.changes, w.restored, w.note, coalesce(u.name, w.made_by) as made_by, w.made_at
    from own_weights w left join user_accounts u on u.tenant_id = w.tenant_id and u.id::text = w.made_by
    where w.tenant_id = ${trx.tenantId} order by w.number desc limit ${limit}`.execute(trx.db);
  return rows;
}

/** Who changes weights, and what is to be remembered of it. */
export interface OwnWeightsOrder {
  /** The version that the change was thought out on; another one that counts by now refuses it. Null: whichever counts. */
  basedOn: string | null;
  note: string | null;
  madeBy: string;
}

/**
 * Changes the shares of some features from now on, as a try on the ranking reckons; see `changedProfiles`.
 * @returns the weights that count now
 * @throws ReosError `validation` for weights that make no score; `conflict` when others count than the change is based on
 */
export async function changeOwnWeights(
  trx: TenantTrx,
  configured: ScoringConfig,
  changes: Readonly<Record<string, number>>,
  order: OwnWeightsOrder,
): Promise<ScoringConfig> {
  const current = await lockedScoring(trx, configured, order.basedOn);
  const { asking, offMarket } = changedProfiles(current, changes);
  const shares = { asking, off_market: offMarket };
  await insert(trx, { shares: json(shares), changes: json(changes), restored: null }, order);
  return scoringOf(trx, configured);
}

/**
 * Brings former weights back, as a change of its own, so that it can be taken back like any other.
 * @param number 0: those of the configuration
 * @throws ReosError `not_found` for weights that there never were; `conflict` as `changeOwnWeights`
 */
export async function restoreOwnWeights(
  trx: TenantTrx,
  configured: ScoringConfig,
  number: number,
  order: OwnWeightsOrder,
): Promise<ScoringConfig> {
  await lockedScoring(trx, configured, order.basedOn);
  const former = await trx.db
    .selectFrom('ownWeights')
    .where('tenantId', '=', trx.tenantId)
    .where('number', '=', number)
    .select(['restored', 'shares'])
    .executeTakeFirst();
  if (former === undefined && number !== 0) {
    throw new ReosError('not_found', `There are no weights with the number ${number}.`);
  }
  const shares = former?.shares == null ? null : json(former.shares);
  await insert(trx, { shares, changes: null, restored: former?.restored ?? number }, order);
  return scoringOf(trx, configured);
}

/** The weights that count, with nobody else changing them until the transaction ends. */
async function lockedScoring(trx: TenantTrx, configured: ScoringConfig, basedOn: string | null) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`own-weights:${trx.tenantId}`}, 0))`.execute(trx.db);
  const current = await scoringOf(trx, configured);
  if (basedOn !== null && current.version !== basedOn) {
    throw new ReosError(
      'conflict',
      `The weights ${current.version} count by now, not ${basedOn}: look at them, and decide again.`,
      { details: { version: current.version } },
    );
  }
  return current;
}

async function insert(
  trx: TenantTrx,
  row: { shares: ReturnType<typeof json> | null; changes: ReturnType<typeof json> | null; restored: number | null },
  { note, madeBy }: OwnWeightsOrder,
): Promise<void> {
  const { last } = await trx.db
    .selectFrom('ownWeights')
    .where('tenantId', '=', trx.tenantId)
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), sql<number>`0`).as('last'))
    .executeTakeFirstOrThrow();
  await trx.db
    .insertInto('ownWeights')
    .values({ tenantId: trx.tenantId, number: last + 1, note, madeBy, ...row })
    .execute();
}

function ownOf(number: number, shares: unknown): OwnWeights | null {
  if (shares === null) return null;
  const { asking, off_market: offMarket } = shares as Record<'asking' | 'off_market', Record<string, number>>;
  return { number, profiles: { asking, offMarket } };
}
