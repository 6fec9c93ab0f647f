import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { openUserMailbox } from '../../support/user-mailbox.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ sealer: TEST_CONTACT_KEYS.sealer, publicUrl: 'https://reos.example.com/' });
});
afterAll(() => api.close());

const PASSWORD = 'a long enough password';
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const accept = (token: string) =>
  api.anonymous('POST', '/api/v1/auth/accept-invitation', { body: { token, name: 'New', password: PASSWORD } });

describe('invitations', () => {
  it('bring a person in once, with the role that was given', async () => {
    const tenantId = await api.addTenant('inviting');
    const admin = await api.as('admin', tenantId);
    const invite = () => admin('POST', '/api/v1/invitations', { body: { email: 'New@Example.com', role: 'analyst' } });
    const first = (await invite()).body as { token: string; id: string };
    const second = (await invite()).body as { token: string; id: string };
    expect((await accept(first.token)).status).toBe(401);
    const list = await admin('GET', '/api/v1/invitations');
    expect(list.body).toMatchObject({ items: [{ id: second.id, email: 'new@example.com', role: 'analyst' }] });
    expect(list.text).not.toContain(second.token);
    const both = await Promise.all([accept(second.token), accept(second.token)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
    const joined = both.find(({ status }) => status === 201)!.body as { access_token: string };
    expect((await api.anonymous('GET', '/api/v1/auth/me', bearer(joined.access_token))).body).toMatchObject({
      user: { email: 'new@example.com', role: 'analyst' },
      tenant: { id: tenantId },
    });
    expect((await invite()).status).toBe(409);
  });

  it('end when revoked or too old, and belong to one tenant', async () => {
    const admin = await api.as('admin', await api.addTenant('revoking'));
    const stranger = await api.as('admin', await api.addTenant('stranger'));
    const make = async (email: string) =>
      (await admin('POST', '/api/v1/invitations', { body: { email, role: 'ops' } })).body as {
        token: string;
        id: string;
      };
    const one = await make('one@example.com');
    expect((await stranger('DELETE', `/api/v1/invitations/${one.id}`)).status).toBe(404);
    expect((await admin('DELETE', `/api/v1/invitations/${one.id}`)).status).toBe(204);
    expect((await accept(one.token)).status).toBe(401);
    const old = await make('old@example.com');
    await api.database.query('update invitations set expires_at = now() where id = $1', [old.id]);
    expect((await accept(old.token)).status).toBe(401);
    expect((await accept('reosi_nonsense')).status).toBe(401);
    const key = await api.asKey(['users:update']);
    expect((await key('POST', '/api/v1/invitations', { body: { email: 'x@example.com', role: 'admin' } })).status).toBe(
      403,
    );
  });
});

describe('the mail of an invitation', () => {
  it('brings the link to the address, which is no user yet', async () => {
    const tenantId = await api.addTenant('mailing');
    const mailbox = await openUserMailbox(api);
    const admin = await api.as('admin', tenantId);
    const body = { email: 'joins@example.com', role: 'ops' };
    const made = (await admin('POST', '/api/v1/invitations', { body })).body as {
      token: string;
      url: string;
      is_mailed: boolean;
    };
    const { token, url } = made;
    expect(made).toMatchObject({
      is_mailed: true,
      url: `https://reos.example.com/accept-invitation?token=${token}`,
    });
    const [row] = await api.database.query<{ all: string }>(
      'select m::text as all from user_mails m where tenant_id = $1',
      [tenantId],
    );
    expect(row!.all).not.toContain(token);
    expect(await mailbox.post(tenantId)).toBe(1);
    const [mail] = await mailbox.read(tenantId);
    expect(mail).toContain('joins@example.com');
    expect(mail).toContain(url);
    expect((await accept(token)).status).toBe(201);
  });

  it('does not leave once the invitation was revoked or taken up', async () => {
    const tenantId = await api.addTenant('not-mailing');
    const mailbox = await openUserMailbox(api);
    const admin = await api.as('admin', tenantId);
    const invite = async (email: string) =>
      (await admin('POST', '/api/v1/invitations', { body: { email, role: 'ops' } })).body as {
        id: string;
        token: string;
      };
    const revoked = await invite('revoked@example.com');
    await admin('DELETE', `/api/v1/invitations/${revoked.id}`);
    const taken = await invite('taken@example.com');
    expect((await accept(taken.token)).status).toBe(201);
    expect(await mailbox.post(tenantId)).toBe(0);
    expect(await mailbox.read(tenantId)).toEqual([]);
    const rows = await api.database.query('select status, sealed_link from user_mails where tenant_id = $1', [
      tenantId,
    ]);
    expect(rows).toEqual([
      { status: 'dropped', sealed_link: null },
      { status: 'dropped', sealed_link: null },
    ]);
  });
});

describe('the own password', () => {
  it('is changed by who knows it, and ends every session', async () => {
    const admin = await api.as('admin', await api.addTenant('passwords'));
    const body = { email: 'pat@example.com', role: 'viewer' };
    const { token } = (await admin('POST', '/api/v1/invitations', { body })).body as { token: string };
    const session = (await accept(token)).body as { access_token: string; refresh_token: string };
    const change = (current_password: string) =>
      api.anonymous('PUT', '/api/v1/users/me/password', {
        body: { current_password, new_password: 'another long password' },
        ...bearer(session.access_token),
      });
    expect((await change('not this one')).status).toBe(400);
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await api.anonymous('GET', '/api/v1/auth/me', bearer(session.access_token))).status).toBe(401);
    const refreshed = await api.anonymous('POST', '/api/v1/auth/refresh', {
      body: { refresh_token: session.refresh_token },
    });
    expect(refreshed.status).toBe(401);
    const login = (password: string) =>
      api.anonymous('POST', '/api/v1/auth/login', { body: { email: body.email, password } });
    expect((await login(PASSWORD)).status).toBe(401);
    expect((await login('another long password')).status).toBe(200);
  });
});
