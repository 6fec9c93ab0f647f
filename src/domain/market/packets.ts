/** How serious an issue is, mildest first. */
export const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A number behind an issue, with the question whose answer it is in. */
export interface Evidence {
  /** Such as `Inventory against its expected level`. */
  label: string;
  value: number;
  /** usd, percent, ratio, days, homes, z … */
  unit: string;
  tool: string;
  /** The tool's input. */
  input: unknown;
  /** The readings of the warehouse that the tool made: name, parameters, rows. */
  readings: ReadonlyArray<{ reading: string; params: unknown; rows: number }>;
}

/** Dollars: `low` and `high` are the ends of the interval around `expected`. */
export interface Impact {
  low: number;
  expected: number;
  high: number;
}

/** What a look at the markets found on one day. */
export interface Finding {
  /** The check that found it, such as `inventory_surge`: what is checked again decides what may heal. */
  check: string;
  market: string | null;
  segment: string | null;
  /** Tells apart several issues of one check in one market; null when there can be one. */
  detail: string | null;
  issue: string;
  severity: Severity;
  tool: string;
  evidence: readonly Evidence[];
  action: string;
  /** Null when nothing is known of what it costs or brings. */
  impact: Impact | null;
  /** As the tool stated it, 0–1. */
  statedConfidence: number;
  /** As outcomes so far would have it, 0–1. */
  confidence: number;
  owner: string | null;
  /** Days until it expires when it is not seen again. */
  expiresInDays: number;
}

/** A packet as it is kept, as far as the next look needs it. */
export interface KnownPacket {
  id: string;
  issueKey: string;
  severity: Severity;
  status: 'open' | 'accepted' | 'rejected' | 'closed' | 'expired';
  /** Day, YYYY-MM-DD. */
  lastSeen: string;
  timesSeen: number;
  expiresAt: Date;
}

/** What a look changes. */
export interface PacketChanges {
  opened: Array<{ issueKey: string; finding: Finding; expiresAt: Date }>;
  /** Seen again; `escalated` when it is worse than it was. `timesSeen` counts days. */
  renewed: Array<{
    id: string;
    issueKey: string;
    finding: Finding;
    timesSeen: number;
    escalated: boolean;
    expiresAt: Date;
  }>;
  /** Looked for and not found. */
  healed: string[];
  /** Not looked for in time. */
  expired: string[];
}

/** The same issue on another day has the same key: check, market, segment, detail; nothing that changes from day to day. */
export function issueKey({ check, market, segment, detail }: Pick<Finding, 'check' | 'market' | 'segment' | 'detail'>) {
  return [check, market, segment, detail].map((part) => encodeURIComponent(part ?? '')).join('/');
}

/** The check and the market in a key. */
export function keyParts(key: string): { check: string; market: string | null } {
  const [check = '', market = ''] = key.split('/').map(decodeURIComponent);
  return { check, market: market === '' ? null : market };
}

/** Above 0 when `a` is worse than `b`. */
export const compareSeverity = (a: Severity, b: Severity) => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);

/**
 * A severity by how far a figure is beyond its threshold: at least 1× is the first of them, 1.5× the next, 2.5× the next.
 * @param times the figure as a multiple of its threshold
 */
export function severityOf(times: number): Severity {
  return times >= 2.5 ? 'CRITICAL' : times >= 1.5 ? 'HIGH' : times >= 1 ? 'MEDIUM' : 'LOW';
}

/** A finding that is hardly founded is not shouted: below 0.2 it is LOW, below 0.5 at most MEDIUM. */
export function tempered(severity: Severity, confidence: number): Severity {
  const most: Severity = confidence < 0.2 ? 'LOW' : confidence < 0.5 ? 'MEDIUM' : 'CRITICAL';
  return compareSeverity(severity, most) > 0 ? most : severity;
}

/**
 * Holds what was found against what is known. A finding whose packet is live renews it, and escalates it when worse; one
 * that a person rejected stays away until it is worse or the rejected packet's time has passed; one closed by a person
 * stays away for that day. A live packet whose check was made for its market and found nothing is healed; one that nobody
 * looked for expires at its time. The same look twice on one day changes nothing the second time.
 * @param known live packets, and those that a person rejected or closed; with several of one key the newest first
 * @param wasChecked whether the look included a check of a market
 * @param day of the look, YYYY-MM-DD
 */
export function reconcilePackets(
  known: readonly KnownPacket[],
  findings: readonly Finding[],
  { day, now, wasChecked }: { day: string; now: Date; wasChecked(check: string, market: string | null): boolean },
): PacketChanges {
  const changes: PacketChanges = { opened: [], renewed: [], healed: [], expired: [] };
  const found = worstOfEach(findings);
  for (const [key, finding] of found) {
    const expiresAt = new Date(now.getTime() + finding.expiresInDays * 86_400_000);
    const ofKey = known.filter((packet) => packet.issueKey === key);
    const live = ofKey.find(isLive);
    if (live !== undefined) {
      changes.renewed.push({
        id: live.id,
        issueKey: key,
        finding,
        timesSeen: live.lastSeen < day ? live.timesSeen + 1 : live.timesSeen,
        escalated: compareSeverity(finding.severity, live.severity) > 0,
        expiresAt,
      });
    } else if (!ofKey.some((packet) => isSettled(packet, finding, day, now))) {
      changes.opened.push({ issueKey: key, finding, expiresAt });
    }
  }
  for (const packet of known) {
    if (!isLive(packet) || found.has(packet.issueKey)) continue;
    const { check, market } = keyParts(packet.issueKey);
    if (wasChecked(check, market)) changes.healed.push(packet.id);
    else if (packet.expiresAt <= now) changes.expired.push(packet.id);
  }
  return changes;
}

const isLive = ({ status }: KnownPacket) => status === 'open' || status === 'accepted';

/** Whether a person has dealt with it already. */
function isSettled(packet: KnownPacket, finding: Finding, day: string, now: Date): boolean {
  if (packet.status === 'closed') return packet.lastSeen >= day;
  return (
    packet.status === 'rejected' && packet.expiresAt > now && compareSeverity(finding.severity, packet.severity) <= 0
  );
}

function worstOfEach(findings: readonly Finding[]): Map<string, Finding> {
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    const key = issueKey(finding);
    const other = worst.get(key);
    if (other === undefined || compareSeverity(finding.severity, other.severity) > 0) worst.set(key, finding);
  }
  return new Map([...worst].sort(([a], [b]) => (a < b ? -1 : 1)));
}
