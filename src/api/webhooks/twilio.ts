import type { Context, Hono } from 'hono';
import { findSendByProviderId } from '../../db/queries/webhook-lookups.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { twilioMeaning } from '../../domain/outreach/provider-event-twilio.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';
import { refuseTwilio } from './hmac-signature.ts';
import { readJson, receive, type Webhook } from './receive.ts';
import { recordEvents, type WebhookReceipt } from './record-events.ts';

const MAX_BODY_BYTES = 256 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What both of Twilio's webhooks need. */
export type TwilioDeps = Pick<ApiDeps, 'db' | 'clock' | 'logger' | 'twilioAuthToken' | 'publicUrl'>;

/** A webhook that Twilio signs: over the address under which Twilio knows us, so REOS_PUBLIC_URL must be that address. */
export function receiveTwilio(
  deps: Pick<TwilioDeps, 'twilioAuthToken' | 'publicUrl'>,
  webhook: Pick<Webhook, 'path' | 'accept'>,
): Hono<ApiEnv> {
  const { twilioAuthToken: token, publicUrl } = deps;
  const missing = token === undefined ? 'TWILIO_AUTH_TOKEN' : publicUrl === undefined ? 'REOS_PUBLIC_URL' : null;
  return receive({
    ...webhook,
    maxBytes: MAX_BODY_BYTES,
    missingSetting: missing,
    refuse: (c, body) =>
      refuseTwilio(token ?? '', {
        signature: c.req.header('X-Twilio-Signature'),
        url: (publicUrl ?? '').replace(/\/+$/, '') + webhook.path + queryOf(c),
        contentType: c.req.header('Content-Type'),
        body,
      }),
  });
}

/** The query as it came: decoding and encoding again could change what was signed. */
function queryOf(c: Context): string {
  const at = c.req.url.indexOf('?');
  return at === -1 ? '' : c.req.url.slice(at);
}

/** A verified body's parameters, from a form or from JSON. */
export function readParams(c: Context, body: Buffer): ReadonlyMap<string, string> {
  if (c.req.header('Content-Type')?.toLowerCase().startsWith('application/json') === true) {
    const parsed = readJson(body);
    if (typeof parsed !== 'object' || parsed === null) throw new ReosError('validation', 'The body is no JSON object.');
    return new Map(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  }
  return new Map(new URLSearchParams(body.toString('utf8')));
}

/** A parameter that must be there. @throws ReosError `validation` */
export function required(params: ReadonlyMap<string, string>, name: string): string {
  const value = params.get(name);
  if (value === undefined || value === '' || value.length > 200) {
    throw new ReosError('validation', `The parameter ${name} is missing or too long.`, { details: { field: name } });
  }
  return value;
}

/**
 * `POST /webhook/twilio`: what became of a text message. The same status of a message is recorded once. Twilio tells no
 * time, so the time of receipt counts.
 */
export function twilioWebhook(deps: TwilioDeps): Hono<ApiEnv> {
  return receiveTwilio(deps, {
    path: '/webhook/twilio',
    accept: async (c, body) => {
      const params = readParams(c, body);
      const sid = required(params, 'MessageSid');
      const status = required(params, 'MessageStatus').toLowerCase();
      const code = Number(params.get('ErrorCode') || Number.NaN);
      const errorCode = Number.isInteger(code) && code > 0 ? code : null;
      const sendId = await findSend(deps, c.req.query('send_id'), sid);
      const none: WebhookReceipt = { received: 1, recorded: 0, duplicates: 0, unknown_sends: 1, invalid: 0 };
      if (sendId === null) return c.json(none);
      const counts = await recordEvents(deps, [
        {
          sendId,
          provider: 'twilio',
          providerEventId: `${sid}:${status}`,
          type: status,
          at: deps.clock(),
          meaning: twilioMeaning(status, errorCode),
          isAnswer: false,
          providerMessageId: sid,
          detail: errorCode === null ? {} : { error_code: errorCode, reason: `Twilio's error ${errorCode}` },
        },
      ]);
      const receipt = { ...none, ...counts };
      deps.logger.info({ requestId: c.get('requestId'), provider: 'twilio', ...receipt }, 'provider events received');
      return c.json(receipt);
    },
  });
}

/** The send named in the signed address, else the one that has the message's id. */
async function findSend(deps: TwilioDeps, named: string | undefined, sid: string): Promise<string | null> {
  if (named !== undefined && UUID.test(named)) return named.toLowerCase();
  const found = await withSystem(deps.db, 'find the send that a status of Twilio tells of', (trx) =>
    findSendByProviderId(trx, 'twilio', sid),
  );
  return found?.sendId ?? null;
}
