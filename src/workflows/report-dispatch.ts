import { ApplicationFailure } from '@temporalio/workflow';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/**
 * reports: writes and mails the reports and digests that are due, tenant by tenant. One tenant's failure keeps no other
 * from its mail; the run fails in the end.
 */
export async function reportDispatch(): Promise<{ runs: number; mails: number }> {
  const total = { runs: 0, mails: 0 };
  const failures: string[] = [];
  for (const tenantId of await local.listReportTenants()) {
    try {
      const { runs, mails } = await batch.deliverReports({ tenantId });
      total.runs += runs;
      total.mails += mails;
    } catch (error) {
      failures.push(`${tenantId}: ${failureReason(error)}`);
    }
  }
  if (failures.length > 0) throw ApplicationFailure.nonRetryable(failures.join('\n'), 'ReportsFailed', total);
  return total;
}
