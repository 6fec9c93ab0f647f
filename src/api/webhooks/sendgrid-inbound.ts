import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { recordInbound } from '../../db/queries/inbound.ts';
import { hashAddress } from '../../db/queries/suppressions.ts';
import { findRepliedSend } from '../../db/queries/webhook-lookups.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { normaliseEmail } from '../../domain/outreach/contact.ts';
import { answeredIds, bareAddress, kindOfEmail, replyTokens } from '../../domain/outreach/inbound.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';
import { type ParsedEmail, parseInboundEmail } from './inbound-email.ts';
import { receive } from './receive.ts';
import { inTenant, type WebhookReceipt, warnOfPauses } from './record-events.ts';
import { readPublicKey, refuseSendGrid } from './signature.ts';

/** SendGrid takes mail of up to 30 MB; the form around it adds little. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

type InboundDeps = Pick<
  ApiDeps,
  'db' | 'clock' | 'logger' | 'hashKey' | 'sealer' | 'sendgridPublicKey' | 'sendgridInboundKey'
>;

/**
 * `POST /webhook/sendgrid/inbound`: mail that recipients wrote (Inbound Parse). A reply is recorded before the 200. Mail
 * that belongs to no send of ours is counted and not kept.
 */
export function sendgridInbound(deps: InboundDeps): Hono<ApiEnv> {
  const [text, setting] =
    deps.sendgridInboundKey === undefined
      ? [deps.sendgridPublicKey, 'SENDGRID_WEBHOOK_PUBLIC_KEY']
      : [deps.sendgridInboundKey, 'SENDGRID_INBOUND_PUBLIC_KEY'];
  const key = text === undefined ? null : readPublicKey(text, setting);
  return receive({
    path: '/webhook/sendgrid/inbound',
    maxBytes: MAX_BODY_BYTES,
    missingSetting: key === null ? 'SENDGRID_INBOUND_PUBLIC_KEY or SENDGRID_WEBHOOK_PUBLIC_KEY' : null,
    refuse: (c, body) => refuseSendGrid(key, c, body, deps.clock()),
    accept: async (c, body) => {
      const receipt = await take(deps, parseInboundEmail(body, c.req.header('Content-Type')), body);
      deps.logger.info({ requestId: c.get('requestId'), ...receipt }, 'inbound mail received');
      return c.json(receipt);
    },
  });
}

async function take(deps: InboundDeps, email: ParsedEmail, body: Buffer): Promise<WebhookReceipt> {
  const receipt: WebhookReceipt = { received: 1, recorded: 0, duplicates: 0, unknown_sends: 0, invalid: 0 };
  const { sealer } = deps;
  if (sealer === undefined) throw new ReosError('missing_part', 'There is no key to seal replies with.');
  const from = normaliseEmail(bareAddress(email.from) ?? '');
  const senderHash = from === null ? null : hashAddress(deps.hashKey, 'email', from);
  const send = await withSystem(deps.db, 'find the send that a mail answers', (trx) =>
    findRepliedSend(trx, {
      tokens: replyTokens(email.recipients),
      messageIds: answeredIds(email.headers),
      senderHash,
    }),
  );
  if (send === null) return { ...receipt, unknown_sends: 1 };
  const id = email.headers.get('message-id')?.trim();
  // Hashed: a message id may hold the sender's address.
  const providerMessageId = createHash('sha256')
    .update(id === undefined || id === '' ? body : id)
    .digest('hex');
  const { isNew, pauses } = await inTenant(deps, send.tenantId, (trx) =>
    recordInbound(trx, sealer, {
      channel: 'email',
      provider: 'sendgrid',
      providerMessageId,
      kind: kindOfEmail(email),
      sendId: send.sendId,
      addressHash: senderHash ?? hashAddress(deps.hashKey, 'email', email.from),
      content: { from: email.from, subject: email.subject, text: email.text, attachments: email.attachments },
      at: deps.clock(),
    }),
  );
  warnOfPauses(deps, send.tenantId, pauses);
  return { ...receipt, recorded: isNew ? 1 : 0, duplicates: isNew ? 0 : 1 };
}
