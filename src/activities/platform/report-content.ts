import { campaignNames, readPropertyFigures, readStageTimes } from '../../db/queries/analytics-figures.ts';
import { readCosts } from '../../db/queries/analytics-money.ts';
import { countMessages } from '../../db/queries/campaign-metrics.ts';
import { csvCell, PROPERTY_CSV_HEADER, propertyCsvLine } from '../../db/queries/property-csv.ts';
import { listSearchRows } from '../../db/queries/report-runs.ts';
import type { ScheduledReport } from '../../db/queries/scheduled-reports.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { measure } from '../../domain/outreach/metrics.ts';

/** What a report says: the mail's text and the file that goes with it. */
export interface ReportContent {
  text: string;
  csv: string;
  rowCount: number;
  /** More fits than is in the file. */
  isCut: boolean;
}

type Cell = string | number | null;

/** Properties in one report. */
export const MOST_ROWS = 10_000;
const SHOWN = 20;

/**
 * Reads what the report tells of, as it is now.
 * @throws ReosError `not_found` when its saved search is gone
 */
export async function readReportContent(trx: TenantTrx, report: ScheduledReport, now: Date): Promise<ReportContent> {
  switch (report.kind) {
    case 'properties':
      return propertiesOf(trx, report);
    case 'pipeline':
      return pipelineOf(trx, now);
    case 'costs':
      return costsOf(trx);
    case 'campaigns':
      return campaignsOf(trx);
  }
}

async function propertiesOf(trx: TenantTrx, report: ScheduledReport): Promise<ReportContent> {
  const rows = report.searchId === null ? null : await listSearchRows(trx, report.searchId, MOST_ROWS + 1);
  if (rows === null) {
    throw new ReosError('not_found', 'The saved search of this report was deleted. Give the report another one.');
  }
  const kept = rows.slice(0, MOST_ROWS);
  const isCut = rows.length > MOST_ROWS;
  const lines = kept.slice(0, SHOWN).map((row) => {
    const place = [row.address ?? row.id, row.city].filter((part) => part !== null).join(', ');
    const price =
      row.listPriceCents === null ? '' : ` · $${Math.round(row.listPriceCents / 100).toLocaleString('en-US')}`;
    return `- ${place}${price}${row.birdDogScore === null ? '' : ` · score ${Math.round(row.birdDogScore)}`}`;
  });
  const head = isCut
    ? `More than ${MOST_ROWS} properties fit; the best are in the file.`
    : kept.length === 1
      ? 'One property fits.'
      : `${kept.length} properties fit.`;
  return {
    text: [head, '', ...lines, ...(kept.length > SHOWN ? ['… the others are in the file.'] : [])].join('\n'),
    csv: PROPERTY_CSV_HEADER + kept.map(propertyCsvLine).join(''),
    rowCount: kept.length,
    isCut,
  };
}

async function pipelineOf(trx: TenantTrx, now: Date): Promise<ReportContent> {
  const figures = await readPropertyFigures(trx, now);
  const times = await readStageTimes(trx);
  const hours: Record<string, number | null> = { ...times, packet_ready: times.packetReady };
  const rows = STATUSES.map((status): Cell[] => {
    const here = figures.filter((row) => row.status === status);
    const total = (key: 'properties' | 'day' | 'week') => here.reduce((sum, row) => sum + row[key], 0);
    const median = hours[status] ?? null;
    return [
      status,
      total('properties'),
      total('day'),
      total('week'),
      median === null ? null : Math.round(median * 10) / 10,
    ];
  });
  return tableOf(['status', 'properties', 'found_24h', 'found_7d', 'median_hours_from_stage_before'], rows);
}

async function costsOf(trx: TenantTrx): Promise<ReportContent> {
  const rows = (await readCosts(trx, 2)).map((row): Cell[] => [
    row.month,
    row.resource,
    row.kind,
    row.calls,
    row.costMicros / 1e6,
  ]);
  return tableOf(['month', 'resource', 'kind', 'calls', 'cost_usd'], rows);
}

async function campaignsOf(trx: TenantTrx): Promise<ReportContent> {
  const names = await campaignNames(trx);
  const share = (value: number | null | undefined) => (value == null ? null : Math.round(value * 1_000) / 1_000);
  const rows = (await countMessages(trx, null)).map((group): Cell[] => {
    const values = measure(group);
    const rates = [values['open_rate'], values['click_rate'], values['reply_rate']].map(share);
    const name = names.get(group.campaignId) ?? group.campaignId;
    return [
      name,
      group.step,
      group.channel,
      group.variant,
      group.sent,
      group.delivered,
      ...rates,
      group.costMicros / 1e6,
    ];
  });
  const header = [
    'campaign',
    'step',
    'channel',
    'variant',
    'sent',
    'delivered',
    'open_rate',
    'click_rate',
    'reply_rate',
  ];
  return tableOf([...header, 'cost_usd'], rows);
}

function tableOf(header: readonly string[], rows: readonly Cell[][]): ReportContent {
  const lines = rows.slice(0, SHOWN).map((row) => `- ${row.map((cell, at) => wordOf(header[at]!, cell, at)).join('')}`);
  const empty = rows.length === 0 ? ['There is nothing to report.'] : [];
  return {
    text: [...empty, ...lines, ...(rows.length > SHOWN ? ['… the others are in the file.'] : [])].join('\n'),
    csv: [header.join(','), ...rows.map((row) => row.map(csvCell).join(','))].map((line) => `${line}\r\n`).join(''),
    rowCount: rows.length,
    isCut: false,
  };
}

function wordOf(name: string, cell: Cell, at: number): string {
  if (at === 0) return `${cell ?? ''}:`;
  return cell === null ? '' : `${at === 1 ? ' ' : ', '}${name.replaceAll('_', ' ')} ${cell}`;
}
