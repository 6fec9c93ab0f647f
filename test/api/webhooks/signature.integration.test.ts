import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPublicKey, refuseSignature } from '../../../src/api/webhooks/signature.ts';
import { generateKeyPair, signBody } from '../setup.ts';

const vectorsPath = resolve(process.cwd(), '../shared/data/api/sendgrid/event_webhook_vectors.json');
const hasVectors = existsSync(vectorsPath);

interface Vectors {
  negative: { wrong_key: string; wrong_signature: string };
  vectors: { publicKey: string; signature: string; timestamp: string; payload_base64: string }[];
}

describe.skipIf(!hasVectors)(
  `recorded SendGrid signatures${hasVectors ? '' : ' (skipped: ../shared/data/api/sendgrid is not here)'}`,
  () => {
    const recorded = hasVectors
      ? (JSON.parse(readFileSync(vectorsPath, 'utf8')) as Vectors)
      : { vectors: [], negative: { wrong_key: '', wrong_signature: '' } };
    const [vector] = recorded.vectors;

    it('are believed at their time, and neither with another key, signature or body', () => {
      const { publicKey, signature, timestamp } = vector!;
      const body = Buffer.from(vector!.payload_base64, 'base64');
      const now = new Date((Number(timestamp) + 60) * 1000);
      const refuse = (more: Partial<{ signature: string; timestamp: string; body: Buffer }>, key = publicKey) =>
        refuseSignature(readPublicKey(key), { signature, timestamp, body, ...more }, now);
      expect(refuse({})).toBeNull();
      expect(refuse({}, recorded.negative.wrong_key)).toContain('does not match');
      expect(refuse({ signature: recorded.negative.wrong_signature })).toContain('does not match');
      expect(refuse({ body: Buffer.from(body.toString().trimEnd()) })).toContain('does not match');
      expect(refuse({ timestamp: String(Number(timestamp) + 1) })).toContain('does not match');
    });
  },
);

describe('refuseSignature', () => {
  const keys = generateKeyPair();
  const key = readPublicKey(keys.publicKey);
  const now = new Date('2026-06-10T12:00:00Z');
  const signed = (body: string, at: Date) => {
    const headers = signBody(keys, body, at).headers as Record<string, string>;
    return {
      signature: headers['X-Twilio-Email-Event-Webhook-Signature'],
      timestamp: headers['X-Twilio-Email-Event-Webhook-Timestamp'],
      body: Buffer.from(body),
    };
  };
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

  it('believes what was signed, for 26 hours', () => {
    expect(refuseSignature(key, signed('[]\r\n', hoursAgo(0)), now)).toBeNull();
    expect(refuseSignature(key, signed('[]', hoursAgo(25.9)), now)).toBeNull();
    expect(refuseSignature(key, signed('[]', hoursAgo(26.1)), now)).toContain('too old');
    expect(refuseSignature(key, signed('[]', hoursAgo(-1)), now)).toContain('future');
  });

  it('refuses a body that lost its line end', () => {
    expect(refuseSignature(key, { ...signed('[]\r\n', now), body: Buffer.from('[]') }, now)).toContain(
      'does not match',
    );
  });

  it.each(['', '177', '17000000000', ' 170000000', '170000000a', '1.70000000', '-170000000'])(
    'refuses the timestamp %j',
    (timestamp) => {
      expect(refuseSignature(key, { ...signed('[]', now), timestamp }, now)).toContain('10 digits');
    },
  );

  it('refuses a missing signature and any other text in its place', () => {
    expect(refuseSignature(key, { ...signed('[]', now), signature: undefined }, now)).toContain('missing');
    expect(refuseSignature(key, { ...signed('[]', now), timestamp: undefined }, now)).toContain('missing');
    fc.assert(
      fc.property(fc.string(), (signature) => {
        expect(refuseSignature(key, { ...signed('[]', now), signature }, now)).not.toBeNull();
      }),
    );
  });

  it('refuses every body but the signed one', () => {
    const original = signed('[{"event":"open"}]', now);
    fc.assert(
      fc.property(fc.nat(original.body.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const body = Buffer.from(original.body);
        body[at] = body[at]! ^ flip;
        expect(refuseSignature(key, { ...original, body }, now)).toContain('does not match');
      }),
    );
  });

  it('says what to do about a key that is none', () => {
    expect(() => readPublicKey('bm90IGEga2V5')).toThrow(/SENDGRID_WEBHOOK_PUBLIC_KEY is not a usable key/);
  });
});
