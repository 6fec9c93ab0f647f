import { z } from 'zod';
import type { SendRow } from '../../db/queries/outreach-send.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { OutboundEmail, OutboundMessage } from './channel.ts';
import type { OutreachDeps } from './deps.ts';
import type { EmailView } from './email-template.ts';

const DAY_SECONDS = 86_400;
// Providers refuse mails past 20–30 MB; a larger memo is only linked.
const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;

const senderSchema = z.object({
  name: z.string().min(1),
  email: z.email(),
  replyTo: z.email().optional(),
});

/**
 * The message of a send, by its channel.
 * @throws ReosError `validation` when the campaign's sender or the contact's address is unusable, `template` when the
 * template is, `not_found` or `transient` when the memo cannot be read
 */
export function composeMessage(deps: OutreachDeps, send: SendRow, tenantId: string): Promise<OutboundMessage> {
  return COMPOSERS[send.channel](deps, send, tenantId);
}

const COMPOSERS: Record<
  ChannelKind,
  (deps: OutreachDeps, send: SendRow, tenantId: string) => Promise<OutboundMessage>
> = {
  email: composeEmail,
  sms: refuseChannel,
  mail: refuseChannel,
};

async function refuseChannel(_deps: OutreachDeps, send: SendRow): Promise<never> {
  throw new ReosError('template', `No template can be filled for ${send.channel}.`);
}

/**
 * The message of a send: text and HTML from the step's template, the memo attached and linked, and the headers for
 * one-click unsubscribing (RFC 8058).
 * @throws ReosError `validation` when the campaign's sender or the contact's address is unusable, `template` when the
 * template is, `not_found` or `transient` when the memo cannot be read
 */
async function composeEmail(deps: OutreachDeps, send: SendRow, tenantId: string): Promise<OutboundEmail> {
  const sender = senderSchema.safeParse(send.sender);
  if (!sender.success) {
    const problem = sender.error.issues[0];
    throw new ReosError(
      'validation',
      `The campaign's sender is wrong: ${problem?.path.join('.')}: ${problem?.message}. Correct campaigns.sender.`,
      { details: { campaign: send.campaignId } },
    );
  }
  const { name, email } = send.contact;
  if (email === null || send.memoPath === null) {
    throw new ReosError(
      'validation',
      send.memoPath === null ? 'The send has no memo: generate it first.' : 'The contact has no e-mail address.',
    );
  }
  const memo = await deps.storage.get(send.memoPath);
  const memoUrl = await deps.storage.signedUrl(send.memoPath, deps.memoUrlSeconds ?? DAY_SECONDS);
  const unsubscribeUrl = new URL(`/unsubscribe/${send.unsubscribeToken}`, deps.publicUrl).toString();
  const hasAttachment = memo.length <= MAX_ATTACHMENT_BYTES;
  const label = propertyLabel(send);
  const view: EmailView = {
    recipientName: name,
    propertyLabel: label,
    score: String(Math.round(send.birdDogScore ?? 0)),
    facts: propertyFacts(send),
    memoUrl: new URL(memoUrl, deps.publicUrl).toString(),
    callToActionLabel: deps.callToAction.label,
    callToActionUrl: callToActionUrl(deps.callToAction.url, send.propertyId),
    unsubscribeUrl,
    senderName: sender.data.name,
    postalAddress: send.postalAddress,
    hasAttachment,
  };
  const { subject, html, text } = await deps.renderEmail(send.template, view);
  return {
    sendId: send.sendId,
    tenantId,
    kind: 'email',
    to: { name, email },
    from: { name: sender.data.name, email: sender.data.email },
    replyTo: sender.data.replyTo === undefined ? null : { name: sender.data.name, email: sender.data.replyTo },
    subject,
    html,
    text,
    headers: { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    attachment: hasAttachment
      ? { filename: `${slug(label)}-memo.pdf`, content: Buffer.from(memo), contentType: 'application/pdf' }
      : null,
    plannedAt: send.createdAt,
  };
}

/** The call to action for one property: the configured link with `property=<id>`. */
function callToActionUrl(base: string, propertyId: string): string {
  const url = new URL(base);
  url.searchParams.set('property', propertyId);
  return url.toString();
}

function propertyLabel(send: SendRow): string {
  const street = send.address === null ? null : [send.address, send.unit].filter((part) => part !== null).join(' ');
  const place = [send.city, [send.state, send.zipCode].filter((part) => part !== null).join(' ')]
    .filter(Boolean)
    .join(', ');
  const first = street ?? (send.apn === null ? 'Property' : `Parcel ${send.apn}`);
  return place === '' ? first : `${first}, ${place}`;
}

function propertyFacts(send: SendRow): EmailView['facts'] {
  const dollars = (cents: number) => `$${Math.round(cents / 100).toLocaleString('en-US')}`;
  const entries: [string, string | null][] = [
    ['Asking price', send.listPriceCents === null ? null : dollars(send.listPriceCents)],
    ['Our estimate', send.estimatedValueCents === null ? null : dollars(send.estimatedValueCents)],
    ['Bedrooms', send.bedrooms === null ? null : String(send.bedrooms)],
    ['Bathrooms', send.bathrooms === null ? null : String(send.bathrooms)],
    ['Living area', send.sqft === null ? null : `${Math.round(send.sqft).toLocaleString('en-US')} sqft`],
    ['Built', send.yearBuilt === null ? null : String(send.yearBuilt)],
  ];
  return entries.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

function slug(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}
