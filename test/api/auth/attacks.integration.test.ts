import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAccessToken } from '../../../src/api/auth/access-token.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { TEST_TOKEN_KEYS } from '../../support/identity.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const statusWith = async (authorization: string) =>
  (await api.anonymous('GET', '/api/v1/auth/me', { headers: { Authorization: authorization } })).status;

describe('credentials that are none', () => {
  it('are answered 401, whatever they are', async () => {
    const { token } = await api.as('admin');
    const { key } = await api.asKey(['*']);
    const [head, claims, signature] = token.split('.');
    const tokens = [
      '',
      'x',
      '.',
      '..',
      'a.b.c',
      'bnVsbA.bnVsbA.bnVsbA',
      'W10.W10.W10',
      `${head}.${claims}`,
      `${head}.${claims}.`,
      `${head}..${signature}`,
      `!!!.${claims}.${signature}`,
      token.slice(0, -3),
      key.slice(0, -1),
      `${key.slice(0, -4)}AAAA`,
      key.replace(/_[0-9a-f]{32}_/, `_${'0'.repeat(32)}_`),
    ];
    for (const one of tokens) expect([one, await statusWith(`Bearer ${one}`)]).toEqual([one, 401]);
    for (const one of ['', token, `Basic ${token}`, `Bearer  ${token} x`, `Bearer ${'a'.repeat(5_000)}`]) {
      expect([one, await statusWith(one)]).toEqual([one, 401]);
    }
    expect(await statusWith(`Bearer ${token}`)).toBe(200);
    expect(await statusWith(`bearer ${key}`)).toBe(200);
  });

  it('are a user of one tenant in another, one who is gone, and one of a closed tenant', async () => {
    const here = await api.addTenant('here');
    const there = await api.addTenant('there');
    const user = await api.as('admin', here);
    const moved = await issueAccessToken(TEST_TOKEN_KEYS, { tenantId: there, userId: user.userId }, new Date());
    expect(await statusWith(`Bearer ${moved}`)).toBe(401);
    expect(await statusWith(`Bearer ${user.token}`)).toBe(200);
    await api.database.query(`update user_accounts set role = 'viewer' where id = $1`, [user.userId]);
    expect((await user('GET', '/api/v1/users')).status).toBe(403);
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [user.userId]);
    expect(await statusWith(`Bearer ${user.token}`)).toBe(401);
    const [other, key] = [await api.as('admin', there), await api.asKey(['*'], there)];
    await api.database.query(`update tenants set status = 'closed' where id = $1`, [there]);
    for (const token of [other.token, key.key]) expect(await statusWith(`Bearer ${token}`)).toBe(401);
  });

  it('are tokens of before the sessions were ended, in the same second too', async () => {
    const user = await api.as('viewer');
    const claims = { tenantId: api.database.tenantId, userId: user.userId };
    const now = Date.now();
    await api.database.query('update user_accounts set tokens_valid_from = $2 where id = $1', [
      user.userId,
      new Date(now),
    ]);
    const before = await issueAccessToken(TEST_TOKEN_KEYS, claims, new Date(now - 1));
    const after = await issueAccessToken(TEST_TOKEN_KEYS, claims, new Date(now));
    expect(await statusWith(`Bearer ${before}`)).toBe(401);
    expect(await statusWith(`Bearer ${after}`)).toBe(200);
  });
});
