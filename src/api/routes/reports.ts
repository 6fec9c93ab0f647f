import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { listRuns, queueRun, type ReportRun } from '../../db/queries/report-runs.ts';
import {
  deleteReport,
  insertReport,
  listReports,
  readReport,
  type ScheduledReport,
  updateReport,
} from '../../db/queries/scheduled-reports.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { nextDue } from '../../domain/report-schedule.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { idParams } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { readNameCursor } from './name-cursor.ts';
import { checkReport, reportFields as fields, report, reportOf, reportRun } from './report-shapes.ts';

const reading = { tag: 'Reports', permission: 'properties:read' } as const;
// A report takes rows out of the system, as an export does.
const writing = { tag: 'Reports', permission: 'properties:export' } as const;

/** `/api/v1/reports`: reports that are mailed on their own schedule. */
export function reportEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...reading,
        method: 'get',
        path: '/api/v1/reports',
        operationId: 'listReports',
        summary: 'Scheduled reports, by name',
        query: z.object(pageQuery),
        answer: pageOf(report),
      },
      async ({ trx, query }) => {
        const after = readNameCursor('reports', query.cursor);
        const rows = await listReports(trx, { limit: query.limit + 1, after });
        return toPage(rows, query.limit, 'reports', (row) => [row.name, row.id], reportOf);
      },
    ),
    endpoint(
      {
        ...writing,
        method: 'post',
        path: '/api/v1/reports',
        operationId: 'createReport',
        summary: 'Have a report mailed every day, week or month',
        description:
          'Each period is mailed once, within minutes of its hour by the wall clock of the time zone, with its rows as a CSV file. Periods that were missed while the system was away are one report. Disabled users get none.',
        body: z.strictObject({
          name: fields.name,
          kind: fields.kind,
          search_id: fields.search_id.default(null),
          frequency: fields.frequency,
          hour: fields.hour.default(7),
          weekday: fields.weekday.default(1),
          month_day: fields.month_day.default(1),
          time_zone: fields.time_zone.optional(),
          recipients: fields.recipients,
        }),
        answer: report,
        status: 201,
      },
      async ({ trx, principal, body, now }) => {
        const wanted = {
          name: body.name.trim(),
          kind: body.kind,
          searchId: body.search_id,
          frequency: body.frequency,
          hour: body.hour,
          weekday: body.weekday,
          monthDay: body.month_day,
          timeZone: body.time_zone ?? (await readOwnTenant(trx)).timeZone,
          recipients: [...new Set(body.recipients)],
        };
        await checkReport(trx, principal, wanted);
        const id = await insertReport(trx, {
          ...wanted,
          status: 'active',
          nextRunAt: nextDue(wanted, now),
          createdBy: principal.kind === 'user' ? principal.id : null,
        });
        if (id === undefined) throw taken(wanted.name);
        return reportOf(await requireReport(trx, id));
      },
    ),
    endpoint(
      {
        ...reading,
        method: 'get',
        path: '/api/v1/reports/{id}',
        operationId: 'getReport',
        summary: 'A scheduled report',
        params: idParams,
        answer: report,
      },
      async ({ trx, params }) => reportOf(await requireReport(trx, params.id)),
    ),
    endpoint(
      {
        ...writing,
        method: 'patch',
        path: '/api/v1/reports/{id}',
        operationId: 'updateReport',
        summary: 'Change, pause or resume a report',
        params: idParams,
        body: z.strictObject(fields).partial(),
        answer: report,
      },
      async ({ trx, principal, params, body, now }) => {
        const before = await requireReport(trx, params.id);
        const after = {
          name: body.name?.trim() ?? before.name,
          kind: body.kind ?? before.kind,
          searchId: body.search_id === undefined ? before.searchId : body.search_id,
          frequency: body.frequency ?? before.frequency,
          hour: body.hour ?? before.hour,
          weekday: body.weekday ?? before.weekday,
          monthDay: body.month_day ?? before.monthDay,
          timeZone: body.time_zone ?? before.timeZone,
          recipients: body.recipients === undefined ? before.recipients : [...new Set(body.recipients)],
          status: body.status ?? before.status,
        };
        if (body.kind !== undefined || body.search_id !== undefined || body.recipients !== undefined) {
          await checkReport(trx, principal, after);
        }
        if (!(await updateReport(trx, before.id, { ...after, nextRunAt: nextDue(after, now) })))
          throw taken(after.name);
        return reportOf(await requireReport(trx, before.id));
      },
    ),
    endpoint(
      {
        ...writing,
        method: 'delete',
        path: '/api/v1/reports/{id}',
        operationId: 'deleteReport',
        summary: 'Delete a report and the history of its runs',
        params: idParams,
        answer: null,
      },
      async ({ trx, params }) => {
        if (!(await deleteReport(trx, params.id))) throw unknown(params.id);
      },
    ),
    endpoint(
      {
        ...writing,
        method: 'post',
        path: '/api/v1/reports/{id}/run',
        operationId: 'runReport',
        summary: 'Mail a report out of turn',
        description: 'It leaves with the next dispatch, within five minutes. The schedule stays as it is.',
        params: idParams,
        answer: reportRun,
        status: 202,
      },
      async ({ trx, params }) => {
        await requireReport(trx, params.id);
        return runOf((await queueRun(trx, params.id, `now:${randomUUID()}`))!);
      },
    ),
    endpoint(
      {
        ...reading,
        method: 'get',
        path: '/api/v1/reports/{id}/runs',
        operationId: 'listReportRuns',
        summary: 'What became of a report’s runs, newest first',
        params: idParams,
        query: z.object(pageQuery),
        answer: pageOf(reportRun),
      },
      async ({ trx, params, query }) => {
        await requireReport(trx, params.id);
        const after = readTimeCursor('runs', query.cursor);
        const rows = await listRuns(trx, params.id, { limit: query.limit + 1, after });
        return toPage(rows, query.limit, 'runs', (row) => [row.micros, row.id], runOf);
      },
    ),
  ];
}

async function requireReport(trx: TenantTrx, id: string): Promise<ScheduledReport> {
  const found = await readReport(trx, id);
  if (found === undefined) throw unknown(id);
  return found;
}

const unknown = (id: string) => new ReosError('not_found', `There is no report ${id}.`);
const taken = (name: string) => new ReosError('conflict', `There is a report '${name}' already.`);

function runOf(run: ReportRun): z.input<typeof reportRun> {
  return {
    id: run.id,
    period: run.period,
    status: run.status,
    rows: run.rowCount,
    is_cut: run.isCut,
    recipients: run.recipientCount,
    error: run.error,
    created_at: run.createdAt,
    finished_at: run.finishedAt,
  };
}
