import { z } from '@hono/zod-openapi';
import type { WebhookDelivery } from '../../db/queries/webhook-deliveries.ts';
import type { WebhookEndpoint } from '../../db/queries/webhook-endpoints.ts';
import { EVENT_SUBJECTS, type EventType } from '../../domain/events.ts';
import { WEBHOOK_OVERLAP_MS } from '../../domain/webhook-schedule.ts';
import { id, instant } from '../kit/schemas.ts';

const TYPES = Object.keys(EVENT_SUBJECTS) as [EventType, ...EventType[]];
const SUBJECTS = Object.values(EVENT_SUBJECTS);

/** Which events: types and subjects, mixed; empty for every one. Comes out as types. */
export const eventTypesInput = z
  .array(z.enum([...TYPES, ...SUBJECTS]))
  .max(50)
  .transform((names) => TYPES.filter((type) => names.includes(type) || names.includes(EVENT_SUBJECTS[type])))
  .openapi({ description: 'Event types or subjects; none stands for every event', example: ['property.scored'] });

export const webhook = z
  .object({
    id,
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.string()).openapi({ description: 'Empty: every type' }),
    status: z.enum(['active', 'disabled']),
    disabled_reason: z.string().nullable(),
    last_success_at: instant.nullable(),
    last_failure_at: instant.nullable(),
    failing_since: instant.nullable().openapi({ description: 'First failure since the last success' }),
    previous_secret_until: instant.nullable().openapi({ description: 'Until then the secret before signs too' }),
    created_by: id.nullable(),
    created_at: instant,
    updated_at: instant,
  })
  .openapi('Webhook');

export const newWebhook = webhook
  .extend({ secret: z.string().openapi({ description: 'Verifies signatures; shown once' }) })
  .openapi('NewWebhook');

export const webhookDelivery = z
  .object({
    id,
    event_id: id.openapi({ description: 'The header `webhook-id`: the same at every attempt' }),
    event_type: z.string(),
    property_id: id.nullable(),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.number().int(),
    next_attempt_at: instant.nullable().openapi({ description: 'Null once it is settled' }),
    last_status_code: z.number().int().nullable(),
    last_error: z.string().nullable(),
    last_duration_ms: z.number().int().nullable(),
    delivered_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('WebhookDelivery');

/** A webhook as the API shows it. */
export function webhookOf(row: WebhookEndpoint, now: Date) {
  const until = row.rotatedAt === null ? null : new Date(row.rotatedAt.getTime() + WEBHOOK_OVERLAP_MS);
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: row.eventTypes,
    status: row.status as 'active' | 'disabled',
    disabled_reason: row.disabledReason,
    last_success_at: row.lastSuccessAt,
    last_failure_at: row.lastFailureAt,
    failing_since: row.failingSince,
    previous_secret_until: until !== null && until > now ? until : null,
    created_by: row.createdBy,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/** A delivery as the API shows it. */
export function deliveryOf(row: WebhookDelivery) {
  return {
    id: row.id,
    event_id: row.eventId,
    event_type: row.eventType,
    property_id: row.propertyId,
    status: row.status as 'pending' | 'delivered' | 'failed',
    attempts: row.attempts,
    next_attempt_at: row.status === 'pending' ? row.nextAttemptAt : null,
    last_status_code: row.lastStatusCode,
    last_error: row.lastError,
    last_duration_ms: row.lastDurationMs,
    delivered_at: row.deliveredAt,
    created_at: row.createdAt,
  };
}
