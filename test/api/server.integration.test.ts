import { describe, expect, it } from 'vitest';
import { serveApi } from '../../src/api/serve.ts';
import { apiDeps, createApi, generateKeyPair, signBody } from './setup.ts';

describe('health', () => {
  it.each(['/health', '/api/health', '/api/health/'])('answers at %s', async (path) => {
    const answer = await createApi(apiDeps()).request(path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'healthy', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('x-request-id')).toBeTruthy();
  });

  it('asks every part and is as ill as the worst of them', async () => {
    const app = createApi(
      apiDeps({
        checks: {
          database: async () => ({ status: 'healthy', version: '18.4' }),
          temporal: () => Promise.reject(new Error('connection refused')),
          storage: async () => ({ status: 'degraded' }),
        },
      }),
    );
    const answer = await app.request('/api/health/comprehensive');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      status: 'unhealthy',
      components: {
        api: { status: 'healthy' },
        database: { status: 'healthy', version: '18.4' },
        temporal: { status: 'unhealthy', detail: 'connection refused' },
        storage: { status: 'degraded' },
        browser: { status: 'not_configured' },
        model: { status: 'not_configured' },
        system: { status: expect.any(String), memory_percent: expect.any(Number), disk_percent: expect.any(Number) },
      },
    });
  });
});

describe('the page behind the call to action', () => {
  it('thanks and changes nothing', async () => {
    const answer = await createApi(apiDeps()).request('/interested?property=<script>');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Thank you');
    expect(answer.headers.get('content-security-policy')).toContain("style-src 'sha256-");
  });
});

describe('errors', () => {
  it('are problem+json with code and request id', async () => {
    const answer = await createApi(apiDeps()).request('/nowhere', { headers: { 'X-Request-Id': 'abc-123' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing at GET /nowhere.',
      code: 'not_found',
      request_id: 'abc-123',
    });
  });
});

describe('the SendGrid webhook before any event is read', () => {
  const keys = generateKeyPair();
  const deps = apiDeps({ sendgridPublicKey: keys.publicKey });
  const app = createApi(deps);

  it('answers 503 while no key is set', async () => {
    expect((await createApi(apiDeps()).request('/webhook/sendgrid', { method: 'POST', body: '[]' })).status).toBe(503);
  });

  it('refuses unsigned, forged and oversized bodies', async () => {
    expect((await app.request('/webhook/sendgrid', { method: 'POST', body: '[]' })).status).toBe(401);
    const forged = await app.request('/webhook/sendgrid', signBody(generateKeyPair(), '[]', new Date()));
    expect(forged.status).toBe(401);
    expect(await forged.json()).toMatchObject({ code: 'auth_revoked', detail: expect.stringContaining('signature') });
    const large = await app.request('/webhook/sendgrid', signBody(keys, 'x'.repeat(2 * 1024 * 1024 + 1), new Date()));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ code: 'payload_too_large' });
  });

  it.each(['{"event":"open"}', 'not json', ''])('refuses the signed body %j', async (body) => {
    const answer = await app.request('/webhook/sendgrid', signBody(keys, body, new Date()));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'validation', detail: expect.stringContaining('JSON') });
  });

  it('asks the provider to come again while the database is away', async () => {
    const event = {
      event: 'open',
      sg_event_id: 'e1',
      timestamp: 1_780_000_000,
      send_id: '11111111-1111-5111-8111-111111111111',
    };
    const answer = await app.request('/webhook/sendgrid', signBody(keys, JSON.stringify([event]), new Date()));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
  });
});

describe('files', () => {
  const files = {
    check: (pathAndQuery: string) =>
      pathAndQuery.includes('signature=good')
        ? { ok: true as const, key: 'memos/a b".pdf' }
        : { ok: false as const, reason: 'it has expired' },
    get: async () => Buffer.from('%PDF-1.7'),
  };

  it('open by a signed link, as the type they are', async () => {
    const answer = await createApi(apiDeps({ files })).request('/files/memos/a.pdf?expires=9&signature=good');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="a_b_.pdf"');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe('%PDF-1.7');
  });

  it('stay shut without one', async () => {
    const answer = await createApi(apiDeps({ files })).request('/files/memos/a.pdf?expires=1&signature=bad');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('expired') });
  });

  it('never run as pages of ours', async () => {
    const evil = {
      ...files,
      check: () => ({ ok: true as const, key: 'pages/evil.html' }),
      get: async () => Buffer.from('<script>1</script>'),
    };
    const answer = await createApi(apiDeps({ files: evil })).request('/files/pages/evil.html?signature=good');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
  });
});

describe('serveApi', () => {
  it('listens on a free port, names a taken one, and closes', async () => {
    const api = await serveApi(createApi(apiDeps()), { port: 0, host: '127.0.0.1' });
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    await expect(serveApi(createApi(apiDeps()), { port: api.port, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(String(api.port)),
    });
    await api.close();
    await expect(fetch(`${api.url}/health`)).rejects.toThrow();
  });
});
