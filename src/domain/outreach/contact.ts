import { z } from 'zod';

/** Investors and partners have buy boxes and get memos; owners are the seller's side and never do. Spec R0. */
export const CONTACT_KINDS = ['investor', 'partner', 'owner'] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** How a message reaches its recipient. */
export const CHANNEL_KINDS = ['email', 'sms', 'mail'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A place in the United States that post can be delivered to. */
export const postalAddressSchema = z.strictObject({
  line1: z.string().trim().min(1).max(64),
  line2: z.string().trim().max(64).nullable().default(null),
  city: z.string().trim().min(1).max(200),
  state: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'is no two-letter state'),
  zipCode: z
    .string()
    .trim()
    .regex(/^\d{5}(-\d{4})?$/, 'is no ZIP code'),
});
export type PostalAddress = z.infer<typeof postalAddressSchema>;

/** What of a contact is personal: kept as one sealed document. Phone in E.164. Null means unknown. */
export interface ContactDetails {
  name: string;
  email: string | null;
  phone: string | null;
  postalAddress: PostalAddress | null;
}

/** The address a channel writes to, as one line; null when the contact has none. */
export function addressFor(channel: ChannelKind, contact: ContactDetails): string | null {
  if (channel === 'email') return contact.email;
  if (channel === 'sms') return contact.phone;
  return contact.postalAddress === null ? null : postalLine(contact.postalAddress);
}

/** A postal address on one line. */
export function postalLine({ line1, line2, city, state, zipCode }: PostalAddress): string {
  return `${[line1, line2].filter(Boolean).join(', ')}, ${city}, ${state} ${zipCode}`;
}

/**
 * A phone number in E.164, or null when it is none. Ten digits (or eleven that begin with 1) are North American and
 * must have a valid area and exchange code (neither begins with 0 or 1); others need their `+` and country code.
 */
export function normalisePhone(text: string): string | null {
  const trimmed = text.normalize('NFKC').trim();
  if (!/^\+?[\d\s().\-/]+$/.test(trimmed)) return null;
  const digits = trimmed.replace(/\D/g, '');
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  const isForeign = trimmed.startsWith('+') && !digits.startsWith('1');
  if (isForeign) return digits.length >= 8 && digits.length <= 15 && !digits.startsWith('0') ? `+${digits}` : null;
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(national) ? `+1${national}` : null;
}

/** An e-mail address in the one spelling it is kept and compared in (NFKC, lower case), or null when it is none. */
export function normaliseEmail(text: string): string | null {
  const trimmed = text.normalize('NFKC').trim().toLowerCase();
  return trimmed.length <= 254 && z.email().safeParse(trimmed).success ? trimmed : null;
}
