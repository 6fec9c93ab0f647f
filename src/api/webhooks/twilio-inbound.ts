import type { Hono } from 'hono';
import { recordInbound } from '../../db/queries/inbound.ts';
import { hashAddress } from '../../db/queries/suppressions.ts';
import { findTextingTenants, type TextingTenant } from '../../db/queries/webhook-lookups.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type InboundKind, kindOfText } from '../../domain/outreach/inbound.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';
import { inTenant, warnOfPauses } from './record-events.ts';
import { readParams, receiveTwilio, required, type TwilioDeps } from './twilio.ts';

const MAX_TEXT = 10_000;

type InboundDeps = TwilioDeps & Pick<ApiDeps, 'hashKey' | 'sealer'>;

/**
 * `POST /webhook/twilio/inbound`: a text message from a recipient. STOP and START count for every tenant that knows the
 * phone, because they share the number that was answered; a reply belongs to the tenant that wrote last. Twilio itself
 * confirms STOP and START, so only HELP is answered.
 */
export function twilioInbound(deps: InboundDeps): Hono<ApiEnv> {
  return receiveTwilio(deps, {
    path: '/webhook/twilio/inbound',
    accept: async (c, body) => {
      const params = readParams(c, body);
      const sid = required(params, 'MessageSid');
      const from = required(params, 'From');
      const text = (params.get('Body') ?? '').replaceAll('\0', '').slice(0, MAX_TEXT);
      const kind = optOutKind(params.get('OptOutType')) ?? kindOfText(text);
      const phoneHash = hashAddress(deps.hashKey, 'sms', from);
      const tenants = await withSystem(deps.db, 'find the tenants that a text message answers', (trx) =>
        findTextingTenants(trx, phoneHash),
      );
      const concerned = kind === 'stop' || kind === 'start' ? tenants : tenants.slice(0, 1);
      const media = Number(params.get('NumMedia') ?? 0);
      const attachments = Array.from(
        { length: Math.min(Number.isInteger(media) ? media : 0, 10) },
        (_, n) => `media ${n + 1}`,
      );
      let recorded = 0;
      for (const tenant of concerned) {
        const isNew = await take(deps, tenant, {
          sid,
          kind,
          phoneHash,
          content: { from, subject: null, text, attachments },
        });
        recorded += isNew ? 1 : 0;
      }
      deps.logger.info(
        { requestId: c.get('requestId'), provider: 'twilio', kind, tenants: concerned.length, recorded },
        'inbound text message received',
      );
      c.header('Content-Type', 'text/xml; charset=utf-8');
      return c.body(twiml(kind === 'help' ? helpText(tenants[0]) : null));
    },
  });
}

/** Twilio's own reading of the message, where its Advanced Opt-Out is switched on. */
function optOutKind(type: string | undefined): InboundKind | null {
  const word = type?.toLowerCase();
  return word === 'stop' || word === 'start' || word === 'help' ? word : null;
}

async function take(
  deps: InboundDeps,
  tenant: TextingTenant,
  text: { sid: string; kind: InboundKind; phoneHash: string; content: Parameters<typeof recordInbound>[2]['content'] },
): Promise<boolean> {
  const { sealer } = deps;
  if (sealer === undefined) throw new ReosError('missing_part', 'There is no key to seal replies with.');
  const { isNew, pauses } = await inTenant(deps, tenant.tenantId, (trx) =>
    recordInbound(trx, sealer, {
      channel: 'sms',
      provider: 'twilio',
      providerMessageId: text.sid,
      kind: text.kind,
      sendId: tenant.sendId,
      addressHash: text.phoneHash,
      content: text.content,
      at: deps.clock(),
    }),
  );
  warnOfPauses(deps, tenant.tenantId, pauses);
  return isNew;
}

function helpText(tenant: TextingTenant | undefined): string {
  const who =
    tenant === undefined
      ? 'You get messages about properties from us.'
      : `${tenant.tenantName}: messages about properties.`;
  return `${who} Reply STOP to get no more. Msg & data rates may apply.`;
}

/** An answer to Twilio: one message, or nothing. */
export function twiml(message: string | null): string {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
  // XML 1.0 has no place for other control characters, escaped or not.
  const safe = message
    ?.replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (c) => escapes[c] as string);
  const content = safe === undefined ? '' : `<Message>${safe}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${content}</Response>`;
}
