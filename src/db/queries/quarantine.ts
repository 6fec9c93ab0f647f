import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** A row that was refused when it was read, with what it said and why it was refused. */
export interface RefusedRow {
  id: string;
  source: string;
  rowReference: string;
  /** `invalid`: fails the checks; `blocked`: the page showed no data; `quota`: more than the plan allows. */
  kind: string;
  reasons: unknown;
  payload: unknown;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** Refused rows, those seen last first. */
export function listRefusedRows(
  trx: TenantTrx,
  filter: { source?: string | undefined; kind?: string | undefined },
  page: { limit: number; after: TimePlace | undefined },
): Promise<(RefusedRow & { micros: number })[]> {
  return trx.db
    .selectFrom('quarantine as q')
    .select(['q.id', 'q.source', 'q.rowReference', 'q.kind', 'q.reasons', 'q.payload', 'q.firstSeenAt', 'q.lastSeenAt'])
    .select(microsOf('q.lastSeenAt').as('micros'))
    .where('q.tenantId', '=', trx.tenantId)
    .$if(filter.source !== undefined, (query) => query.where('q.source', '=', filter.source!))
    .$if(filter.kind !== undefined, (query) => query.where('q.kind', '=', filter.kind!))
    .$if(page.after !== undefined, (query) => query.where(isAfter('q.lastSeenAt', 'q.id', page.after!, 'desc')))
    .orderBy('q.lastSeenAt', 'desc')
    .orderBy('q.id', 'desc')
    .limit(page.limit)
    .execute();
}

/** How many refused rows there are, by source and kind. */
export async function countRefusedRows(
  trx: TenantTrx,
): Promise<Array<{ source: string; kind: string; rows: number; lastSeenAt: Date }>> {
  return trx.db
    .selectFrom('quarantine')
    .select(['source', 'kind', sql<number>`count(*)::int`.as('rows'), sql<Date>`max(last_seen_at)`.as('lastSeenAt')])
    .where('tenantId', '=', trx.tenantId)
    .groupBy(['source', 'kind'])
    .orderBy('source')
    .orderBy('kind')
    .execute();
}
