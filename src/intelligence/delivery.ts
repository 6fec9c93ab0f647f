import { formatFigure } from '../domain/market/figures.ts';

/** What an alert says. */
export interface AlertText {
  severity: string;
  issue: string;
  action: string;
  impactExpected: number | null;
  /** 0–1. */
  confidence: number;
  packetId: string;
}

/** The lines of an alert, the same on every channel. */
export function alertLines(alert: AlertText): string[] {
  const { severity, issue, action, impactExpected, confidence, packetId } = alert;
  return [
    `${severity}: ${issue}`,
    `Recommended: ${action}`,
    ...(impactExpected === null ? [] : [`Expected impact: ${formatFigure(impactExpected, 'usd')}`]),
    `Confidence: ${formatFigure(confidence, 'percent')}`,
    `Decision packet ${packetId}`,
  ];
}

/** The largest text that Slack takes in one message, with room to spare. */
const SLACK_CHARACTERS = 35_000;

/** The body of a post to Slack's incoming webhook. Text out of data mentions nobody and links nowhere. */
export function slackBody(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const cut =
    escaped.length > SLACK_CHARACTERS
      ? `${escaped.slice(0, SLACK_CHARACTERS)}\n… cut; the archive has it whole.`
      : escaped;
  return JSON.stringify({ text: cut, mrkdwn: false, unfurl_links: false, unfurl_media: false });
}

/** The subject of a mail with the alert. */
export const alertSubject = ({ severity, issue }: AlertText) => `${severity}: ${issue}`.slice(0, 200);
