import { randomUUID } from 'node:crypto';
import { applyPacketChanges } from '../../../src/db/queries/decision-packets-look.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { type Finding, issueKey } from '../../../src/domain/market/packets.ts';
import { dayOf } from '../../../src/intelligence/periods.ts';
import { take } from '../../../src/sdk/client.ts';
import type { SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

/** What three looks would have found, over and above what the briefing finds of itself. */
const FINDINGS = [
  {
    check: 'inventory_surge',
    market: 'Phoenix, AZ',
    issue: 'Phoenix, AZ has 38% more homes for sale than expected since five weeks',
    severity: 'CRITICAL',
    tool: 'detect_inventory_surges',
    action: 'Lower offers in Phoenix, AZ by 3% and sell homes held there first.',
    impact: { low: -410_000, expected: -265_000, high: -120_000 },
    evidence: [
      ['Homes for sale', 1_284, 'homes'],
      ['Expected', 930, 'homes'],
      ['Months of supply', 5.4, 'months'],
    ],
  },
  {
    check: 'pricing_accuracy',
    market: 'Boise, ID',
    issue: 'Automated values in Boise, ID are 6.1% above what homes resell for',
    severity: 'HIGH',
    tool: 'analyze_pricing_accuracy',
    action: 'Take 6% off automated values in Boise, ID until the next resales are in.',
    impact: { low: -95_000, expected: -52_000, high: -18_000 },
    evidence: [
      ['Median value over resale price', 1.061, 'ratio'],
      ['Resales', 41, 'homes'],
    ],
  },
  {
    check: 'funnel_drop',
    market: 'Austin, TX',
    issue: 'Offers accepted in Austin, TX fell from 31% to 22% in four weeks',
    severity: 'MEDIUM',
    tool: 'analyze_funnel_drop',
    action: 'Call back the sellers of the last four weeks who declined.',
    impact: { low: 20_000, expected: 118_000, high: 190_000 },
    evidence: [['Acceptance now', 0.22, 'share']],
  },
] as const;

/** Today's briefing and decision packets: one accepted with what came of it, one rejected, the worst one open. */
export async function seedBriefing(
  { deps }: DashboardSystem,
  { api, tenantId }: SignedUp,
): Promise<{ packetId: string }> {
  await take(api.POST('/api/v1/briefings/run', { body: { deliver: false } }));
  const now = new Date();
  const opened = FINDINGS.map(({ evidence, tool, ...one }) => {
    const finding: Finding = {
      ...one,
      tool,
      segment: 'all',
      detail: null,
      evidence: evidence.map(([label, value, unit]) => ({ label, value, unit, tool, input: {}, readings: [] })),
      statedConfidence: 0.8,
      confidence: 0.71,
      owner: null,
      expiresInDays: 14,
    };
    return { issueKey: issueKey(finding), finding, expiresAt: new Date(now.getTime() + 14 * 86_400_000) };
  });
  const changes = { opened, renewed: [], healed: [], expired: [] };
  const made = await withTenant(deps.db, tenantId, (trx) =>
    applyPacketChanges(trx, changes, { day: dayOf(now), now, idOf: () => randomUUID() }),
  );
  const [open, rejected, accepted] = made.map(({ id }) => ({ path: { id } }));
  const reason = 'Fits what agents tell us';
  await take(api.POST('/api/v1/decision-packets/{id}/accept', { params: accepted!, body: { reason } }));
  const outcome = { outcome: true, actual_value: 118_000, note: 'Eleven sellers called back, two homes bought' };
  await take(api.POST('/api/v1/decision-packets/{id}/outcome', { params: accepted!, body: outcome }));
  await take(
    api.POST('/api/v1/decision-packets/{id}/reject', { params: rejected!, body: { reason: 'A late feed of resales' } }),
  );
  return { packetId: open!.path.id };
}
