import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { findTenantsOfSends, type MessageEvent, recordMessageEvent } from '../../db/queries/outreach-events.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';
import { parseSendGridBatch } from './sendgrid-events.ts';
import { readPublicKey, refuseSignature } from './signature.ts';

/** SendGrid's batches stay below 1 MB. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Sends recorded side by side; events of one send stay in order. */
const CONCURRENCY = 4;

/** The counts of an answered batch. */
export interface WebhookReceipt {
  received: number;
  recorded: number;
  duplicates: number;
  /** Events of sends that we do not know: another system's mail through the same account, or deleted ones. */
  unknown_sends: number;
  invalid: number;
}

/**
 * `POST /webhook/sendgrid`: the signature over the raw bytes first, then the content. Every event is recorded, or known
 * as a duplicate, before the 200; when the database is away the answer is 503 and SendGrid comes again.
 */
export function sendgridWebhook(
  deps: Pick<ApiDeps, 'db' | 'clock' | 'logger' | 'sendgridPublicKey' | 'callToActionUrl'>,
): Hono<ApiEnv> {
  const key = deps.sendgridPublicKey === undefined ? null : readPublicKey(deps.sendgridPublicKey);
  const app = new Hono<ApiEnv>();
  app.post('/webhook/sendgrid', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseBody }), async (c) => {
    if (key === null) {
      throw new ReosError('missing_part', 'No key is set to verify events with. Set SENDGRID_WEBHOOK_PUBLIC_KEY.');
    }
    const body = Buffer.from(await c.req.arrayBuffer());
    const refusal = refuseSignature(
      key,
      {
        signature: c.req.header('X-Twilio-Email-Event-Webhook-Signature'),
        timestamp: c.req.header('X-Twilio-Email-Event-Webhook-Timestamp'),
        body,
      },
      deps.clock(),
    );
    if (refusal !== null) throw new ReosError('auth_revoked', `The events were not accepted: ${refusal}.`);
    const { events, foreign, invalid } = parseSendGridBatch(body, deps.callToActionUrl);
    const counts = await recordAll(deps, events);
    const receipt: WebhookReceipt = {
      received: events.length + foreign + invalid,
      recorded: counts.recorded,
      duplicates: counts.duplicate,
      unknown_sends: counts.unknown_send + foreign,
      invalid,
    };
    deps.logger.info({ requestId: c.get('requestId'), ...receipt }, 'provider events received');
    return c.json(receipt);
  });
  return app;
}

type Counts = Record<Awaited<ReturnType<typeof recordMessageEvent>>, number>;

async function recordAll(deps: Pick<ApiDeps, 'db'>, events: MessageEvent[]): Promise<Counts> {
  const counts: Counts = { recorded: 0, duplicate: 0, unknown_send: 0 };
  const bySend = new Map<string, MessageEvent[]>();
  for (const event of events) bySend.set(event.sendId, [...(bySend.get(event.sendId) ?? []), event]);
  const tenants = await withSystem(deps.db, 'find the tenants of reported sends', (trx) =>
    findTenantsOfSends(trx, [...bySend.keys()]),
  );
  const queue = [...bySend];
  const drain = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [sendId, ofSend] = next;
      const tenantId = tenants.get(sendId);
      if (tenantId === undefined) {
        counts.unknown_send += ofSend.length;
        continue;
      }
      for (const event of ofSend) {
        counts[await withTenant(deps.db, tenantId, (trx) => recordMessageEvent(trx, event))] += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, drain));
  return counts;
}

function refuseBody(): never {
  throw new ReosError('payload_too_large', `A batch of events has at most ${MAX_BODY_BYTES / 1024 / 1024} MiB.`);
}
