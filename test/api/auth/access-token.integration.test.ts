import { createHmac, generateKeyPairSync, randomUUID, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { exportJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_TOKEN_SECONDS,
  issueAccessToken,
  type TokenKey,
  tokenKeys,
  verifyAccessToken,
} from '../../../src/api/auth/access-token.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const SECRET = 'ab'.repeat(32);
const keys = tokenKeys(SECRET, 'https://reos.test');
const who = { tenantId: randomUUID(), userId: randomUUID() };
const refused = { code: 'auth_revoked' };
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = Math.floor(NOW.getTime() / 1_000);
const head = { alg: 'HS256', typ: 'at+jwt', kid: 'own' };
const claims = {
  tid: who.tenantId,
  sub: who.userId,
  iss: 'https://reos.test',
  aud: 'reos-api',
  iat: seconds,
  exp: seconds + 1_800,
};

/** A token with any head and claims, signed with a secret's bytes. */
function forge(header: object, payload: object, secret: Uint8Array | string = Buffer.from(SECRET, 'hex')): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('access tokens', () => {
  it('say who, to the millisecond, for 30 minutes', async () => {
    const token = await issueAccessToken(keys, who, NOW);
    const issuedAt = NOW.getTime() / 1_000;
    expect(await verifyAccessToken(keys, token, NOW)).toEqual({ ...who, issuedAt });
    expect(await verifyAccessToken(keys, token, at(ACCESS_TOKEN_SECONDS - 2))).toEqual({ ...who, issuedAt });
    await expect(verifyAccessToken(keys, token, at(ACCESS_TOKEN_SECONDS + 1))).rejects.toMatchObject(refused);
  });

  it('are believed when forged with the right key only as they should be', async () => {
    expect(await verifyAccessToken(keys, forge(head, claims), NOW)).toMatchObject(who);
    const heads: object[] = [
      { ...head, alg: 'none' },
      { ...head, alg: 'HS512' },
      { ...head, alg: 'RS256' },
      { ...head, typ: 'JWT' },
      { ...head, kid: undefined },
      { ...head, kid: 'other' },
      { ...head, kid: '../../dev/null' },
      { ...head, kid: ['own'] },
      { ...head, crit: ['exp'] },
    ];
    for (const one of heads)
      await expect(verifyAccessToken(keys, forge(one, claims), NOW)).rejects.toMatchObject(refused);
    const payloads: object[] = [
      { ...claims, aud: 'another-api' },
      { ...claims, aud: undefined },
      { ...claims, iss: 'https://evil.test' },
      { ...claims, exp: undefined },
      { ...claims, exp: seconds - 1 },
      { ...claims, exp: 'never' },
      { ...claims, nbf: seconds + 60 },
      { ...claims, iat: undefined },
      { ...claims, iat: 'now' },
      { ...claims, sub: "' or 1=1 --" },
      { ...claims, sub: undefined },
      { ...claims, tid: 'all' },
      { ...claims, tid: [who.tenantId] },
    ];
    for (const one of payloads)
      await expect(verifyAccessToken(keys, forge(head, one), NOW)).rejects.toMatchObject(refused);
  });

  it('are not believed without a signature, or with a key that they bring', async () => {
    const unsigned = `${encode({ ...head, alg: 'none' })}.${encode(claims)}`;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = await exportJWK(publicKey);
    const own = await new SignJWT(claims)
      .setProtectedHeader({ ...head, alg: 'EdDSA', jwk, jku: 'https://evil.test/keys', x5u: 'https://evil.test/x' })
      .sign(privateKey);
    const guesses = ['', 'secret', 'reos'].map((secret) => forge(head, claims, secret));
    for (const token of [unsigned, `${unsigned}.`, own, ...guesses]) {
      await expect(verifyAccessToken(keys, token, NOW)).rejects.toMatchObject(refused);
    }
  });

  it('take no public key for a secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const usage = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    const key: TokenKey = {
      id: 'rsa',
      algorithm: 'RS256',
      sign: await webcrypto.subtle.importKey('pkcs8', pkcs8, usage, false, ['sign']),
      verify: await webcrypto.subtle.importKey('spki', spki, usage, false, ['verify']),
    };
    const rsa = { issuer: 'https://reos.test', current: key, accepted: [key] };
    expect(await verifyAccessToken(rsa, await issueAccessToken(rsa, who, NOW), NOW)).toMatchObject(who);
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const secret of [pem, pem.trim(), spki]) {
      for (const alg of ['HS256', 'RS256']) {
        const token = forge({ ...head, alg, kid: 'rsa' }, claims, secret);
        await expect(verifyAccessToken(rsa, token, NOW)).rejects.toMatchObject(refused);
      }
    }
  });

  it('are refused when anything in them is changed, and never fail otherwise', async () => {
    const token = await issueAccessToken(keys, who, NOW);
    const place = fc.nat(token.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(3), async (from, put, cut) => {
        const changed = token.slice(0, from) + put + token.slice(from + cut);
        // The last character of a signature of 32 bytes holds two bits that say nothing.
        if (changed === token || changed.slice(0, -1) === token.slice(0, -1)) return;
        await expect(verifyAccessToken(keys, changed, NOW)).rejects.toMatchObject(refused);
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.string(), async (json, rest) => {
        const garbage = `${Buffer.from(json).toString('base64url')}.${rest}`;
        await expect(verifyAccessToken(keys, garbage, NOW)).rejects.toMatchObject(refused);
        await expect(verifyAccessToken(keys, rest, NOW)).rejects.toMatchObject(refused);
      }),
      { numRuns: 25 },
    );
  });
});
