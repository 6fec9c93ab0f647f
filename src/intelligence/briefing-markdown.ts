import { formatFigure } from '../domain/market/figures.ts';
import { type Evidence, SEVERITIES, type Severity } from '../domain/market/packets.ts';
import type { Figure, Headline, Section } from './briefing-section.ts';

/** A packet as the briefing tells of it. Impacts in dollars, confidence 0–1. */
export interface BriefedPacket {
  id: string;
  issue: string;
  severity: Severity;
  evidence: readonly Evidence[];
  action: string;
  impactLow: number | null;
  impactExpected: number | null;
  impactHigh: number | null;
  confidence: number;
  owner: string | null;
  status: string;
  firstSeen: string;
  timesSeen: number;
  /** Day, YYYY-MM-DD. */
  expires: string;
}

/** When a feed last brought rows; days, null when never. */
export interface FeedState {
  feed: string;
  loadedOn: string | null;
  dataTo: string | null;
  failedOn: string | null;
}

/** All that a briefing says. */
export interface Briefing {
  tenant: string;
  day: string;
  timeZone: string;
  author: 'planner' | 'agent';
  dataThrough: string | null;
  headlines: readonly Headline[];
  /** The headlines of the briefing before, by key; null without one. */
  before: { day: string; figures: Readonly<Record<string, number | null>> } | null;
  changes: {
    opened: readonly string[];
    escalated: readonly string[];
    healed: readonly string[];
    expired: readonly string[];
  };
  packets: readonly BriefedPacket[];
  sections: readonly Section[];
  feeds: readonly FeedState[];
  notes: readonly string[];
  /** Of the model, checked; null when the planner alone wrote. */
  commentary: string | null;
}

/** The briefing as Markdown: a file to be forwarded. The same for the same content. Texts out of data cannot break it. */
export function briefingMarkdown(briefing: Briefing): string {
  const { tenant, day, timeZone, dataThrough, packets, commentary } = briefing;
  const about = [
    `${weekday(day)}, ${day} (${timeZone})`,
    dataThrough === null ? 'no data yet' : `data through ${dataThrough}`,
  ];
  const parts = [
    `# Market briefing for ${clean(tenant)}`,
    `${about.join(' · ')}`,
    ...(commentary === null ? [] : ['## In short', commentary.trim()]),
    '## Headline figures',
    headlinesOf(briefing),
    '## What changed',
    changesOf(briefing),
    `## Decisions (${packets.length})`,
    packets.length === 0 ? 'Nothing needs a decision today.' : packetsOf(packets),
    ...briefing.sections.flatMap(sectionOf),
    '## Data freshness',
    freshnessOf(briefing.feeds),
    ...(briefing.notes.length === 0 ? [] : ['## Notes', bullets(briefing.notes.map(clean))]),
    `*Written by the ${briefing.author === 'agent' ? 'model and the planner' : 'planner'}. Every figure is the answer of a tool; the questions behind the evidence are kept with each decision packet.*`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function headlinesOf({ headlines, before }: Briefing): string {
  if (headlines.length === 0) return 'There are none: no tool had data.';
  const rows = headlines.map((one) => {
    const past = before?.figures[one.key];
    const change = past === undefined || past === null || one.value === null ? '' : changed(one.value - past, one.unit);
    return [clean(one.label), figure(one), change];
  });
  return markdownTable(['Figure', 'Today', before === null ? 'Change' : `Since ${before.day}`], rows);
}

const changed = (difference: number, unit: string) => {
  const text = formatFigure(difference, unit);
  return !/[1-9]/.test(text) ? 'unchanged' : difference > 0 ? `+${text}` : text;
};

function changesOf({ changes, before }: Briefing): string {
  const lines = [
    ...changes.opened.map((issue) => `New: ${clean(issue)}`),
    ...changes.escalated.map((issue) => `Worse: ${clean(issue)}`),
    ...changes.healed.map((issue) => `Over: ${clean(issue)}`),
    ...changes.expired.map((issue) => `Expired: ${clean(issue)}`),
  ];
  if (lines.length > 0) return bullets(lines);
  return before === null ? 'This is the first briefing.' : `Nothing since ${before.day}.`;
}

function packetsOf(packets: readonly BriefedPacket[]): string {
  const parts: string[] = [];
  for (const severity of [...SEVERITIES].reverse()) {
    const ofSeverity = packets.filter((packet) => packet.severity === severity);
    if (ofSeverity.length === 0) continue;
    parts.push(`### ${severity} (${ofSeverity.length})`, ...ofSeverity.map(packetOf));
  }
  return parts.join('\n\n');
}

function packetOf(packet: BriefedPacket): string {
  const { impactLow: low, impactExpected: expected, impactHigh: high } = packet;
  const range = low === null || high === null ? '' : ` (${formatFigure(low, 'usd')} to ${formatFigure(high, 'usd')})`;
  const lines = [
    `**${clean(packet.issue)}**`,
    '',
    `- Recommended: ${clean(packet.action)}`,
    ...(expected === null ? [] : [`- Expected impact: ${formatFigure(expected, 'usd')}${range}`]),
    `- Confidence: ${formatFigure(packet.confidence, 'percent')}`,
    ...packet.evidence.map(
      ({ label, value, unit, tool }) => `- ${clean(label)}: ${formatFigure(value, unit)} (\`${clean(tool)}\`)`,
    ),
    `- Owner: ${clean(packet.owner ?? 'nobody yet')} · ${packet.status} · first seen ${packet.firstSeen}, on ${packet.timesSeen} ${packet.timesSeen === 1 ? 'day' : 'days'} · expires ${packet.expires} · \`${packet.id}\``,
  ];
  return lines.join('\n');
}

function sectionOf(section: Section): string[] {
  const title = `## ${section.title}`;
  if (section.unavailable !== null) return [title, `Not available: ${clean(section.unavailable)}`];
  const body =
    section.rows.length === 0
      ? 'Nothing to show.'
      : markdownTable(
          section.columns,
          section.rows.map((row) => row.map((cell) => (typeof cell === 'string' ? clean(cell) : figure(cell)))),
        );
  const through = section.dataThrough === null ? 'no data' : `data through ${section.dataThrough}`;
  const notes = section.notes.length === 0 ? [] : [bullets(section.notes.map(clean))];
  return [title, body, ...notes, `*Source: \`${section.tool}\`, ${through}.*`];
}

function freshnessOf(feeds: readonly FeedState[]): string {
  const rows = feeds.map(({ feed, loadedOn, dataTo, failedOn }) => [
    clean(feed),
    loadedOn ?? 'never',
    dataTo ?? '–',
    failedOn === null ? '' : `the load of ${failedOn} failed`,
  ]);
  return rows.length === 0
    ? 'No feed has brought anything yet.'
    : markdownTable(['Feed', 'Last load', 'Data to', 'Remark'], rows);
}

const figure = (cell: Figure) => formatFigure(cell.value, cell.unit);
const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');

function markdownTable(columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text out of data on one line, its Markdown and HTML without effect. */
function clean(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*[\]<>|#]/g, (sign) => `\\${sign}`);
}

const weekday = (day: string) =>
  new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
