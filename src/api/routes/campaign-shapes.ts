import { z } from '@hono/zod-openapi';
import type { Campaign } from '../../db/queries/campaigns.ts';
import { workflowIds } from '../../domain/ids.ts';
import { campaignSchema } from '../../domain/outreach/campaign.ts';
import { id, instant } from '../kit/schemas.ts';

/** Whether every text in a value can be stored: Postgres knows no NUL, and lone surrogates are no text. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && !/\p{Cs}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}

const NO_TEXT = 'must be text without NUL';

/** A new campaign's definition. */
export const newCampaign = campaignSchema.refine(isStorable, NO_TEXT).openapi('NewCampaign');

/** Some fields of a definition; what is left out stays. */
export const campaignChange = z
  .strictObject(
    Object.fromEntries(
      Object.entries(campaignSchema.shape).map(([name, schema]): [string, z.ZodType] => {
        const inner: unknown = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
        return [name, (inner as z.ZodType).optional()];
      }),
    ),
  )
  .refine(isStorable, NO_TEXT)
  .openapi('CampaignChange');

// An answer tells what is stored, even where an older row lacks what a new one must have.
const definition = z
  .object({
    kind: z.enum(['investor', 'owner']),
    audience: z.object({
      min_score: z.number(),
      counties: z.array(z.string()),
      property_types: z.array(z.string()),
      contact_tags: z.array(z.string()),
      tags: z.array(z.string()).optional().openapi({ description: 'Tags of properties: one is enough' }),
    }),
    steps: z.array(
      z.object({
        channel: z.string(),
        template: z.string(),
        wait_days: z.number().optional(),
        variants: z.array(z.object({ name: z.string(), template: z.string(), weight: z.number() })),
      }),
    ),
    needs_approval: z.boolean(),
    send_window: z
      .object({ days: z.array(z.number()), start_hour: z.number(), end_hour: z.number() })
      .nullable()
      .openapi({ description: 'Days 1 (Monday) to 7; hours in the recipient’s own time. Null: always' }),
    throttle: z
      .object({
        per_domain_per_hour: z.number().nullable(),
        warm_up: z.object({ start_per_day: z.number(), growth: z.number() }).nullable(),
      })
      .nullable(),
    max_per_run: z.number(),
    weekly_cap_per_recipient: z.number(),
    dedupe_days: z.number(),
    wait_days: z.number(),
    sender: z.object({
      name: z.string(),
      email: z.string(),
      reply_to: z.string().optional(),
      phone: z.string().optional(),
      address: z.record(z.string(), z.unknown()).optional(),
    }),
    postal_address: z.string(),
    call_to_action: z.object({ label: z.string(), url: z.string() }).nullable(),
  })
  .openapi('CampaignDefinition');

/** A campaign in answers. */
export const campaign = z
  .object({
    id,
    workflow_id: z.string(),
    name: z.string(),
    status: z.enum(['draft', 'active', 'paused', 'ended']),
    approved_at: instant.nullable(),
    approved_by: z.string().nullable(),
    created_at: instant,
    ended_at: instant.nullable(),
    reason: z.string().nullable(),
    definition,
  })
  .openapi('Campaign');

/** A stored campaign as answers show it. */
export function campaignOf(tenantId: string, stored: Campaign): z.input<typeof campaign> {
  const { name, ...rest } = stored.definition;
  return {
    id: stored.id,
    workflow_id: workflowIds.campaign(tenantId, stored.id),
    name,
    status: stored.status,
    approved_at: stored.approvedAt,
    approved_by: stored.approvedAt === null ? null : stored.approvedBy,
    created_at: stored.createdAt,
    ended_at: stored.endedAt,
    reason: stored.reason,
    definition: rest,
  };
}
