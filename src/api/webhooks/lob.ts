import type { Hono } from 'hono';
import { z } from 'zod';
import { findSendByProviderId } from '../../db/queries/webhook-lookups.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { lobMeaning } from '../../domain/outreach/provider-event-lob.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';
import { refuseLob } from './hmac-signature.ts';
import { readJson, receive } from './receive.ts';
import { recordEvents, type WebhookReceipt } from './record-events.ts';

const MAX_BODY_BYTES = 1024 * 1024;

// As in Lob's API reference (events); the body is the piece of mail as it was then.
const eventSchema = z.looseObject({
  id: z.string().regex(/^evt_\w{1,100}$/, 'is no id of an event'),
  event_type: z.looseObject({ id: z.string().min(1).max(100) }),
  date_created: z.iso.datetime({ offset: true }),
  reference_id: z.string().max(100).optional(),
  body: z.looseObject({
    id: z.string().max(100).optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    failure_reason: z.unknown().optional(),
  }),
});

/** `POST /webhook/lob`: one event of a letter or postcard. It is recorded, or known as a duplicate, before the 200. */
export function lobWebhook(deps: Pick<ApiDeps, 'db' | 'clock' | 'logger' | 'lobWebhookSecret'>): Hono<ApiEnv> {
  const secret = deps.lobWebhookSecret;
  return receive({
    path: '/webhook/lob',
    maxBytes: MAX_BODY_BYTES,
    missingSetting: secret === undefined ? 'LOB_WEBHOOK_SECRET' : null,
    refuse: (c, body) =>
      refuseLob(
        secret ?? '',
        { signature: c.req.header('Lob-Signature'), timestamp: c.req.header('Lob-Signature-Timestamp'), body },
        deps.clock(),
      ),
    accept: async (c, body) => {
      const receipt = await take(deps, body);
      deps.logger.info({ requestId: c.get('requestId'), provider: 'lob', ...receipt }, 'provider events received');
      return c.json(receipt);
    },
  });
}

async function take(deps: Pick<ApiDeps, 'db' | 'clock' | 'logger'>, body: Buffer): Promise<WebhookReceipt> {
  const parsed = eventSchema.safeParse(readJson(body));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ReosError('validation', `The body is no event of Lob's: ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const event = parsed.data;
  const none: WebhookReceipt = { received: 1, recorded: 0, duplicates: 0, unknown_sends: 1, invalid: 0 };
  const meaning = lobMeaning(event.event_type.id);
  if (meaning === null) return none;
  const providerMessageId = event.body.id ?? event.reference_id ?? null;
  const named = event.body.metadata?.['send_id'];
  const sendId = z.uuid().safeParse(named).data ?? (await findSendId(deps, providerMessageId));
  if (sendId === null) return none;
  const failure = event.body.failure_reason;
  const counts = await recordEvents(deps, [
    {
      sendId: sendId.toLowerCase(),
      provider: 'lob',
      providerEventId: event.id,
      // `letter.in_transit` is told as `in_transit`: the channel says that it is mail.
      type: event.event_type.id.replace(/^[a-z_]+\./, ''),
      at: new Date(event.date_created),
      meaning,
      isAnswer: false,
      providerMessageId,
      detail: {
        type: event.event_type.id,
        ...(typeof failure === 'string' ? { reason: failure.slice(0, 500) } : {}),
      },
    },
  ]);
  return { ...none, ...counts };
}

async function findSendId(deps: Pick<ApiDeps, 'db'>, providerMessageId: string | null): Promise<string | null> {
  if (providerMessageId === null) return null;
  const found = await withSystem(deps.db, 'find the send that an event of Lob tells of', (trx) =>
    findSendByProviderId(trx, 'lob', providerMessageId),
  );
  return found?.sendId ?? null;
}
