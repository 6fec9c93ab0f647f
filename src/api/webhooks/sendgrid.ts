import type { Hono } from 'hono';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';
import { receive } from './receive.ts';
import { recordEvents, type WebhookReceipt } from './record-events.ts';
import { parseSendGridBatch } from './sendgrid-events.ts';
import { readPublicKey, refuseSendGrid } from './signature.ts';

/** SendGrid's batches stay below 1 MB. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/**
 * `POST /webhook/sendgrid`: batches of events. Every event is recorded, or known as a duplicate, before the 200; when the
 * database is away the answer is 503 and SendGrid comes again.
 */
export function sendgridWebhook(
  deps: Pick<ApiDeps, 'db' | 'clock' | 'logger' | 'sendgridPublicKey' | 'callToActionUrl'>,
): Hono<ApiEnv> {
  const key = deps.sendgridPublicKey === undefined ? null : readPublicKey(deps.sendgridPublicKey);
  return receive({
    path: '/webhook/sendgrid',
    maxBytes: MAX_BODY_BYTES,
    missingSetting: key === null ? 'SENDGRID_WEBHOOK_PUBLIC_KEY' : null,
    refuse: (c, body) => refuseSendGrid(key, c, body, deps.clock()),
    accept: async (c, body) => {
      const { events, foreign, invalid } = parseSendGridBatch(body, deps.callToActionUrl);
      const counts = await recordEvents(deps, events);
      const receipt: WebhookReceipt = {
        ...counts,
        received: events.length + foreign + invalid,
        unknown_sends: counts.unknown_sends + foreign,
        invalid,
      };
      deps.logger.info({ requestId: c.get('requestId'), ...receipt }, 'provider events received');
      return c.json(receipt);
    },
  });
}
