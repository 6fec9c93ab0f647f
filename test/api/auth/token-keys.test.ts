import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { issueAccessToken, verifyAccessToken } from '../../../src/api/auth/access-token.ts';
import { readTokenKeys } from '../../../src/api/auth/token-keys.ts';

const ISSUER = 'https://reos.test';
const SECRET = 'cd'.repeat(32);
const who = { tenantId: randomUUID(), userId: randomUUID() };
const now = new Date('2026-01-02T03:04:05.678Z');
const pem = (key: KeyObject, type: 'pkcs8' | 'spki') => key.export({ format: 'pem', type }).toString();
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const read = (privateKey?: string, publicKeys?: string) => readTokenKeys({ privateKey, publicKeys }, SECRET, ISSUER);

describe('keys of access tokens', () => {
  it('sign with the algorithm of the key', async () => {
    const cases = [
      [pem(ed.privateKey, 'pkcs8'), 'EdDSA'],
      [pem(ec.privateKey, 'pkcs8').replaceAll('\n', '\\n'), 'ES256'],
      [pem(rsa.privateKey, 'pkcs8'), 'RS256'],
      [undefined, 'HS256'],
    ] as const;
    for (const [key, algorithm] of cases) {
      const keys = await read(key);
      expect(keys.current.algorithm).toBe(algorithm);
      expect(await verifyAccessToken(keys, await issueAccessToken(keys, who, now), now)).toMatchObject(who);
    }
  });

  it('believe a key before only while its public part is set', async () => {
    const before = await issueAccessToken(await read(pem(ed.privateKey, 'pkcs8')), who, now);
    const both = `${pem(rsa.publicKey, 'spki')}\n${pem(ed.publicKey, 'spki')}`;
    expect(await verifyAccessToken(await read(pem(ec.privateKey, 'pkcs8'), both), before, now)).toMatchObject(who);
    const without = await read(pem(ec.privateKey, 'pkcs8'), pem(rsa.publicKey, 'spki'));
    await expect(verifyAccessToken(without, before, now)).rejects.toMatchObject({ code: 'auth_revoked' });
    const own = await issueAccessToken(await read(), who, now);
    await expect(verifyAccessToken(without, own, now)).rejects.toMatchObject({ code: 'auth_revoked' });
  });

  it('refuse what is no key, naming the setting and never its content', async () => {
    const secp = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const bad = ['hunter2', pem(secp.privateKey, 'pkcs8'), pem(ed.publicKey, 'spki')];
    for (const one of bad) await expect(read(one)).rejects.toThrow(/^REOS_JWT_PRIVATE_KEY (?!.*hunter2)/);
    await expect(read(undefined, 'hunter2')).rejects.toThrow(/^REOS_JWT_PUBLIC_KEYS (?!.*hunter2)/);
  });
});
