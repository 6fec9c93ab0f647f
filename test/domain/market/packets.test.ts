import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareSeverity,
  type Finding,
  issueKey,
  type KnownPacket,
  keyParts,
  type PacketChanges,
  reconcilePackets,
  SEVERITIES,
  severityOf,
  tempered,
} from '../../../src/domain/market/packets.ts';

const finding = (over: Partial<Finding> = {}): Finding => ({
  check: 'inventory_surge',
  market: 'Phoenix, AZ',
  segment: 'all',
  detail: null,
  issue: 'Inventory surges',
  severity: 'MEDIUM',
  tool: 'detect_inventory_surges',
  evidence: [],
  action: 'Hold offers',
  impact: null,
  statedConfidence: 0.8,
  confidence: 0.8,
  owner: null,
  expiresInDays: 7,
  ...over,
});
const at = (day: string) => new Date(`${day}T12:00:00Z`);
const look = (day: string, wasChecked = true) => ({ day, now: at(day), wasChecked: () => wasChecked });

/** Does to the packets what the database would. */
function apply(known: readonly KnownPacket[], changes: PacketChanges, day: string): KnownPacket[] {
  const kept = known.map((packet): KnownPacket => {
    const renewed = changes.renewed.find(({ id }) => id === packet.id);
    if (renewed !== undefined) {
      const { finding: seen, timesSeen, expiresAt } = renewed;
      return { ...packet, severity: seen.severity, lastSeen: day, timesSeen, expiresAt };
    }
    if (changes.healed.includes(packet.id)) return { ...packet, status: 'closed' };
    return changes.expired.includes(packet.id) ? { ...packet, status: 'expired' } : packet;
  });
  const opened = changes.opened.map(
    ({ issueKey: key, finding: seen, expiresAt }, index): KnownPacket => ({
      id: `${day}-${known.length + index}`,
      issueKey: key,
      severity: seen.severity,
      status: 'open',
      lastSeen: day,
      timesSeen: 1,
      expiresAt,
    }),
  );
  return [...kept, ...opened];
}

describe('decision packets', () => {
  it('are opened once, renewed day after day, escalated when worse, healed when gone', () => {
    let known = apply([], reconcilePackets([], [finding()], look('2026-03-02')), '2026-03-02');
    expect(known).toMatchObject([{ severity: 'MEDIUM', timesSeen: 1, status: 'open' }]);
    const again = reconcilePackets(known, [finding()], look('2026-03-02'));
    expect(again.opened).toEqual([]);
    expect(again.renewed).toMatchObject([{ timesSeen: 1, escalated: false }]);
    const worse = reconcilePackets(known, [finding({ severity: 'CRITICAL' })], look('2026-03-03'));
    expect(worse.renewed).toMatchObject([{ timesSeen: 2, escalated: true, expiresAt: at('2026-03-10') }]);
    known = apply(known, worse, '2026-03-03');
    expect(reconcilePackets(known, [], look('2026-03-04')).healed).toEqual([known[0]!.id]);
  });

  it('are not healed by a check that was not made; they expire', () => {
    const known = apply([], reconcilePackets([], [finding()], look('2026-03-02')), '2026-03-02');
    expect(reconcilePackets(known, [], look('2026-03-05', false))).toMatchObject({ healed: [], expired: [] });
    expect(reconcilePackets(known, [], look('2026-03-09', false)).expired).toEqual([known[0]!.id]);
  });

  it('stay away when a person rejected them, until they are worse or their time has passed', () => {
    const [packet] = apply([], reconcilePackets([], [finding()], look('2026-03-02')), '2026-03-02');
    const rejected: KnownPacket[] = [{ ...packet!, status: 'rejected' }];
    const opened = (severity: Finding['severity'], day: string) =>
      reconcilePackets(rejected, [finding({ severity })], look(day)).opened.length;
    expect(opened('MEDIUM', '2026-03-03')).toBe(0);
    expect(opened('HIGH', '2026-03-03')).toBe(1);
    expect(opened('MEDIUM', '2026-03-09')).toBe(1);
    const closed: KnownPacket[] = [{ ...packet!, status: 'closed' }];
    expect(reconcilePackets(closed, [finding()], look('2026-03-02')).opened).toEqual([]);
    expect(reconcilePackets(closed, [finding()], look('2026-03-03')).opened).toHaveLength(1);
  });

  it('keep one live packet for each issue, whatever is found, and a second look on a day changes nothing', () => {
    const found = fc.array(
      fc
        .record({
          market: fc.constantFrom('A', 'B', 'C/D'),
          severity: fc.constantFrom(...SEVERITIES),
          detail: fc.constantFrom(null, 'x'),
        })
        .map(finding),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(found, fc.boolean()), { maxLength: 12 }), (days) => {
        let known: KnownPacket[] = [];
        days.forEach(([findings, wasChecked], index) => {
          const day = `2026-03-${String(index + 1).padStart(2, '0')}`;
          known = apply(known, reconcilePackets(known, findings, look(day, wasChecked)), day);
          const live = known.filter(({ status }) => status === 'open').map((packet) => packet.issueKey);
          expect(new Set(live).size).toBe(live.length);
          for (const one of findings) expect(live).toContain(issueKey(one));
          const second = reconcilePackets(known, findings, look(day, wasChecked));
          expect(second).toMatchObject({ opened: [], healed: [], expired: [] });
          expect(second.renewed.some(({ escalated }) => escalated)).toBe(false);
          expect(apply(known, second, day)).toEqual(known);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('have keys that say check and market, whatever the names', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (check, market) => {
        expect(keyParts(issueKey(finding({ check, market })))).toEqual({ check, market });
      }),
    );
    expect(issueKey(finding({ market: 'a/b', segment: null }))).not.toBe(
      issueKey(finding({ market: 'a', segment: 'b' })),
    );
  });

  it('are as severe as the figure is beyond its threshold, and less when hardly founded', () => {
    expect([0.5, 1, 1.5, 2.5].map(severityOf)).toEqual([...SEVERITIES]);
    expect(tempered('CRITICAL', 0.1)).toBe('LOW');
    expect(tempered('CRITICAL', 0.4)).toBe('MEDIUM');
    expect(tempered('LOW', 0.4)).toBe('LOW');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }), (a, b) => {
        expect(Math.sign(compareSeverity(severityOf(Math.max(a, b)), severityOf(Math.min(a, b))))).not.toBe(-1);
      }),
    );
  });
});
