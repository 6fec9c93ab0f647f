import { z } from '@hono/zod-openapi';
import {
  campaignNames,
  readPropertyFigures,
  readStageTimes,
  readWorkFigures,
  TIMED_EVENTS,
} from '../../db/queries/analytics-figures.ts';
import { countMessages, type MetricGroup } from '../../db/queries/campaign-metrics.ts';
import { listModels } from '../../db/queries/models.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { addCounts, measure } from '../../domain/outreach/metrics.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { costDollars, id, instant } from '../kit/schemas.ts';
import { count, percent, percentOf, rounded } from './rates.ts';

const KEPT = 'Reckoned over everything the tenant has, and kept for 5 minutes: `as_of` says from when it is.';
const common = { method: 'get', tag: 'Analytics', permission: 'properties:read', cache: 'figures' } as const;
const score = z.number().nullable();
const share = z.number().nullable().openapi({ description: 'Share, 0 to 1; null where there is nothing to divide by' });
const rates = {
  sent: count,
  delivered: count,
  opened: count,
  clicked: count,
  replied: count,
  open_rate: share,
  click_rate: share,
  reply_rate: share,
  cost: costDollars,
  cost_per_reply: z.number().nullable().openapi({ description: 'US dollars' }),
};

const TOP_COUNTIES = 10;
const FORWARD = STATUSES.filter((status) => status !== 'failed' && status !== 'suppressed');

/** `/api/v1/analytics/dashboard`, `/pipeline` and `/performance`. */
export function analyticsFigureEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/v1/analytics/dashboard',
        operationId: 'getDashboard',
        summary: 'The figures of the first page',
        description: KEPT,
        answer: z.object({
          as_of: instant,
          properties: z.object({
            total: count,
            by_status: z.record(z.string(), count),
            new_24h: count,
            new_7d: count,
            scored: count,
            average_score: score,
          }),
          memos: count,
          messages: z.object({ sent: count, replied: count }),
          cost_month_to_date: costDollars,
          top_counties: z.array(z.object({ county_fips: z.string(), properties: count, average_score: score })),
        }),
      },
      async ({ trx, now }) => {
        const figures = await readPropertyFigures(trx, now);
        const work = await readWorkFigures(trx, now);
        const scored = sum(figures, 'scored');
        const counties = groupBy(figures, ({ countyFips }) => countyFips).map(([fips, rows]) => ({
          county_fips: fips,
          properties: sum(rows, 'properties'),
          average_score: averageOf(sum(rows, 'scoreSum'), sum(rows, 'scored')),
        }));
        counties.sort((a, b) => b.properties - a.properties || a.county_fips.localeCompare(b.county_fips));
        return {
          as_of: now,
          properties: {
            total: sum(figures, 'properties'),
            by_status: byStatus(figures),
            new_24h: sum(figures, 'day'),
            new_7d: sum(figures, 'week'),
            scored,
            average_score: averageOf(sum(figures, 'scoreSum'), scored),
          },
          memos: work.memos,
          messages: { sent: work.messagesSent, replied: work.messagesReplied },
          cost_month_to_date: work.monthCostMicros,
          top_counties: counties.slice(0, TOP_COUNTIES),
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/v1/analytics/pipeline',
        operationId: 'getPipelineAnalytics',
        summary: 'How far properties come, and how long each stage takes',
        description: `${KEPT} A property counts for every stage up to its own; those that failed or were suppressed stand beside. Times are medians among the newest ${TIMED_EVENTS} events.`,
        answer: z.object({
          as_of: instant,
          total: count,
          funnel: z.array(
            z.object({
              stage: z.string(),
              here: count.openapi({ description: 'Properties in this stage now' }),
              reached: count.openapi({ description: 'Those that came this far or farther' }),
              conversion: percent.openapi({ description: 'Of those that reached the stage before' }),
              median_hours: z.number().nullable().openapi({ description: 'From the stage before to this one' }),
            }),
          ),
          failed: count,
          suppressed: count,
        }),
      },
      async ({ trx, now }) => {
        const counts = byStatus(await readPropertyFigures(trx, now));
        const times = await readStageTimes(trx);
        const hours: Record<string, number | null> = { ...times, packet_ready: times.packetReady };
        const reached = FORWARD.map((_, at) => FORWARD.slice(at).reduce((all, stage) => all + (counts[stage] ?? 0), 0));
        return {
          as_of: now,
          total: Object.values(counts).reduce((all, one) => all + one, 0),
          funnel: FORWARD.map((stage, at) => ({
            stage,
            here: counts[stage] ?? 0,
            reached: reached[at]!,
            conversion: at === 0 ? percentOf(reached[0]!, reached[0]!) : percentOf(reached[at]!, reached[at - 1]!),
            median_hours: rounded(hours[stage] ?? null),
          })),
          failed: counts['failed'] ?? 0,
          suppressed: counts['suppressed'] ?? 0,
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/v1/analytics/performance',
        operationId: 'getAnalyticsPerformance',
        summary: 'What outreach brings by campaign and channel, and how good valuations are',
        description: KEPT,
        answer: z.object({
          as_of: instant,
          total: z.object(rates),
          campaigns: z.array(z.object({ campaign_id: id, name: z.string(), channel: z.string(), ...rates })),
          channels: z.array(z.object({ channel: z.string(), ...rates })),
          valuation: z.array(
            z.object({
              market: z.string(),
              version: z.string(),
              sales: count,
              metrics: z.record(z.string(), z.unknown()).openapi({ description: 'On sales it was not trained with' }),
            }),
          ),
        }),
      },
      async ({ trx, now }) => {
        const groups = await countMessages(trx, null);
        const names = await campaignNames(trx);
        const champions = await listModels(trx, { kind: 'avm', stage: 'champion' });
        const campaigns = groupBy(groups, ({ campaignId, channel }) => `${campaignId} ${channel}`);
        return {
          as_of: now,
          total: ratesOf(groups),
          campaigns: campaigns.map(([, rows]) => ({
            campaign_id: rows[0]!.campaignId,
            name: names.get(rows[0]!.campaignId) ?? '',
            channel: rows[0]!.channel,
            ...ratesOf(rows),
          })),
          channels: groupBy(groups, ({ channel }) => channel).map(([channel, rows]) => ({ channel, ...ratesOf(rows) })),
          valuation: champions.map(({ market, version, dataRows, metrics }) => ({
            market,
            version,
            sales: dataRows,
            metrics: { ...metrics },
          })),
        };
      },
    ),
  ];
}

function ratesOf(groups: readonly MetricGroup[]) {
  const counts = addCounts(groups);
  const values = measure(counts);
  return {
    sent: counts.sent,
    delivered: counts.delivered,
    opened: counts.opened,
    clicked: counts.clicked,
    replied: counts.replied,
    open_rate: values['open_rate'] ?? null,
    click_rate: values['click_rate'] ?? null,
    reply_rate: values['reply_rate'] ?? null,
    cost: counts.costMicros,
    cost_per_reply: values['cost_per_reply'] ?? null,
  };
}

const averageOf = (total: number, of: number) => (of === 0 ? null : rounded(total / of));

function sum<K extends string>(rows: readonly Record<K, number>[], key: K): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

function byStatus(rows: readonly { status: string; properties: number }[]): Record<string, number> {
  return Object.fromEntries(
    groupBy(rows, ({ status }) => status).map(([name, same]) => [name, sum(same, 'properties')]),
  );
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return [...groups];
}
