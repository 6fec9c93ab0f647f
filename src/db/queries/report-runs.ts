import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import type { PropertyRow } from './property-list.ts';
import { LIST_COLUMNS } from './property-list.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** One run of a report. `period`: when it was due, or `now:<uuid>`. */
export interface ReportRun {
  id: string;
  reportId: string;
  period: string;
  status: string;
  rowCount: number | null;
  isCut: boolean;
  recipientCount: number | null;
  error: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

const COLUMNS = [
  'id',
  'reportId',
  'period',
  'status',
  'rowCount',
  'isCut',
  'recipientCount',
  'error',
  'createdAt',
  'finishedAt',
] as const;

/** Queues a run, once per report and period; undefined when there is one. */
export function queueRun(trx: TenantTrx, reportId: string, period: string): Promise<ReportRun | undefined> {
  return trx.db
    .insertInto('reportRuns')
    .values({ tenantId: trx.tenantId, reportId, period })
    .onConflict((oc) => oc.columns(['tenantId', 'reportId', 'period']).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst();
}

/** A report's runs, newest first. */
export function listRuns(
  trx: TenantTrx,
  reportId: string,
  page: { limit: number; after: TimePlace | undefined },
): Promise<(ReportRun & { micros: number })[]> {
  return trx.db
    .selectFrom('reportRuns')
    .select([...COLUMNS, microsOf('createdAt').as('micros')])
    .where('tenantId', '=', trx.tenantId)
    .where('reportId', '=', reportId)
    .$if(page.after !== undefined, (query) => query.where(isAfter('createdAt', 'id', page.after!, 'desc')))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** Ids of the runs that wait, oldest first. */
export async function listQueuedRuns(trx: TenantTrx, limit: number): Promise<string[]> {
  const rows = await trx.db
    .selectFrom('reportRuns')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('status', '=', 'queued')
    .orderBy('createdAt')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** A queued run; undefined when it is done. Locked when `lock`. */
export function readQueuedRun(trx: TenantTrx, id: string, lock: boolean): Promise<ReportRun | undefined> {
  return trx.db
    .selectFrom('reportRuns')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
}

/** Ends a run, and notes it on its report. */
export async function finishRun(
  trx: TenantTrx,
  run: Pick<ReportRun, 'id' | 'reportId'>,
  result: {
    status: 'done' | 'failed';
    rowCount: number | null;
    isCut: boolean;
    fileKey: string | null;
    recipientCount: number;
    error: string | null;
  },
  now: Date,
): Promise<void> {
  await trx.db
    .updateTable('reportRuns')
    .set({ ...result, finishedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', run.id)
    .execute();
  await trx.db
    .updateTable('scheduledReports')
    .set({ lastRunAt: now, lastError: result.error })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', run.reportId)
    .execute();
}

/** The properties that a saved search finds, best score first; null when there is no such search. */
export async function listSearchRows(
  trx: TenantTrx,
  searchId: string,
  limit: number,
): Promise<Omit<PropertyRow, 'sortKey'>[] | null> {
  const search = await trx.db
    .selectFrom('savedSearches')
    .select('wanted')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', searchId)
    .executeTakeFirst();
  if (search === undefined) return null;
  const found = sql<{ id: string; place: number }>`find_property_ids(${JSON.stringify(search.wanted)}::jsonb,
    '-bird_dog_score', null, null, ${limit}::int) with ordinality`;
  return trx.db
    .selectFrom('properties')
    .innerJoin(found.as<'found'>(sql`found(id, place)`), (join) => join.onRef('found.id', '=', 'properties.id'))
    .where('tenantId', '=', trx.tenantId)
    .select(LIST_COLUMNS)
    .orderBy('found.place')
    .execute();
}
