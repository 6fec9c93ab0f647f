import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** Of what a briefing keeps for lists and for the next day: headline figures by key, counts, packets. */
export interface BriefingSummary {
  headlines: Array<{ key: string; label: string; value: number | null; unit: string }>;
  packets: string[];
  by_severity: Record<string, number>;
  notes: string[];
}

/** A briefing of a day. */
export interface BriefingRow {
  id: string;
  /** YYYY-MM-DD in the tenant's time zone. */
  day: string;
  author: string;
  /** Keys in the store. */
  path: string;
  pipelinePath: string | null;
  sha256: string;
  summary: Partial<BriefingSummary>;
  dataThrough: string | null;
  createdAt: Date;
  deliveredAt: Date | null;
}

const COLUMNS = [
  'id',
  'day',
  'author',
  'path',
  'pipelinePath',
  'sha256',
  'summary',
  'dataThrough',
  'createdAt',
  'deliveredAt',
] as const;

/** Keeps the briefing of a day; another of that day replaces it, and stays delivered when it was. */
export async function putBriefing(
  trx: TenantTrx,
  row: Omit<BriefingRow, 'createdAt' | 'deliveredAt'>,
  now: Date,
): Promise<void> {
  const { id, summary, ...columns } = row;
  const changed = { ...columns, summary: json(summary), createdAt: now };
  await trx.db
    .insertInto('briefings')
    .values({ tenantId: trx.tenantId, id, ...changed })
    .onConflict((oc) => oc.columns(['tenantId', 'id']).doUpdateSet(changed))
    .execute();
}

/** Briefings, newest day first. */
export async function listBriefings(
  trx: TenantTrx,
  page: { limit: number; beforeDay?: string | undefined },
): Promise<BriefingRow[]> {
  const rows = await trx.db
    .selectFrom('briefings')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .$if(page.beforeDay !== undefined, (query) => query.where('day', '<', page.beforeDay!))
    .orderBy('day', 'desc')
    .limit(page.limit)
    .execute();
  return rows as unknown as BriefingRow[];
}

/** @throws ReosError `not_found` */
export async function readBriefing(trx: TenantTrx, id: string): Promise<BriefingRow> {
  const row = await trx.db
    .selectFrom('briefings')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new ReosError('not_found', `There is no briefing ${id}.`);
  return row as unknown as BriefingRow;
}

/** The newest briefing before a day; undefined without one. */
export async function briefingBefore(trx: TenantTrx, day: string): Promise<BriefingRow | undefined> {
  return (await listBriefings(trx, { limit: 1, beforeDay: day }))[0];
}

/** Whether a day has its briefing, and whether that was delivered. */
export function stateOfDay(trx: TenantTrx, day: string) {
  return trx.db
    .selectFrom('briefings')
    .select(['id', 'deliveredAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('day', '=', day)
    .executeTakeFirst();
}

/** Marks the briefing as delivered to every channel that there is. */
export async function markDelivered(trx: TenantTrx, id: string, now: Date): Promise<void> {
  await trx.db
    .updateTable('briefings')
    .set({ deliveredAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** When each feed last brought rows; days as text. */
export async function feedStates(
  trx: TenantTrx,
): Promise<Array<{ feed: string; loadedOn: string | null; dataTo: string | null; failedOn: string | null }>> {
  const { rows } = await sql<{
    feed: string;
    loadedOn: string | null;
    dataTo: string | null;
    failedOn: string | null;
  }>`
    select feed, to_char(max(completed_at) filter (where status = 'success') at time zone 'UTC', 'YYYY-MM-DD') as loaded_on,
      to_char(max(data_to) filter (where status = 'success'), 'YYYY-MM-DD') as data_to,
      case when (array_agg(status order by started_at desc))[1] = 'failed'
        then to_char(max(started_at) at time zone 'UTC', 'YYYY-MM-DD') end as failed_on
    from raw.loads where tenant_id = ${trx.tenantId} group by feed order by feed`.execute(trx.db);
  return rows;
}
