import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { makeWebhookSecret, openSecrets, secretOwner, signedHeaders } from '../../../src/api/outgoing/signature.ts';
import { createSealer } from '../../../src/db/sealer.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const message = () => fc.record({ id: fc.uuid(), body: text.filter((value) => value !== '') });

describe('signatures', () => {
  it('are what Standard Webhooks says: HMAC-SHA256 over id, time and body', () => {
    fc.assert(
      fc.property(message(), ({ id, body }) => {
        const secret = makeWebhookSecret();
        const at = new Date(1_780_000_000_123);
        const headers = signedHeaders([secret], { id, at, body });
        const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
        const expected = createHmac('sha256', key).update(`${id}.1780000000.${body}`).digest('base64');
        expect(headers).toMatchObject({ 'webhook-timestamp': '1780000000', 'webhook-signature': `v1,${expected}` });
      }),
    );
  });

  it('verify with each of two secrets, and with no other secret, body or id', () => {
    fc.assert(
      fc.property(message(), text, ({ id, body }, other) => {
        const [now, before, foreign] = [makeWebhookSecret(), makeWebhookSecret(), makeWebhookSecret()];
        const headers = signedHeaders([now, before], { id, at: new Date(), body });
        const check = (secret: string, payload = body, changed = {}) =>
          new Webhook(secret).verify(payload, { ...headers, ...changed }, { jsonParse: false });
        check(now);
        check(before);
        expect(() => check(foreign)).toThrow();
        if (other !== body) expect(() => check(now, other)).toThrow();
        expect(() => check(now, body, { 'webhook-id': `${id}x` })).toThrow();
        expect(() => check(now, body, { 'webhook-timestamp': '1' })).toThrow();
      }),
      { numRuns: 30 },
    );
  });

  it('come from the secret before for a day after a rotation', () => {
    const sealer = createSealer(randomBytes(32).toString('hex'));
    const owner = secretOwner('t', 'w');
    const rotatedAt = new Date('2026-06-01T00:00:00Z');
    const sealed = {
      sealedSecret: sealer.seal(owner, 'whsec_bmV3'),
      sealedPreviousSecret: sealer.seal(owner, 'whsec_b2xk'),
      rotatedAt,
    };
    const hoursLater = (hours: number) => new Date(rotatedAt.getTime() + hours * 3_600_000);
    expect(openSecrets(sealer, owner, sealed, hoursLater(23.99))).toEqual(['whsec_bmV3', 'whsec_b2xk']);
    expect(openSecrets(sealer, owner, sealed, hoursLater(24))).toEqual(['whsec_bmV3']);
    expect(() => openSecrets(sealer, secretOwner('t', 'other'), sealed, rotatedAt)).toThrow(/another key/);
  });
});
