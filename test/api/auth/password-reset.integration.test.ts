import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeOpaqueToken } from '../../../src/api/auth/opaque-token.ts';
import { hashPassword } from '../../../src/api/auth/password.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { openUserMailbox } from '../../support/user-mailbox.ts';

const OLD = 'the password of before';
const NEW = 'a password that is new';
const ORIGIN = 'https://reos.example.com';

let api: TestApi;
let mailbox: Awaited<ReturnType<typeof openUserMailbox>>;
let oldHash: string;
beforeAll(async () => {
  api = await createTestApi({ sealer: TEST_CONTACT_KEYS.sealer, publicUrl: ORIGIN });
  mailbox = await openUserMailbox(api);
  oldHash = await hashPassword(OLD);
});
afterAll(() => api.close());

async function person(slug: string, role: 'admin' | 'analyst' = 'analyst') {
  const tenantId = await api.addTenant(slug);
  const caller = await api.as(role, tenantId);
  const email = `${slug}@example.com`;
  await api.database.query('update user_accounts set password_hash = $2, email = $3 where id = $1', [
    caller.userId,
    oldHash,
    email,
  ]);
  return { tenantId, caller, email, userId: caller.userId };
}
const logIn = (email: string, password: string) =>
  api.anonymous('POST', '/api/v1/auth/login', { body: { email, password } });
const reset = (token: string, password = NEW) =>
  api.anonymous('POST', '/api/v1/auth/reset-password', { body: { token, password } });
const forgot = (email: string) => api.anonymous('POST', '/api/v1/auth/forgot-password', { body: { email } });
const clearThrottle = () => api.database.query('delete from login_attempts');
const waiting = (tenantId: string) =>
  api.database.query<{ sealed_link: string | null; body: string; status: string }>(
    'select sealed_link, body, status from user_mails where tenant_id = $1',
    [tenantId],
  );

async function given(who: { tenantId: string; userId: string }) {
  const admin = await api.as('admin', who.tenantId);
  const made = await admin('POST', `/api/v1/users/${who.userId}/password-reset`);
  expect(made.status).toBe(201);
  return made.body as { token: string; url: string; email: string; expires_at: string };
}

describe('a link that an admin gives', () => {
  it('sets a password once, and ends every session', async () => {
    const who = await person('given');
    const session = (await logIn(who.email, OLD)).body as { refresh_token: string };
    const { token, url, email, expires_at } = await given(who);
    expect(email).toBe(who.email);
    expect(url).toBe(`${ORIGIN}/reset-password?token=${token}`);
    expect(Math.abs(Date.parse(expires_at) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    // The present one stays until the link is used.
    expect((await logIn(who.email, OLD)).status).toBe(200);
    expect((await reset(token, 'short')).status).toBe(400);
    const both = await Promise.all([reset(token), reset(token, 'what another would choose')]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 401]);
    expect((await reset(token)).status).toBe(401);
    expect((await who.caller('GET', '/api/v1/auth/me')).status).toBe(401);
    const refreshed = await api.anonymous('POST', '/api/v1/auth/refresh', {
      body: { refresh_token: session.refresh_token },
    });
    expect(refreshed.status).toBe(401);
    expect((await logIn(who.email, OLD)).status).toBe(401);
    const tries = await Promise.all([NEW, 'what another would choose'].map((one) => logIn(who.email, one)));
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it('works no more when it is too old, when a newer one was given, and after another password', async () => {
    const who = await person('ended');
    const old = await given(who);
    await api.database.query('update password_resets set expires_at = now() where user_id = $1', [who.userId]);
    expect((await reset(old.token)).status).toBe(401);
    const first = await given(who);
    const second = await given(who);
    expect((await reset(first.token)).status).toBe(401);
    const session = (await logIn(who.email, OLD)).body as { access_token: string };
    const changed = await api.anonymous('PUT', '/api/v1/users/me/password', {
      body: { current_password: OLD, new_password: NEW },
      headers: { Authorization: `Bearer ${session.access_token}` },
    });
    expect(changed.status).toBe(204);
    expect((await reset(second.token, 'a third long password')).status).toBe(401);
    expect((await logIn(who.email, NEW)).status).toBe(200);
  });

  it('is for users of the own tenant, and for roles that may do no more than who gives it', async () => {
    const who = await person('mine', 'admin');
    const stranger = await api.as('admin', await api.addTenant('not-mine'));
    const foreign = await stranger('POST', `/api/v1/users/${who.userId}/password-reset`);
    const random = await stranger('POST', '/api/v1/users/00000000-0000-4000-8000-000000000000/password-reset');
    expect([foreign.status, random.status]).toEqual([404, 404]);
    const key = await api.asKey(['users:update'], who.tenantId);
    expect((await key('POST', `/api/v1/users/${who.userId}/password-reset`)).status).toBe(403);
    const viewer = await api.as('viewer', who.tenantId);
    expect((await viewer('POST', `/api/v1/users/${who.userId}/password-reset`)).status).toBe(403);
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [viewer.userId]);
    expect((await who.caller('POST', `/api/v1/users/${viewer.userId}/password-reset`)).status).toBe(409);
  });

  it('cannot be guessed, moved to another tenant, or taken from the database', async () => {
    const who = await person('guessed');
    const other = await person('guessed-other');
    const { token } = await given(who);
    const [row] = await api.database.query<{ token_hash: string }>(
      'select token_hash from password_resets where user_id = $1 and ended_at is null',
      [who.userId],
    );
    expect(row!.token_hash).not.toContain(token.slice(-43));
    const moved = token.replace(who.tenantId.replaceAll('-', ''), other.tenantId.replaceAll('-', ''));
    expect(moved).not.toBe(token);
    const { token: forged } = makeOpaqueToken('reosp', 'another secret', who.tenantId);
    const asked = [moved, forged, row!.token_hash, `${token.slice(0, -1)}_`, token.replace('reosp', 'reosi'), 'x'];
    for (const one of asked) expect([one, (await reset(one)).status]).toEqual([one, 401]);
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [who.userId]);
    expect((await reset(token)).status).toBe(401);
    await api.database.query(`update user_accounts set status = 'active' where id = $1`, [who.userId]);
    await api.database.query(`update tenants set status = 'suspended' where id = $1`, [who.tenantId]);
    expect((await reset(token)).status).toBe(401);
    await api.database.query(`update tenants set status = 'active' where id = $1`, [who.tenantId]);
    // None of it has used the token up.
    expect((await reset(token)).status).toBe(204);
  });

  it('is tried a bounded number of times from one network', async () => {
    await clearThrottle();
    const statuses: number[] = [];
    for (let n = 0; n < 55; n += 1) statuses.push((await reset('reosp_nonsense')).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect(statuses.at(-1)).toBe(429);
    await clearThrottle();
  });
});

describe('a link that is asked for by mail', () => {
  it('comes by mail alone, sealed until it left, and works once', async () => {
    const who = await person('mailed');
    const asked = await forgot(who.email.toUpperCase());
    expect([asked.status, asked.text]).toEqual([204, '']);
    await vi.waitFor(async () => expect(await waiting(who.tenantId)).toHaveLength(1));
    const [before] = await waiting(who.tenantId);
    expect(before!.sealed_link).toMatch(/^v1\./);
    expect(`${before!.body}${before!.sealed_link}`).not.toContain('reosp_');
    expect(await mailbox.post(who.tenantId)).toBe(1);
    expect(await waiting(who.tenantId)).toMatchObject([{ status: 'sent', sealed_link: null }]);
    const [mail] = await mailbox.read(who.tenantId);
    expect(mail).toContain(`To: A analyst <${who.email}>`);
    const [, token] = /https:\/\/reos\.example\.com\/reset-password\?token=(reosp_[\w-]+)/.exec(mail!)!;
    expect((await reset(token!)).status).toBe(204);
    expect((await reset(token!)).status).toBe(401);
    expect((await logIn(who.email, NEW)).status).toBe(200);
  });

  it('is answered the same for an address that nobody has, and mails nobody else', async () => {
    await clearThrottle();
    const who = await person('known');
    const [known, unknown] = [await forgot(who.email), await forgot('nobody-at-all@example.com')];
    const plain = (answer: typeof known) => [answer.status, answer.text, answer.headers.get('Content-Type')];
    expect(plain(known)).toEqual(plain(unknown));
    await vi.waitFor(async () => expect(await waiting(who.tenantId)).toHaveLength(1));
    const shut = await person('shut');
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [shut.userId]);
    expect((await forgot(shut.email)).status).toBe(204);
    expect(await waiting(shut.tenantId)).toEqual([]);
  });

  it('floods no mailbox: three an hour, known or not', async () => {
    await clearThrottle();
    const who = await person('flooded');
    for (const email of [who.email, 'unknown-flooded@example.com']) {
      const statuses: number[] = [];
      for (let n = 0; n < 5; n += 1) statuses.push((await forgot(email)).status);
      expect([email, statuses]).toEqual([email, [204, 204, 204, 429, 429]]);
    }
    await vi.waitFor(async () => expect(await waiting(who.tenantId)).toHaveLength(3));
    const open = await api.database.query('select 1 from password_resets where user_id = $1 and ended_at is null', [
      who.userId,
    ]);
    expect(open).toHaveLength(1);
  });
});
