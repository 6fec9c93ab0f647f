import { createHash, createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseLob, refuseTwilio } from '../../../src/api/webhooks/hmac-signature.ts';

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';
const vectorsPath = resolve(process.cwd(), '../shared/data/api/twilio/request_signature_vectors.json');
const hasVectors = existsSync(vectorsPath);

interface Vectors {
  authToken: string;
  body_for_bodySHA256: string;
  vectors: { name: string; signed_url: string; params: Record<string, string>; signature: string }[];
}

describe.skipIf(!hasVectors)(
  `recorded Twilio signatures${hasVectors ? '' : ' (skipped: ../shared/data/api/twilio is not here)'}`,
  () => {
    const recorded = hasVectors
      ? (JSON.parse(readFileSync(vectorsPath, 'utf8')) as Vectors)
      : { authToken: '', body_for_bodySHA256: '', vectors: [] };

    it.each(recorded.vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
      const isJson = vector.signed_url.includes('bodySHA256');
      const request = {
        signature: vector.signature,
        url: vector.signed_url,
        contentType: isJson ? 'application/json' : FORM,
        body: Buffer.from(isJson ? recorded.body_for_bodySHA256 : new URLSearchParams(vector.params).toString()),
      };
      expect(refuseTwilio(recorded.authToken, request)).toBeNull();
      expect(refuseTwilio('54321', request)).toContain('does not match');
      expect(
        refuseTwilio(recorded.authToken, { ...request, body: Buffer.concat([request.body, Buffer.from('1')]) }),
      ).not.toBeNull();
    });
  },
);

describe('refuseTwilio', () => {
  const token = 'own-token';
  const url = 'https://deals.example.com/webhook/twilio?send_id=1';
  const body = Buffer.from('To=%2B12065550100&MessageSid=SM1&MessageStatus=sent&Tag=b&Tag=a&Tag=a');
  const signed = 'MessageSidSM1MessageStatussentTagaTagbTo+12065550100';
  const sign = (text: string) => createHmac('sha1', token).update(text).digest('base64');
  const request = { signature: sign(url + signed), url, contentType: FORM, body };

  it('believes the form by its sorted names, with or without the port', () => {
    expect(refuseTwilio(token, request)).toBeNull();
    const withPort = url.replace('.com/', '.com:443/');
    expect(refuseTwilio(token, { ...request, signature: sign(withPort + signed) })).toBeNull();
    expect(refuseTwilio(token, { ...request, url: withPort })).toBeNull();
    expect(refuseTwilio(token, { ...request, url: url.replace('.com/', '.com:8443/') })).toBeNull();
    const onPort = sign(url.replace('.com/', '.com:8443/') + signed);
    expect(refuseTwilio(token, { ...request, signature: onPort })).toContain('does not match');
  });

  it('refuses another address, token, body, and no signature', () => {
    expect(refuseTwilio(token, { ...request, url: `${url}2` })).toContain('does not match');
    expect(refuseTwilio('guess', request)).toContain('does not match');
    expect(refuseTwilio(token, { ...request, body: Buffer.from('MessageSid=SM2') })).toContain('does not match');
    expect(refuseTwilio(token, { ...request, signature: undefined })).toContain('missing');
  });

  it('refuses a body that nothing signs', () => {
    const json = {
      signature: sign(url),
      url,
      contentType: 'application/json',
      body: Buffer.from('{"MessageSid":"SM9"}'),
    };
    expect(refuseTwilio(token, json)).toContain('hash is not signed');
    const hashed = `${url}&bodySHA256=${createHash('sha256').update(json.body).digest('hex')}`;
    expect(refuseTwilio(token, { ...json, url: hashed, signature: sign(hashed) })).toBeNull();
    const other = { ...json, url: hashed, signature: sign(hashed), body: Buffer.from('{"MessageSid":"SM8"}') };
    expect(refuseTwilio(token, other)).toContain('not the signed one');
  });

  it('refuses any other signature', () => {
    fc.assert(
      fc.property(fc.string(), (signature) => {
        expect(refuseTwilio(token, { ...request, signature })).not.toBeNull();
      }),
    );
  });
});

describe('refuseLob', () => {
  const secret = 'own-secret';
  const now = new Date('2026-06-10T12:00:00Z');
  const body = Buffer.from('{"id":"evt_1"}');
  const signed = (timestamp: string, of = body) => ({
    timestamp,
    body,
    signature: createHmac('sha256', secret).update(`${timestamp}.`).update(of).digest('hex'),
  });
  const msAgo = (ms: number) => String(now.getTime() - ms);

  it('believes seconds and milliseconds, for 26 hours', () => {
    expect(refuseLob(secret, signed(msAgo(0)), now)).toBeNull();
    expect(refuseLob(secret, signed(msAgo(0).slice(0, 10)), now)).toBeNull();
    expect(refuseLob(secret, signed(msAgo(25 * 3_600_000)), now)).toBeNull();
    expect(refuseLob(secret, signed(msAgo(27 * 3_600_000)), now)).toContain('too old');
    expect(refuseLob(secret, signed(msAgo(-3_600_000)), now)).toContain('future');
  });

  it('refuses another body, secret, form of time, and no signature', () => {
    expect(refuseLob(secret, signed(msAgo(0), Buffer.from('{}')), now)).toContain('does not match');
    expect(refuseLob('guess', signed(msAgo(0)), now)).toContain('does not match');
    expect(refuseLob(secret, signed('2026-06-10T12:00:00Z'), now)).toContain('digits');
    expect(refuseLob(secret, { ...signed(msAgo(0)), signature: undefined }, now)).toContain('missing');
    expect(refuseLob(secret, { ...signed(msAgo(0)), signature: '' }, now)).toContain('does not match');
  });
});
