import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { hashPassword } from '../../src/api/auth/password.ts';
import { appendAudit } from '../../src/db/queries/audit.ts';
import { verifyAudit } from '../../src/db/queries/audit-verify.ts';
import { eraseContact } from '../../src/db/queries/erasure.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const inTenant = <T>(fn: Parameters<typeof withTenant<T>>[2]) => withTenant(api.database.db, api.database.tenantId, fn);

it('logins are in the audit log, those that fail too, without what was typed', async () => {
  const password = 'a long enough password 1';
  const [user] = await api.database.query<{ id: string }>(
    `insert into user_accounts (tenant_id, email, name, password_hash, role) values ($1, 'ann@example.com', 'Ann', $2, 'admin') returning id`,
    [api.database.tenantId, await hashPassword(password)],
  );
  const logIn = (typed: string, email = 'ann@example.com') =>
    api.anonymous('POST', '/api/v1/auth/login', { body: { email, password: typed } });
  expect((await logIn(password)).status).toBe(200);
  expect((await logIn('not the password 2')).status).toBe(401);
  expect((await logIn('not the password 3', 'nobody@example.com')).status).toBe(401);
  const rows = () =>
    api.database.query<Record<string, unknown>>(
      `select actor_kind, actor_id, outcome, subject_id, detail, request_id is not null as named from audit_log
       where action = 'session:login' order by seq`,
    );
  await vi.waitFor(async () => expect(await rows()).toHaveLength(2));
  const common = { actor_kind: 'user', actor_id: user!.id, subject_id: user!.id, named: true };
  expect(await rows()).toEqual([
    { ...common, outcome: 'ok', detail: { network: expect.any(String) } },
    { ...common, outcome: 'failed', detail: { network: expect.any(String) } },
  ]);
  const [text] = await api.database.query<{ all: string }>('select string_agg(a::text, $1) as all from audit_log a', [
    '\n',
  ]);
  expect(text!.all).not.toMatch(/password [123]/);
});

it('a contact that is erased leaves the log without details and the chain whole', async () => {
  const [contact] = await api.database.query<{ id: string }>(
    `insert into contacts (tenant_id, kind) values ($1, 'owner') returning id`,
    [api.database.tenantId],
  );
  const entry = {
    at: new Date('2026-03-01T00:00:00Z'),
    actorKind: 'user' as const,
    actorId: 'u',
    action: 'outreach:update',
    resource: 'updateContact',
    outcome: 'ok' as const,
    requestId: null,
  };
  await inTenant(async (trx) => {
    await appendAudit(trx, { ...entry, subjectId: contact!.id, detail: { note: 'calls at night' } });
    await appendAudit(trx, { ...entry, subjectId: null, detail: { kept: true } });
  });
  await inTenant((trx) => eraseContact(trx, { contactId: contact!.id, requestedBy: 'test', at: new Date() }));
  const rows = await api.database.query('select detail from audit_log where action = $1 order by seq', [entry.action]);
  expect(rows).toEqual([{ detail: null }, { detail: { kept: true } }]);
  expect(await inTenant((trx) => verifyAudit(trx))).toMatchObject({ ok: true });
});

it('ways in and out are in the audit log: register, invitation, logout, a token that came twice, a new password', async () => {
  const call = (path: string, body: unknown) => api.anonymous('POST', `/api/v1/auth/${path}`, { body });
  const password = 'a long enough password';
  const made = (await call('register', { organization_name: 'Ways', name: 'Way', email: 'way@example.com', password }))
    .body as { access_token: string; refresh_token: string; user: { id: string } };
  const headers = { Authorization: `Bearer ${made.access_token}` };
  const { tenant } = (await api.anonymous('GET', '/api/v1/auth/me', { headers })).body as { tenant: { id: string } };
  const ask = (path: string, body?: unknown) => api.anonymous('POST', path, { headers, ...(body ? { body } : {}) });
  const invited = (await ask('/api/v1/invitations', { email: 'in@example.com', role: 'viewer' })).body as {
    token: string;
  };
  const joined = (await call('accept-invitation', { token: invited.token, name: 'In', password })).body as {
    refresh_token: string;
    user: { id: string };
  };
  await call('refresh', { refresh_token: joined.refresh_token });
  await call('refresh', { refresh_token: joined.refresh_token });
  const link = (await ask(`/api/v1/users/${joined.user.id}/password-reset`)).body as { token: string };
  expect((await call('reset-password', { token: link.token, password: 'a new long password' })).status).toBe(204);
  await call('logout', { refresh_token: made.refresh_token });
  const rows = await api.database.query<Record<string, unknown>>(
    `select actor_id, action, outcome, subject_id, detail ->> 'network' is not null as from_where,
       request_id is not null as named from audit_log where tenant_id = $1 and action like 'session:%' order by seq`,
    [tenant.id],
  );
  const of = (id: string, action: string, outcome = 'ok') => ({
    actor_id: id,
    action: `session:${action}`,
    outcome,
    subject_id: id,
    from_where: true,
    named: true,
  });
  expect(rows).toEqual([
    of(made.user.id, 'register'),
    of(joined.user.id, 'accept-invitation'),
    of(joined.user.id, 'refresh-reused', 'refused'),
    of(joined.user.id, 'reset-password'),
    of(made.user.id, 'logout'),
  ]);
  const given = await api.database.query(
    `select actor_id, subject_id from audit_log where tenant_id = $1 and resource like 'createPasswordReset:%'`,
    [tenant.id],
  );
  expect(given).toEqual([{ actor_id: made.user.id, subject_id: joined.user.id }]);
  const [text] = await api.database.query<{ all: string }>('select string_agg(a::text, $1) as all from audit_log a', [
    '\n',
  ]);
  expect(text!.all).not.toMatch(/reosp_|reosi_|reosr_|long password/);
  expect(await withTenant(api.database.db, tenant.id, (trx) => verifyAudit(trx))).toMatchObject({ ok: true });
});
