import { activeUsers } from '../../db/queries/report-recipients.ts';
import { finishRun, listQueuedRuns, queueRun, readQueuedRun } from '../../db/queries/report-runs.ts';
import { lockDueReports, readReport, updateReport } from '../../db/queries/scheduled-reports.ts';
import { listTenantsWithMail, queueUserMails } from '../../db/queries/user-mails.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { nextDue } from '../../domain/report-schedule.ts';
import { safeFileName } from '../../storage/object-store.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from './heartbeat.ts';
import { readReportContent } from './report-content.ts';
import { sendDigests } from './search-alerts.ts';
import { postUserMails } from './user-mails.ts';

type ReportDeps = Pick<ActivityDeps, 'db' | 'clock' | 'logger' | 'storage' | 'outreach'>;

const RUNS_AT_ONCE = 100;

/** Reports that are due, the digests of saved searches, and the mail that both leave. */
export function createReportActivities(deps: ReportDeps) {
  return {
    /** The tenants for whom something is due. */
    listReportTenants: (): Promise<string[]> =>
      withSystem(deps.db, 'which tenants have reports or mail to send', (trx) =>
        listTenantsWithMail(trx, deps.clock()),
      ),

    /** Queues what is due, writes what is queued, posts what is written. Any part of it may be done again. */
    async deliverReports(input: { tenantId: string }): Promise<{ runs: number; mails: number }> {
      const heartbeat = startHeartbeat();
      try {
        await queueDueReports(deps, input.tenantId);
        const queued = await withTenant(deps.db, input.tenantId, (trx) => listQueuedRuns(trx, RUNS_AT_ONCE));
        for (const runId of queued) await writeReport(deps, input.tenantId, runId);
        await sendDigests(deps, input.tenantId, deps.clock());
        const mails = await postUserMails({ ...deps.outreach, clock: deps.clock, store: deps.storage }, input.tenantId);
        return { runs: queued.length, mails };
      } finally {
        heartbeat.stop();
      }
    },
  };
}

/** Queues one run of each report that is due, and sets when it is due next: periods that were missed are one run. */
export function queueDueReports(deps: Pick<ReportDeps, 'db' | 'clock'>, tenantId: string): Promise<number> {
  const now = deps.clock();
  return withTenant(deps.db, tenantId, async (trx) => {
    const due = await lockDueReports(trx, now);
    for (const report of due) {
      await queueRun(trx, report.id, report.nextRunAt.toISOString());
      await updateReport(trx, report.id, { nextRunAt: nextDue(report, now) });
    }
    return due.length;
  });
}

/** Writes a queued run: its file into the store, then its mails and its end in one transaction. */
export async function writeReport(deps: ReportDeps, tenantId: string, runId: string): Promise<void> {
  const now = deps.clock();
  const fileKey = `tenants/${tenantId}/reports/${runId}.csv`;
  const read = await withTenant(deps.db, tenantId, async (trx) => {
    const run = await readQueuedRun(trx, runId, false);
    const report = run && (await readReport(trx, run.reportId));
    if (run === undefined || report === undefined) return undefined;
    try {
      return { run, report, content: await readReportContent(trx, report, now) };
    } catch (error) {
      if (!(error instanceof ReosError) || error.code !== 'not_found') throw error;
      const nothing = { rowCount: null, isCut: false, fileKey: null, recipientCount: 0 };
      await finishRun(trx, run, { status: 'failed', ...nothing, error: error.message }, now);
      return undefined;
    }
  });
  if (read === undefined) return;
  const { report, content } = read;
  try {
    await deps.storage.put(fileKey, Buffer.from(content.csv), 'text/csv; charset=utf-8');
  } catch (error) {
    if (!(error instanceof ReosError) || error.code !== 'quota_exceeded') throw error;
    const nothing = { rowCount: null, isCut: false, fileKey: null, recipientCount: 0 };
    const result = { status: 'failed' as const, ...nothing, error: error.message };
    await withTenant(deps.db, tenantId, (trx) => finishRun(trx, read.run, result, now));
    return;
  }
  await withTenant(deps.db, tenantId, async (trx) => {
    const run = await readQueuedRun(trx, runId, true);
    if (run === undefined) return;
    const users = await activeUsers(trx, report.recipients);
    const day = now.toISOString().slice(0, 10);
    await queueUserMails(
      trx,
      users.map((userId) => ({
        userId,
        reference: `report:${run.id}`,
        subject: `${report.name} (${day})`,
        body: `Report “${report.name}”\n\n${content.text}`,
        attachmentKey: fileKey,
        attachmentName: safeFileName(`${report.name}-${day}.csv`),
      })),
    );
    const error = users.length === 0 ? 'No recipient is an active user. Change the recipients.' : null;
    const { rowCount, isCut } = content;
    const result = { rowCount, isCut, fileKey, recipientCount: users.length, error };
    await finishRun(trx, run, { status: error === null ? 'done' : 'failed', ...result }, now);
  });
}
