import { z } from 'zod';
import type { SendRow } from '../../db/queries/outreach-send.ts';
import { ReosError } from '../../domain/errors.ts';
import { postalAddressSchema } from '../../domain/outreach/contact.ts';
import type { OutreachDeps } from './deps.ts';
import { type Fact, type MessageView, OWNER_WHY } from './template-view.ts';

const senderSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    email: z.email().optional(),
    replyTo: z.email().optional(),
    reply_to: z.email().optional(),
    phone: z.string().trim().max(40).optional(),
    address: postalAddressSchema.optional(),
  })
  .transform(({ reply_to, replyTo, ...sender }) => ({ ...sender, replyTo: replyTo ?? reply_to }));

/** Who a campaign writes as: `campaigns.sender`. */
export type Sender = z.infer<typeof senderSchema>;

/** @throws ReosError `validation` naming the field of `campaigns.sender` */
export function readSender(send: SendRow): Sender {
  const sender = senderSchema.safeParse(send.sender);
  if (sender.success) return sender.data;
  const problem = sender.error.issues[0];
  throw new ReosError(
    'validation',
    `The campaign's sender is wrong: ${problem?.path.join('.')}: ${problem?.message}. Correct campaigns.sender.`,
    { details: { campaign: send.campaignId } },
  );
}

/** True when the message goes to the seller's side: it then carries neither memo nor valuation, whatever the row has. */
export function isToOwner(send: SendRow): boolean {
  return send.campaignKind === 'owner' || send.contactKind === 'owner';
}

/** The link by which a recipient opts out of everything of the tenant. */
export function unsubscribeUrl(deps: Pick<OutreachDeps, 'publicUrl'>, send: SendRow): string {
  return new URL(`/unsubscribe/${send.unsubscribeToken}`, deps.publicUrl).toString();
}

/**
 * What the send's template is filled with. The memo's link and attachment come in where there are any.
 * @throws ReosError `validation` when the campaign's call to action is wrong
 */
export function viewOf(
  deps: OutreachDeps,
  send: SendRow,
  sender: Sender,
  memo: { url: string; isAttached: boolean } | null,
): MessageView {
  const toOwner = isToOwner(send);
  const callToAction = callToActionOf(deps, send);
  const { postalAddress } = send;
  return {
    recipientName: send.contact.name.trim() === '' ? (toOwner ? 'property owner' : 'there') : send.contact.name,
    propertyLabel: propertyLabel(send),
    propertyStreet: streetOf(send) ?? (send.apn === null ? 'your property' : `parcel ${send.apn}`),
    facts: propertyFacts(send, toOwner),
    ...callToAction,
    unsubscribeUrl: unsubscribeUrl(deps, send),
    senderName: sender.name,
    ...(sender.email === undefined ? {} : { senderEmail: sender.email }),
    ...(sender.phone === undefined ? {} : { senderPhone: sender.phone }),
    ...(postalAddress === null ? {} : { postalAddress: withoutName(postalAddress, sender.name) }),
    date: deps.clock().toLocaleDateString('en-US', { dateStyle: 'long', timeZone: send.contactTimeZone }),
    ...(toOwner || send.birdDogScore === null ? {} : { score: String(Math.round(send.birdDogScore)) }),
    ...(memo === null ? {} : { memoUrl: memo.url }),
    hasAttachment: memo?.isAttached ?? false,
    why: {
      score: 'the property has no score yet',
      memoUrl: 'the property has no memo: generate it first',
      postalAddress: 'the campaign has no postal address. Set its postal_address',
      senderEmail: "the campaign's sender has no email",
      senderPhone: "the campaign's sender has no phone",
      ...(toOwner ? OWNER_WHY : {}),
    },
  };
}

/** The address alone where it begins with the sender's name: templates write the name above it. */
function withoutName(address: string, name: string): string {
  const rest = address.trim().slice(name.length);
  const isNamed = address.trim().toLowerCase().startsWith(name.toLowerCase()) && /^\s*,/.test(rest);
  return isNamed ? rest.replace(/^\s*,\s*/, '') : address;
}

const callToActionSchema = z.object({ label: z.string().min(1), url: z.url({ protocol: /^https?$/ }).optional() });

/** The campaign's own call to action, else the product's; its link says which property it is about. */
function callToActionOf(deps: Pick<OutreachDeps, 'callToAction'>, send: SendRow) {
  const own = callToActionSchema.nullable().safeParse(send.callToAction);
  if (!own.success) {
    const problem = own.error.issues[0];
    throw new ReosError(
      'validation',
      `The campaign's call to action is wrong: ${problem?.path.join('.')}: ${problem?.message}. Correct it.`,
      { details: { campaign: send.campaignId } },
    );
  }
  const url = new URL(own.data?.url ?? deps.callToAction.url);
  url.searchParams.set('property', send.propertyId);
  return { callToActionLabel: own.data?.label ?? deps.callToAction.label, callToActionUrl: url.toString() };
}

function streetOf(send: SendRow): string | null {
  return send.address === null ? null : [send.address, send.unit].filter((part) => part !== null).join(' ');
}

/** The property as one line: street and place, else its parcel number. */
export function propertyLabel(send: SendRow): string {
  const place = [send.city, [send.state, send.zipCode].filter((part) => part !== null).join(' ')]
    .filter(Boolean)
    .join(', ');
  const first = streetOf(send) ?? (send.apn === null ? 'Property' : `Parcel ${send.apn}`);
  return place === '' ? first : `${first}, ${place}`;
}

function propertyFacts(send: SendRow, toOwner: boolean): Fact[] {
  const dollars = (cents: number) => `$${Math.round(cents / 100).toLocaleString('en-US')}`;
  const prices: [string, string | null][] = [
    ['Asking price', send.listPriceCents === null ? null : dollars(send.listPriceCents)],
    ['Our estimate', send.estimatedValueCents === null ? null : dollars(send.estimatedValueCents)],
  ];
  const entries: [string, string | null][] = [
    ...(toOwner ? [] : prices),
    ['Bedrooms', send.bedrooms === null ? null : String(send.bedrooms)],
    ['Bathrooms', send.bathrooms === null ? null : String(send.bathrooms)],
    ['Living area', send.sqft === null ? null : `${Math.round(send.sqft).toLocaleString('en-US')} sq ft`],
    ['Built', send.yearBuilt === null ? null : String(send.yearBuilt)],
  ];
  return entries.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}
