import { expect, it } from 'vitest';
import { issueAccessToken } from '../../../src/api/auth/access-token.ts';
import { createTokenVerifier } from '../../../src/api/auth/verified-tokens.ts';
import { TEST_TOKEN_KEYS } from '../../support/identity.ts';

const whose = { tenantId: '00000000-0000-4000-8000-000000000001', userId: '00000000-0000-4000-8000-000000000002' };
const start = new Date('2026-03-01T12:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);

it('a remembered token expires when it does, and is not believed before its time', async () => {
  const verify = createTokenVerifier(TEST_TOKEN_KEYS);
  const token = await issueAccessToken(TEST_TOKEN_KEYS, whose, start);
  expect(await verify(token, after(1))).toMatchObject(whose);
  expect(await verify(token, after(30))).toMatchObject(whose);
  expect(await verify(token, after(1_799))).toMatchObject(whose);
  await expect(verify(token, after(1_801))).rejects.toMatchObject({ code: 'auth_revoked' });
});

it('a token that differs from a remembered one is verified by itself', async () => {
  const verify = createTokenVerifier(TEST_TOKEN_KEYS);
  const token = await issueAccessToken(TEST_TOKEN_KEYS, whose, start);
  await verify(token, after(1));
  const [head, body, signature] = token.split('.') as [string, string, string];
  const forged = Buffer.from(body, 'base64url').toString().replace('000000000001', '000000000009');
  for (const other of [
    `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`,
    `${head}.${body}.`,
    `${token}A`,
  ]) {
    await expect(verify(other, after(2))).rejects.toMatchObject({ code: 'auth_revoked' });
  }
});
