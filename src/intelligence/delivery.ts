import { formatFigure } from '../domain/market/figures.ts';
import type { Evidence } from '../domain/market/packets.ts';

/** What an alert says. */
export interface AlertText {
  severity: string;
  issue: string;
  action: string;
  /** Dollars; null where nothing is known of what it costs or brings. */
  impactLow: number | null;
  impactExpected: number | null;
  impactHigh: number | null;
  evidence: readonly Pick<Evidence, 'label' | 'value' | 'unit'>[];
  /** 0–1. */
  confidence: number;
  packetId: string;
}

/** Numbers behind an issue that an alert tells; the packet has them all. */
const TOLD = 3;

/** The lines of an alert, the same on every channel. */
export function alertLines(alert: AlertText): string[] {
  const { severity, issue, action, evidence, impactLow, impactExpected, impactHigh, confidence, packetId } = alert;
  const interval =
    impactLow === null || impactHigh === null
      ? ''
      : ` (${formatFigure(impactLow, 'usd')} to ${formatFigure(impactHigh, 'usd')})`;
  return [
    `${severity}: ${issue}`,
    ...evidence.slice(0, TOLD).map(({ label, value, unit }) => `${label}: ${formatFigure(value, unit)}`),
    `Recommended: ${action}`,
    ...(impactExpected === null ? [] : [`Expected impact: ${formatFigure(impactExpected, 'usd')}${interval}`]),
    `Confidence: ${formatFigure(confidence, 'percent')}`,
    `Decision packet ${packetId}`,
  ];
}

/** The largest text that Slack takes in one message, with room to spare. */
const SLACK_CHARACTERS = 35_000;

/** The body of a post to Slack's incoming webhook. Text out of data mentions nobody and links nowhere. */
export function slackBody(text: string): string {
  const escaped = slackText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const cut =
    escaped.length > SLACK_CHARACTERS
      ? `${escaped.slice(0, SLACK_CHARACTERS)}\n… cut; the archive has it whole.`
      : escaped;
  return JSON.stringify({ text: cut, mrkdwn: false, unfurl_links: false, unfurl_media: false });
}

/** Markdown as plain text: Slack shows no tables, so the rows of one become lines with its columns' names. */
function slackText(markdown: string): string {
  const lines: string[] = [];
  let columns: string[] | undefined;
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('|')) {
      columns = undefined;
      lines.push(line.replace(/^#{1,6} +/, ''));
      continue;
    }
    const cells = cellsOf(line);
    if (columns === undefined) columns = cells;
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) lines.push(rowText(columns, cells));
  }
  return lines.join('\n');
}

function rowText(columns: readonly string[], [first = '', ...rest]: readonly string[]): string {
  const told = rest.flatMap((cell, at) => (cell === '' ? [] : `${columns[at + 1] ?? ''} ${cell}`.trim()));
  return `• ${[first, ...told].join(' · ')}`;
}

/** Cells of a table's row; an escaped bar belongs to its cell. */
const cellsOf = (line: string) =>
  line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

/** The subject of a mail with the alert. */
export const alertSubject = ({ severity, issue }: AlertText) => `${severity}: ${issue}`.slice(0, 200);
