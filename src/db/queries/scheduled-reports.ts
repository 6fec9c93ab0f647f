import { sql } from 'kysely';
import type { Frequency, ReportSchedule } from '../../domain/report-schedule.ts';
import type { TenantTrx } from '../tenant.ts';

export const REPORT_KINDS = ['properties', 'pipeline', 'costs', 'campaigns'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** A report that is mailed on its own schedule. `searchId`: of the kind `properties`, whose rows it lists. */
export interface ScheduledReport extends ReportSchedule {
  id: string;
  name: string;
  kind: ReportKind;
  searchId: string | null;
  recipients: string[];
  status: 'active' | 'paused';
  nextRunAt: Date;
  lastRunAt: Date | null;
  lastError: string | null;
  createdAt: Date;
}

const COLUMNS = [
  'id',
  'name',
  'kind',
  'searchId',
  'frequency',
  'hour',
  'weekday',
  'monthDay',
  'timeZone',
  'recipients',
  'status',
  'nextRunAt',
  'lastRunAt',
  'lastError',
  'createdAt',
] as const;

const reports = (trx: TenantTrx) =>
  trx.db.selectFrom('scheduledReports').select(COLUMNS).where('tenantId', '=', trx.tenantId);

const reportOf = (
  row: Awaited<ReturnType<ReturnType<typeof reports>['executeTakeFirstOrThrow']>>,
): ScheduledReport => ({
  ...row,
  kind: row.kind as ReportKind,
  frequency: row.frequency as Frequency,
  status: row.status as 'active' | 'paused',
});

/** Reports by name and id. */
export async function listReports(
  trx: TenantTrx,
  page: { limit: number; after: { name: string; id: string } | undefined },
): Promise<ScheduledReport[]> {
  const rows = await reports(trx)
    .$if(page.after !== undefined, (query) =>
      query.where(sql<boolean>`(name, id) > (${page.after!.name}, ${page.after!.id}::uuid)`),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(page.limit)
    .execute();
  return rows.map(reportOf);
}

/** The report, or undefined. */
export async function readReport(trx: TenantTrx, id: string): Promise<ScheduledReport | undefined> {
  const row = await reports(trx).where('id', '=', id).executeTakeFirst();
  return row && reportOf(row);
}

/** What of a report is written. */
export type ReportValues = Omit<ScheduledReport, 'id' | 'lastRunAt' | 'lastError' | 'createdAt'>;

/** Makes a report; undefined when there is one of that name. */
export async function insertReport(
  trx: TenantTrx,
  report: ReportValues & { createdBy: string | null },
): Promise<string | undefined> {
  const row = await trx.db
    .insertInto('scheduledReports')
    .values({ tenantId: trx.tenantId, ...report })
    .onConflict((oc) => oc.columns(['tenantId', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Changes a report; false when another has the name. */
export async function updateReport(trx: TenantTrx, id: string, change: Partial<ReportValues>): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`select id from scheduled_reports
    where tenant_id = ${trx.tenantId} and name = ${change.name ?? ''} and id <> ${id}`.execute(trx.db);
  if (rows.length > 0) return false;
  await trx.db
    .updateTable('scheduledReports')
    .set({ ...change, updatedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .execute();
  return true;
}

/** Deletes a report with its runs; false when there is none. */
export async function deleteReport(trx: TenantTrx, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('scheduledReports')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Active reports whose time has come; locked against another process. */
export async function lockDueReports(trx: TenantTrx, now: Date): Promise<ScheduledReport[]> {
  const rows = await reports(trx)
    .where('status', '=', 'active')
    .where('nextRunAt', '<=', now)
    .orderBy('nextRunAt')
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(reportOf);
}
