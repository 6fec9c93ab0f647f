import { contactKeys } from '../../db/contact-keys.ts';
import type { ContactKeys } from '../../db/queries/contacts.ts';
import { ReosError } from '../../domain/errors.ts';
import {
  CHANNEL_KINDS,
  type ChannelKind,
  CONTACT_KINDS,
  type ContactKind,
  normaliseEmail,
  normalisePhone,
} from '../../domain/outreach/contact.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import type { CommandContext } from '../context.ts';

/** The keys that this installation seals contacts with. */
export function installationKeys(context: CommandContext): ContactKeys {
  return contactKeys(deriveKeys(readSecret(context.settings.home, context.settings.secretKey)));
}

export { operatorName } from '../operator.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** @throws ReosError `validation` */
export function checkContactId(id: string | undefined, what = 'contact', list = 'reos contact list'): string {
  if (id !== undefined && UUID.test(id)) return id.toLowerCase();
  throw new ReosError('validation', `'${id}' is not a ${what} id. Find one with: ${list}`);
}

/** @throws ReosError `validation` naming the kinds */
export function kindOf(value: unknown): ContactKind {
  return oneOf('--kind', value, CONTACT_KINDS);
}

/** @throws ReosError `validation` naming the channels */
export function channelOf(value: unknown): ChannelKind {
  return oneOf('--channel', value, CHANNEL_KINDS);
}

/** @throws ReosError `validation` naming what is allowed */
export function oneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ReosError('validation', `${option}: '${String(value)}' is none of ${allowed.join(', ')}.`);
}

/** The address in the spelling it is stored and hashed in. @throws ReosError `validation` */
export function checkAddress(channel: ChannelKind, text: string): string {
  const address = channel === 'email' ? normaliseEmail(text) : channel === 'sms' ? normalisePhone(text) : text.trim();
  if (address !== null && address !== '') return address;
  const what = channel === 'email' ? 'e-mail address' : 'phone number';
  throw new ReosError('validation', `'${text}' is no ${what}.`);
}

/** A moment from an option; a bare day is its first moment (UTC). @throws ReosError `validation` */
export function timeOf(option: string, value: unknown): Date {
  const time = new Date(String(value));
  if (!Number.isNaN(time.getTime()) && /^\d{4}-\d\d-\d\d/.test(String(value))) return time;
  throw new ReosError('validation', `${option}: '${String(value)}' is no date such as 2026-11-30.`);
}
