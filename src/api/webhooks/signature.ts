import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Context } from 'hono';
import { messageOf, ReosError } from '../../domain/errors.ts';

/** SendGrid repeats an event for up to a day; two hours more for clocks and queues. */
export const MAX_AGE_SECONDS = 26 * 3600;
const MAX_AHEAD_SECONDS = 300;

/**
 * A P-256 public key from base64 SPKI DER (as SendGrid shows it) or PEM.
 * @param setting where the text comes from, for the message
 * @throws ReosError `validation` for anything else
 */
export function readPublicKey(text: string, setting = 'SENDGRID_WEBHOOK_PUBLIC_KEY'): KeyObject {
  try {
    const key = text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text.trim(), 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ec') throw new Error(`it is of type ${key.asymmetricKeyType}, not EC`);
    return key;
  } catch (error) {
    throw new ReosError(
      'validation',
      `${setting} is not a usable key: ${messageOf(error)}. Copy the verification key from SendGrid's settings of the signed webhook.`,
      { cause: error },
    );
  }
}

/**
 * Why a signed request is not to be believed, or null when it is. The signature covers timestamp and raw body, so the
 * body must be the bytes as received. ECDSA P-256 with SHA-256, base64 DER.
 * @param timestamp epoch seconds, exactly 10 digits
 */
export function refuseSignature(
  key: KeyObject,
  request: { signature: string | undefined; timestamp: string | undefined; body: Buffer },
  now: Date,
): string | null {
  const { signature, timestamp, body } = request;
  if (signature === undefined || timestamp === undefined) return 'the signature or its timestamp is missing';
  if (!/^\d{10}$/.test(timestamp)) return 'the timestamp is not 10 digits';
  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  if (ageSeconds > MAX_AGE_SECONDS) return 'the timestamp is too old';
  if (ageSeconds < -MAX_AHEAD_SECONDS) return 'the timestamp lies in the future';
  const signed = Buffer.concat([Buffer.from(timestamp, 'ascii'), body]);
  return verify('sha256', signed, key, Buffer.from(signature, 'base64')) ? null : 'the signature does not match';
}

/** As `refuseSignature`, with the headers that SendGrid signs events and inbound mail under. */
export function refuseSendGrid(key: KeyObject | null, c: Context, body: Buffer, now: Date): string | null {
  if (key === null) return 'there is no key';
  return refuseSignature(
    key,
    {
      signature: c.req.header('X-Twilio-Email-Event-Webhook-Signature'),
      timestamp: c.req.header('X-Twilio-Email-Event-Webhook-Timestamp'),
      body,
    },
    now,
  );
}
