import { z } from '@hono/zod-openapi';
import type { PacketRow } from '../../db/queries/decision-packets.ts';
import { SEVERITIES } from '../../domain/market/packets.ts';
import { day, id, instant } from '../kit/schemas.ts';

/** Where a packet is in its life. */
export const packetStatus = z.enum(['open', 'accepted', 'rejected', 'closed', 'expired']);
export const severity = z.enum(SEVERITIES);

const evidence = z.object({
  label: z.string(),
  value: z.number(),
  unit: z.string(),
  tool: z.string(),
  input: z.unknown(),
  readings: z
    .array(z.object({ reading: z.string(), params: z.unknown(), rows: z.number() }))
    .openapi({ description: 'What the tool read from the warehouse' }),
});

/** A packet in a list. */
export const packetSummary = z.object({
  id,
  issue_key: z.string().openapi({ description: 'The same issue on another day has the same key' }),
  issue: z.string(),
  severity,
  market: z.string().nullable(),
  segment: z.string().nullable(),
  tool: z.string(),
  action: z.string().openapi({ description: 'What is recommended' }),
  impact: z
    .object({ low: z.number().nullable(), expected: z.number(), high: z.number().nullable() })
    .nullable()
    .openapi({ description: 'US dollars; null when not known' }),
  confidence: z.number().openapi({ description: '0–1, as outcomes so far would have it' }),
  stated_confidence: z.number().nullable().openapi({ description: '0–1, as the tool stated it' }),
  owner: z.string().nullable(),
  owner_id: id.nullable(),
  status: packetStatus,
  status_reason: z.string().nullable(),
  first_seen: day,
  last_seen: day,
  times_seen: z.number().int().openapi({ description: 'Days on which it was found' }),
  escalated_at: instant.nullable(),
  expires_at: instant,
  created_at: instant,
  updated_at: instant,
});

/** A packet with what it rests on. */
export const packetDetail = packetSummary.extend({ evidence: z.array(evidence) }).openapi('DecisionPacket');

/** The row in that shape. */
export function summaryOf(row: PacketRow): z.input<typeof packetSummary> {
  return {
    id: row.id,
    issue_key: row.issueKey,
    issue: row.issue,
    severity: row.severity,
    market: row.market,
    segment: row.segment,
    tool: row.tool,
    action: row.action,
    impact:
      row.impactExpected === null ? null : { low: row.impactLow, expected: row.impactExpected, high: row.impactHigh },
    confidence: row.confidence,
    stated_confidence: row.statedConfidence,
    owner: row.owner,
    owner_id: row.ownerId,
    status: row.status,
    status_reason: row.statusReason,
    first_seen: row.firstSeen,
    last_seen: row.lastSeen,
    times_seen: row.timesSeen,
    escalated_at: row.escalatedAt,
    expires_at: row.expiresAt,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/** The row with its evidence. */
export function detailOf(row: PacketRow): z.input<typeof packetDetail> {
  return { ...summaryOf(row), evidence: row.evidence.map((one) => ({ ...one, readings: [...one.readings] })) };
}
