import { z } from '@hono/zod-openapi';
import { requireUsers } from '../../db/queries/collaboration.ts';
import { readSavedSearch } from '../../db/queries/saved-searches.ts';
import { REPORT_KINDS, type ReportKind, type ScheduledReport } from '../../db/queries/scheduled-reports.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { FREQUENCIES, isTimeZone } from '../../domain/report-schedule.ts';
import type { Principal } from '../kit/principal.ts';
import { id, instant, text } from '../kit/schemas.ts';

/** What a request may set of a report. */
export const reportFields = {
  name: text(100).refine((value) => value.trim() !== '', 'must not be blank'),
  kind: z.enum(REPORT_KINDS).openapi({
    description: 'What it tells of: the properties of a saved search, the pipeline, costs by month, or campaigns',
  }),
  search_id: id.nullable().openapi({ description: 'The saved search of the kind `properties`' }),
  frequency: z.enum(FREQUENCIES),
  hour: z.number().int().min(0).max(23),
  weekday: z.number().int().min(1).max(7).openapi({ description: 'Of a weekly one: 1 Monday to 7 Sunday' }),
  month_day: z
    .number()
    .int()
    .min(1)
    .max(31)
    .openapi({ description: 'Of a monthly one; in a shorter month its last day' }),
  time_zone: text(60)
    .refine(isTimeZone, 'must be a time zone of the IANA database, such as America/Chicago')
    .openapi({ description: 'The tenant’s own when left out' }),
  recipients: z.array(id).min(1).max(50).openapi({ description: 'Ids of users of the tenant' }),
  status: z.enum(['active', 'paused']),
};

/** A report in answers. */
export const report = z
  .object({
    id,
    name: z.string(),
    kind: z.string(),
    search_id: id.nullable(),
    frequency: z.string(),
    hour: z.number().int(),
    weekday: z.number().int(),
    month_day: z.number().int(),
    time_zone: z.string(),
    recipients: z.array(id),
    status: z.string(),
    next_run_at: instant.nullable().openapi({ description: 'Null while it is paused' }),
    last_run_at: instant.nullable(),
    last_error: z.string().nullable(),
    created_at: instant,
  })
  .openapi('ScheduledReport');

/** A run in answers. */
export const reportRun = z
  .object({
    id,
    period: z.string().openapi({ description: 'When it was due, or `now:<id>` for one that was asked for' }),
    status: z.string().openapi({ description: '`queued`, `done` or `failed`' }),
    rows: z.number().int().nullable(),
    is_cut: z.boolean().openapi({ description: 'Whether more fits than a report holds' }),
    recipients: z.number().int().nullable(),
    error: z.string().nullable(),
    created_at: instant,
    finished_at: instant.nullable(),
  })
  .openapi('ReportRun');

export function reportOf(row: ScheduledReport): z.input<typeof report> {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    search_id: row.searchId,
    frequency: row.frequency,
    hour: row.hour,
    weekday: row.weekday,
    month_day: row.monthDay,
    time_zone: row.timeZone,
    recipients: row.recipients,
    status: row.status,
    next_run_at: row.status === 'active' ? row.nextRunAt : null,
    last_run_at: row.lastRunAt,
    last_error: row.lastError,
    created_at: row.createdAt,
  };
}

/**
 * Checks that the report can be made: its recipients are users, and its search is one that the caller may see.
 * @throws ReosError `validation` or `not_found`
 */
export async function checkReport(
  trx: TenantTrx,
  principal: Principal,
  wanted: { kind: ReportKind; searchId: string | null; recipients: readonly string[] },
): Promise<void> {
  await requireUsers(trx, wanted.recipients);
  if (wanted.kind !== 'properties' && wanted.searchId !== null)
    throw wrong('search_id: goes with the kind properties.');
  if (wanted.kind !== 'properties') return;
  if (wanted.searchId === null) throw wrong('search_id: a report of properties needs a saved search.');
  const userId = principal.kind === 'user' ? principal.id : null;
  if ((await readSavedSearch(trx, userId, wanted.searchId)) !== undefined) return;
  throw new ReosError('not_found', `There is no saved search ${wanted.searchId}.`);
}

const wrong = (message: string) => new ReosError('validation', message, { details: { field: 'search_id' } });
