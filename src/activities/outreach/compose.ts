import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { variantKey } from '../../db/queries/outreach-follow-up.ts';
import type { SendRow } from '../../db/queries/outreach-send.ts';
import { keepSendIdentity, type SendIdentity } from '../../db/queries/reply-tokens.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { chooseVariant, type Variant } from '../../domain/outreach/ab-test.ts';
import type { OutboundMessage } from './channel.ts';
import { composeEmail } from './compose-email.ts';
import { composeMail } from './compose-mail.ts';
import { composeSms } from './compose-sms.ts';
import type { OutreachDeps } from './deps.ts';

const variantsSchema = z.array(
  z.object({ name: z.string().min(1), template: z.string().min(1), weight: z.number().nonnegative().default(1) }),
);

/** What a message is made of. */
export interface Composition {
  deps: OutreachDeps;
  send: SendRow;
  tenantId: string;
  /** Name of the template: the step's, or its variant's. */
  template: string;
  /** Local part behind `reply+`; null when replies go to the campaign's own address. */
  replyToken: string | null;
}

/**
 * The message of a send, by its channel, from the template of its step or variant. The only thing written is the send's
 * own reply token and variant, once, before the message is made; the same send keeps them for ever.
 * @throws ReosError `validation` when the campaign's sender or the contact's address is unusable, `template` naming
 * template, part and field when the template is or lacks a value, `not_found` or `transient` when the memo cannot be read
 */
export async function composeMessage(deps: OutreachDeps, send: SendRow, tenantId: string): Promise<OutboundMessage> {
  const wanted = identityOf(deps, send, () => randomBytes(12).toString('hex'));
  const isKept = wanted.replyToken === send.replyToken && wanted.variant === send.variant;
  const kept = isKept
    ? wanted
    : await withTenant(deps.db, tenantId, (trx) => keepSendIdentity(trx, send.sendId, wanted));
  if (kept === null) throw new ReosError('not_found', `There is no planned send ${send.sendId}.`);
  return make(deps, send, tenantId, kept);
}

/**
 * The message that `composeMessage` would make, without writing anything: for previews and dry runs, also of a send
 * that is in memory alone. Its Reply-To carries `preview` where a token is still to be drawn.
 * @throws ReosError as `composeMessage` does
 */
export function composePreview(deps: OutreachDeps, send: SendRow, tenantId: string): Promise<OutboundMessage> {
  return make(
    deps,
    send,
    tenantId,
    identityOf(deps, send, () => 'preview'),
  );
}

async function make(
  deps: OutreachDeps,
  send: SendRow,
  tenantId: string,
  identity: SendIdentity,
): Promise<OutboundMessage> {
  const variant = variantsOf(send).find(({ name }) => name === identity.variant);
  const template = variant?.template ?? send.template;
  const composition = { deps, send, tenantId, template, replyToken: identity.replyToken };
  if (send.channel === 'email') return composeEmail(composition);
  return send.channel === 'sms' ? composeSms(composition) : composeMail(composition);
}

/** The identity of the send: what it has, else what it is to get. A variant that the step has no more is drawn anew. */
function identityOf(deps: Pick<OutreachDeps, 'replyDomain'>, send: SendRow, drawToken: () => string): SendIdentity {
  const variants = variantsOf(send);
  const known = variants.find(({ name }) => name === send.variant);
  const chosen = known ?? chooseVariant(variants, variantKey(send.contactId, send.campaignId, send.step));
  const needsToken = send.channel === 'email' && deps.replyDomain !== undefined;
  return {
    replyToken: send.replyToken ?? (needsToken ? drawToken() : null),
    variant: chosen?.name ?? send.variant,
  };
}

function variantsOf(send: SendRow): Variant[] {
  const parsed = variantsSchema.safeParse(send.variants);
  if (parsed.success) return parsed.data.filter(({ weight }) => weight > 0);
  const problem = parsed.error.issues[0];
  throw new ReosError(
    'validation',
    `The variants of step ${send.step} are wrong: ${problem?.path.join('.')}: ${problem?.message}. Correct the campaign.`,
    { details: { campaign: send.campaignId, step: send.step } },
  );
}
