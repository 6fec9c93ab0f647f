import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestAnswer, type TestApi } from '../../support/api.ts';

interface SessionBody {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  user: { id: string; email: string; role: string };
}

const PASSWORD = 'a long enough password';
let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const post = (path: string, body: unknown) => api.anonymous('POST', path, { body });
const sessionOf = (answer: TestAnswer) => answer.body as SessionBody;
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const me = (token: string) => api.anonymous('GET', '/api/v1/auth/me', { headers: bearer(token) });
async function register(email: string, organization = 'Acme Höfe & Co.') {
  const body = { organization_name: organization, name: 'Ann', email, password: PASSWORD };
  return sessionOf(await post('/api/v1/auth/register', body));
}

describe('sessions', () => {
  it('makes an organisation with its first user, who is an admin', async () => {
    const session = await register('Ann@Example.com');
    expect(session).toMatchObject({ expires_in: 1_800, user: { email: 'ann@example.com', role: 'admin' } });
    const answer = await me(session.access_token);
    expect(answer.body).toMatchObject({
      kind: 'user',
      permissions: ['*'],
      tenant: { slug: 'acme-hofe-co', plan: 'free' },
    });
    const [kept] = await api.database.query<{ password_hash: string }>(
      'select password_hash from user_accounts where id = $1',
      [session.user.id],
    );
    expect(kept!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    // The same name again is another organisation.
    const other = await register('bob@example.com');
    const { body } = await me(other.access_token);
    expect((body as { tenant: { slug: string } }).tenant.slug).toMatch(/^acme-hofe-co-[0-9a-f]{4}$/);
  });

  it('logs in with address and password, and says the same for an unknown address and a wrong password', async () => {
    await register('carl@example.com', 'Carl');
    const good = await post('/api/v1/auth/login', { email: ' Carl@example.com', password: PASSWORD });
    expect(good.status).toBe(200);
    expect((await me(sessionOf(good).access_token)).status).toBe(200);
    const wrong = await post('/api/v1/auth/login', { email: 'carl@example.com', password: 'not this password' });
    const unknown = await post('/api/v1/auth/login', { email: 'nobody@example.com', password: PASSWORD });
    const strip = ({ request_id: _, ...rest }: Record<string, unknown>) => rest;
    expect(wrong.status).toBe(401);
    expect(strip(unknown.body)).toEqual(strip(wrong.body));
    expect(
      (
        await post('/api/v1/auth/register', {
          organization_name: 'x',
          name: 'x',
          email: 'x@example.com',
          password: 'short',
        })
      ).status,
    ).toBe(400);
  });

  it('asks for the tenant when address and password fit in several', async () => {
    await register('dora@example.com', 'Dora One');
    await register('dora@example.com', 'Dora Two');
    const login = { email: 'dora@example.com', password: PASSWORD };
    const asked = await post('/api/v1/auth/login', login);
    expect(asked).toMatchObject({ status: 400, body: { field: 'body.tenant' } });
    expect(asked.text).toContain('dora-one, dora-two');
    const named = sessionOf(await post('/api/v1/auth/login', { ...login, tenant: 'dora-two' }));
    expect((await me(named.access_token)).body).toMatchObject({ tenant: { slug: 'dora-two' } });
  });

  it('throttles guesses, also parallel ones, and forgets them after a login', async () => {
    await register('eve@example.com', 'Eve');
    const guess = (password: string) => post('/api/v1/auth/login', { email: 'eve@example.com', password });
    for (let at = 0; at < 4; at += 1) await guess('a wrong password');
    expect((await guess(PASSWORD)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 14 }, () => guess('a wrong password')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(60);
    expect((await guess(PASSWORD)).status).toBe(429);
    const rows = await api.database.query<{ key_hash: string }>('select key_hash from login_attempts');
    expect(rows.some(({ key_hash: hash }) => hash.includes('eve'))).toBe(false);
  });

  it('gives at most one of twenty parallel refreshes tokens', async () => {
    const { refresh_token } = await register('finn@example.com', 'Finn');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/api/v1/auth/refresh', { refresh_token })),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    expect(answers.filter(({ status }) => status === 401).length).toBe(19);
  });

  it('rotates, and ends the login when a used token comes again', async () => {
    const first = await register('gus@example.com', 'Gus');
    const second = sessionOf(await post('/api/v1/auth/refresh', { refresh_token: first.refresh_token }));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.access_token)).status).toBe(200);
    expect((await post('/api/v1/auth/refresh', { refresh_token: first.refresh_token })).status).toBe(401);
    expect((await post('/api/v1/auth/refresh', { refresh_token: second.refresh_token })).status).toBe(401);
    expect((await me(second.access_token)).status).toBe(401);
    // A new login is not touched.
    const again = sessionOf(await post('/api/v1/auth/login', { email: 'gus@example.com', password: PASSWORD }));
    expect((await me(again.access_token)).status).toBe(200);
    expect((await post('/api/v1/auth/refresh', { refresh_token: again.refresh_token })).status).toBe(200);
  });

  it('logs out one login, and answers a token it does not know the same', async () => {
    const one = await register('hal@example.com', 'Hal');
    const other = sessionOf(await post('/api/v1/auth/login', { email: 'hal@example.com', password: PASSWORD }));
    for (const token of [one.refresh_token, one.refresh_token, 'nonsense', one.refresh_token.replace(/.$/, '_')]) {
      expect((await post('/api/v1/auth/logout', { refresh_token: token })).status).toBe(204);
    }
    expect((await post('/api/v1/auth/refresh', { refresh_token: one.refresh_token })).status).toBe(401);
    expect((await post('/api/v1/auth/refresh', { refresh_token: other.refresh_token })).status).toBe(200);
  });

  it('refuses an expired refresh token, and one of a disabled user or closed tenant', async () => {
    const expired = await register('ida@example.com', 'Ida');
    await api.database.query(`update refresh_tokens set expires_at = now() where user_id = $1`, [expired.user.id]);
    expect((await post('/api/v1/auth/refresh', { refresh_token: expired.refresh_token })).status).toBe(401);
    const disabled = await register('jon@example.com', 'Jon');
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [disabled.user.id]);
    expect((await post('/api/v1/auth/refresh', { refresh_token: disabled.refresh_token })).status).toBe(401);
    expect((await post('/api/v1/auth/login', { email: 'jon@example.com', password: PASSWORD })).status).toBe(401);
    const closed = await register('kim@example.com', 'Kim');
    await api.database.query(`update tenants set status = 'closed' where slug = 'kim'`);
    expect((await post('/api/v1/auth/refresh', { refresh_token: closed.refresh_token })).status).toBe(401);
    expect((await me(closed.access_token)).status).toBe(401);
  });
});
