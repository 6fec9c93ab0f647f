import { bySeverity } from './market-words.ts';

/** Where a packet is in its life. */
export const PACKET_STATUSES = ['open', 'accepted', 'rejected', 'closed', 'expired'] as const;

/** How packets are put in order. */
export type PacketOrder = 'severity' | 'expiry' | 'impact' | 'changed';

interface Ordered {
  id: string;
  severity: string;
  expires_at: string;
  updated_at: string;
  impact: { expected: number } | null;
}

/** The order that the address names; worst first for any other word. */
export function readPacketOrder(word: string | undefined): PacketOrder {
  return word === 'expiry' || word === 'impact' || word === 'changed' ? word : 'severity';
}

/** The packets in that order; equal ones by severity, then by dollars, then by id. */
export function orderPackets<T extends Ordered>(packets: readonly T[], order: PacketOrder): T[] {
  const dollars = ({ impact }: T) => Math.abs(impact?.expected ?? 0);
  const byDollars = (a: T, b: T) => dollars(b) - dollars(a);
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const first: Record<PacketOrder, (a: T, b: T) => number> = {
    severity: (a, b) => bySeverity(a.severity, b.severity),
    expiry: (a, b) => byText(a.expires_at, b.expires_at),
    impact: byDollars,
    changed: (a, b) => byText(b.updated_at, a.updated_at),
  };
  return [...packets].sort(
    (a, b) => first[order](a, b) || bySeverity(a.severity, b.severity) || byDollars(a, b) || byText(a.id, b.id),
  );
}

/** What may be done with a packet in a state. */
export function deedsOf(status: string): { accept: boolean; reject: boolean; close: boolean; reopen: boolean } {
  return {
    accept: status === 'open',
    reject: status === 'open' || status === 'accepted',
    close: status === 'open' || status === 'accepted',
    reopen: status === 'accepted' || status === 'rejected' || status === 'closed',
  };
}

interface Told {
  status: string;
  status_reason: string | null;
  first_seen: string;
  last_seen: string;
  times_seen: number;
  escalated_at: string | null;
  expires_at: string;
  updated_at: string;
}

/** What happened to a packet, oldest first: when (ISO 8601) and what. */
export function historyOf(packet: Told): Array<{ at: string; what: string }> {
  const days = packet.times_seen === 1 ? 'one day' : `${packet.times_seen} days`;
  const decided = ['accepted', 'rejected', 'closed'].includes(packet.status);
  const reason = packet.status_reason === null ? '' : `: ${packet.status_reason}`;
  const past: Array<{ at: string; what: string }> = [
    { at: packet.first_seen, what: 'Found for the first time' },
    ...(packet.escalated_at === null ? [] : [{ at: packet.escalated_at, what: 'Became worse' }]),
    ...(packet.times_seen > 1 ? [{ at: packet.last_seen, what: `Found again, on ${days} in all` }] : []),
    ...(decided
      ? [{ at: packet.updated_at, what: `${packet.status.charAt(0).toUpperCase()}${packet.status.slice(1)}${reason}` }]
      : []),
    ...(packet.status === 'expired' ? [{ at: packet.updated_at, what: 'Expired: nobody decided in time' }] : []),
  ];
  return past.sort((a, b) =>
    a.at.slice(0, 10) < b.at.slice(0, 10) ? -1 : a.at.slice(0, 10) > b.at.slice(0, 10) ? 1 : 0,
  );
}
