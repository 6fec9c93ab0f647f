import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Sealer } from '../../db/sealer.ts';
import { WEBHOOK_OVERLAP_MS } from '../../domain/webhook-schedule.ts';

/** A new signing secret: `whsec_` and 32 random bytes in base64 (Standard Webhooks). */
export function makeWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** To whom a sealed secret belongs: it opens for no other webhook. */
export function secretOwner(tenantId: string, endpointId: string): string {
  return `webhook:${tenantId}:${endpointId}`;
}

/** The secrets of a webhook as its row has them. */
export interface SealedSecrets {
  sealedSecret: string;
  sealedPreviousSecret: string | null;
  rotatedAt: Date | null;
}

/** The secrets that sign now: the present one first, the one before for a day after the rotation. */
export function openSecrets(sealer: Sealer, owner: string, sealed: SealedSecrets, now: Date): string[] {
  const secrets = [sealer.open(owner, sealed.sealedSecret)];
  const { sealedPreviousSecret: previous, rotatedAt } = sealed;
  if (previous !== null && rotatedAt !== null && now.getTime() < rotatedAt.getTime() + WEBHOOK_OVERLAP_MS) {
    secrets.push(sealer.open(owner, previous));
  }
  return secrets;
}

/**
 * The headers of one attempt (Standard Webhooks 1.0): the message's id, the same at every attempt, the time of this
 * attempt, and one signature per secret, parted by a space.
 */
export function signedHeaders(
  secrets: readonly string[],
  message: { id: string; at: Date; body: string },
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(message.at.getTime() / 1_000)),
    'webhook-signature': secrets
      .map((secret) => new Webhook(secret).sign(message.id, message.at, message.body))
      .join(' '),
  };
}
