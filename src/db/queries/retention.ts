import { type RawBuilder, sql } from 'kysely';
import type { PrunedKind } from '../../domain/retention.ts';
import type { SystemTrx } from '../tenant.ts';

/** What is deleted by rows alone. */
export type PrunedRows = Exclude<PrunedKind, 'report_files' | 'events'>;

/** Tables of each kind, and which of their rows are over. */
const TABLES: Readonly<Record<PrunedRows, Readonly<Record<string, (before: Date) => RawBuilder<unknown>>>>> = {
  idempotency_keys: {
    idempotency_keys: (before) => sql`created_at < ${before}`,
    public_idempotency_keys: (before) => sql`created_at < ${before}`,
  },
  login_attempts: {
    login_attempts: (before) =>
      sql`window_started_at < ${before} and (blocked_until is null or blocked_until < ${before})`,
  },
  refresh_tokens: { refresh_tokens: (before) => sql`expires_at < ${before}` },
  invitations: { invitations: (before) => sql`expires_at < ${before}` },
  delivered_signals: { signal_outbox: (before) => sql`delivered_at < ${before}` },
  policy_decisions: { policy_decisions: (before) => sql`decided_at < ${before}` },
  user_mails: { user_mails: (before) => sql`created_at < ${before} and status not in ('pending', 'sending')` },
  webhook_deliveries: { webhook_deliveries: (before) => sql`created_at < ${before} and status <> 'pending'` },
};

/** Deletes rows of the kind that were over before the time, `limit` of each table at most. Returns how many. */
export async function pruneRows(trx: SystemTrx, kind: PrunedRows, before: Date, limit: number): Promise<number> {
  let deleted = 0;
  for (const [table, isOver] of Object.entries(TABLES[kind])) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid = any (array(
        select ctid from ${sql.table(table)} where ${isOver(before)} limit ${limit} for update skip locked))`.execute(
      trx.db,
    );
    deleted += Number(numAffectedRows ?? 0);
  }
  return deleted;
}

/** Files of reports that were made before the time, oldest first. */
export async function listOldReportFiles(
  trx: SystemTrx,
  before: Date,
  limit: number,
): Promise<{ tenantId: string; runId: string; fileKey: string }[]> {
  const { rows } = await sql<{ tenantId: string; runId: string; fileKey: string }>`
    select tenant_id, id as run_id, file_key from report_runs
    where file_key is not null and finished_at < ${before} order by finished_at limit ${limit}`.execute(trx.db);
  return rows;
}

/** The run's file is gone. */
export async function forgetReportFile(trx: SystemTrx, run: { tenantId: string; runId: string }): Promise<void> {
  await sql`update report_runs set file_key = null
    where tenant_id = ${run.tenantId} and id = ${run.runId}`.execute(trx.db);
}
