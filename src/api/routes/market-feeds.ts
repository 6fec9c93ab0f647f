import { z } from '@hono/zod-openapi';
import { readFeedTable, readLastLoads, readLineage, readWaitingMarks } from '../../db/queries/market-feeds.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant, text } from '../kit/schemas.ts';

/** Each feed's table, the days in it, and the days after which a feed without a newer one has stopped. */
const FEEDS = [
  { feed: 'mls_listings', table: 'raw.mls_listings', days: ['list_date', 'close_date'], cadenceDays: 14 },
  { feed: 'offer_events', table: 'raw.offer_events', days: ['offered_at'], cadenceDays: 7 },
  { feed: 'avm_values', table: 'raw.avm_values', days: ['valued_at'], cadenceDays: 30 },
  { feed: 'funnel_activity', table: 'raw.funnel_activity', days: ['week'], cadenceDays: 14 },
  { feed: 'inventory_status', table: 'raw.inventory_status', days: ['as_of'], cadenceDays: 7 },
  { feed: 'resales', table: 'raw.resales', days: ['close_date'], cadenceDays: 30 },
  { feed: 'macro', table: 'raw.macro', days: ['date'], cadenceDays: 120 },
] as const;

const load = z.object({
  id: z.string(),
  feed: z.string(),
  origin: z.string(),
  layout: z.string(),
  status: z.string(),
  rows_read: z.number(),
  rows_kept: z.number(),
  rows_rejected: z.number(),
  rows_repeated: z.number(),
  gate: z.unknown(),
  data_from: z.string().nullable(),
  data_to: z.string().nullable(),
  message: z.string().nullable(),
  started_at: instant,
  completed_at: instant.nullable(),
});

const feeds = z.object({
  waiting: z.object({ changes: z.number(), since: instant.nullable() }),
  feeds: z.array(
    z.object({
      feed: z.string(),
      table: z.string(),
      status: z.enum(['fresh', 'stopped', 'empty']),
      rows: z.number(),
      newest_day: z.string().nullable(),
      age_days: z.number().nullable(),
      cadence_days: z.number(),
      received_at: instant.nullable(),
      note: z.string().nullable(),
    }),
  ),
  last_loads: z.array(load),
});

const lineage = z.object({
  sources: z.array(z.string()),
  refreshed_at: instant,
  loads: z.array(z.object({ table: z.string(), rows: z.number(), load: load.nullable() })),
});

/** `/api/v1/market/feeds`, `/api/v1/market/lineage`: how the feeds are, and what a figure was computed from. */
export function marketFeedEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/market/feeds',
        operationId: 'listMarketFeeds',
        tag: 'Market feeds',
        summary: 'How each market feed is: rows, newest day, last load, stopped or not',
        permission: 'properties:read',
        answer: feeds,
      },
      async ({ trx, now }) => {
        const today = now.toISOString().slice(0, 10);
        const rows = [];
        for (const { feed, table, days, cadenceDays } of FEEDS) {
          const found = await readFeedTable(trx, table, days, today);
          rows.push({
            feed,
            table,
            ...standing(found.newestDay, today, cadenceDays),
            rows: found.rows,
            received_at: found.receivedAt,
          });
        }
        const waiting = await readWaitingMarks(trx);
        return {
          waiting: { changes: waiting.count, since: waiting.since },
          feeds: rows,
          last_loads: (await readLastLoads(trx)).map(loadOf),
        };
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/market/lineage',
        operationId: 'readMarketLineage',
        tag: 'Market feeds',
        summary: 'What a row of the market’s figures was computed from: sources and loads',
        permission: 'properties:read',
        query: z.object({
          market: text(120),
          segment: text(120).default('all'),
          grain: z.enum(['week', 'month', 'quarter']).default('week'),
          week: z.iso.date(),
        }),
        answer: lineage,
      },
      async ({ trx, query }) => {
        const found = await readLineage(trx, query);
        if (found === undefined) {
          throw new ReosError(
            'not_found',
            `There are no figures of ${query.market} (${query.segment}) for the ${query.grain} from ${query.week}. A week starts on a Monday.`,
          );
        }
        return {
          sources: found.sources,
          refreshed_at: found.refreshedAt,
          loads: found.loads.map((one) => ({
            table: one.source,
            rows: one.rows,
            load: one.load === null ? null : loadOf(one.load),
          })),
        };
      },
    ),
  ];
}

function standing(newestDay: string | null, today: string, cadenceDays: number) {
  if (newestDay === null) {
    return {
      status: 'empty' as const,
      newest_day: null,
      age_days: null,
      cadence_days: cadenceDays,
      note: 'No rows yet.',
    };
  }
  const ageDays = Math.round((Date.parse(today) - Date.parse(newestDay)) / 86_400_000);
  const isStopped = ageDays > cadenceDays;
  const note = isStopped
    ? `Nothing newer than ${newestDay}, ${ageDays} days ago; a row is expected every ${cadenceDays} days. See why the sender stopped.`
    : null;
  return {
    status: isStopped ? ('stopped' as const) : ('fresh' as const),
    newest_day: newestDay,
    age_days: ageDays,
    cadence_days: cadenceDays,
    note,
  };
}

type Load = Awaited<ReturnType<typeof readLastLoads>>[number];

function loadOf(row: Load) {
  return {
    id: row.id,
    feed: row.feed,
    origin: row.origin,
    layout: row.layout,
    status: row.status,
    rows_read: row.rowsRead,
    rows_kept: row.rowsKept,
    rows_rejected: row.rowsRejected,
    rows_repeated: row.rowsRepeated,
    gate: row.gate,
    data_from: row.dataFrom,
    data_to: row.dataTo,
    message: row.message,
    started_at: row.startedAt,
    completed_at: row.completedAt,
  };
}
