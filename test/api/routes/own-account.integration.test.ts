import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

describe('/api/v1/users/me', () => {
  it('lets everybody change the own name, whatever the role', async () => {
    const viewer = await api.as('viewer');
    const answer = await viewer('PUT', '/api/v1/users/me/name', { body: { name: '  Vera  ' } });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ id: viewer.userId, name: 'Vera', role: 'viewer' });
    expect((await viewer('PUT', '/api/v1/users/me/name', { body: { name: ' ' } })).status).toBe(400);
  });

  it('ends every session of the user, and nobody else’s', async () => {
    const register = (email: string) =>
      api.anonymous('POST', '/api/v1/auth/register', {
        body: { organization_name: 'Everywhere', name: 'Ada', email, password: 'kettle orbit mango' },
      });
    const ada = (await register('ada@example.com')).body as { access_token: string; refresh_token: string };
    const other = (await register('other@example.com')).body as { access_token: string };
    const me = (token: string) =>
      api.anonymous('GET', '/api/v1/auth/me', { headers: { Authorization: `Bearer ${token}` } });
    const answer = await api.anonymous('DELETE', '/api/v1/users/me/sessions', {
      headers: { Authorization: `Bearer ${ada.access_token}` },
    });
    expect(answer.status, answer.text).toBe(204);
    expect((await me(ada.access_token)).status).toBe(401);
    const again = await api.anonymous('POST', '/api/v1/auth/refresh', { body: { refresh_token: ada.refresh_token } });
    expect(again.status).toBe(401);
    expect((await me(other.access_token)).status).toBe(200);
  });

  it('is for people', async () => {
    const key = await api.asKey(['users:update']);
    expect((await key('DELETE', '/api/v1/users/me/sessions')).status).toBe(403);
    expect((await key('PUT', '/api/v1/users/me/name', { body: { name: 'x' } })).status).toBe(403);
  });
});
