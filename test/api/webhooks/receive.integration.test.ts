import { describe, expect, it } from 'vitest';
import { forgeries } from '../../../bench/parts/forgeries.ts';
import { seededNumbers } from '../../../bench/parts/mail-stories.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { apiDeps, createApi, generateKeyPair, signBody } from '../setup.ts';

const keys = generateKeyPair();
const PATHS = [
  '/webhook/sendgrid',
  '/webhook/sendgrid/inbound',
  '/webhook/twilio',
  '/webhook/twilio/inbound',
  '/webhook/lob',
];
const app = createApi(
  apiDeps({
    sendgridPublicKey: keys.publicKey,
    twilioAuthToken: 'token',
    lobWebhookSecret: 'secret',
    publicUrl: 'https://deals.example.com',
    sealer: TEST_CONTACT_KEYS.sealer,
  }),
);

describe('every webhook', () => {
  it.each(PATHS)('%s refuses what is unsigned, in problem+json', async (path) => {
    const answer = await app.request(path, { method: 'POST', body: '[]' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 401, detail: expect.stringContaining('not accepted') });
  });

  it.each(PATHS)('%s takes POST alone', async (path) => {
    expect((await app.request(path)).status).toBe(405);
  });

  it.each(PATHS)('%s says what is not set', async (path) => {
    const answer = await createApi(apiDeps()).request(path, { method: 'POST', body: '[]' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/Set [A-Z_]+/) });
  });

  it.each(PATHS.filter((path) => path !== '/webhook/sendgrid/inbound'))(
    '%s refuses what is too large',
    async (path) => {
      const answer = await app.request(path, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024 + 1) });
      expect(answer.status).toBe(413);
    },
  );

  it('is answered 400 for signed content that is none, and 503 while the database is away', async () => {
    const post = (body: string, path = '/webhook/sendgrid') => app.request(path, signBody(keys, body, new Date()));
    expect((await post('{"event"')).status).toBe(400);
    expect((await post('{}')).status).toBe(400);
    expect((await post('a mail', '/webhook/sendgrid/inbound')).status).toBe(400);
    const away = await post(
      JSON.stringify([
        { event: 'open', sg_event_id: '1', timestamp: 1, send_id: '99999999-9999-5999-8999-999999999999' },
      ]),
    );
    expect(away.status).toBe(503);
    expect(away.headers.get('Retry-After')).not.toBeNull();
  });

  it('refuses 300 forgeries of every kind', async () => {
    const all = forgeries(300, keys, ['99999999-9999-5999-8999-999999999999'], seededNumbers(7));
    const statuses = await Promise.all(
      all.map(async ({ kind, path, request }) => `${kind} ${(await app.request(path, request)).status}`),
    );
    expect(new Set(all.map(({ kind }) => kind)).size).toBeGreaterThan(10);
    expect(statuses.filter((status) => !status.endsWith(' 401'))).toEqual([]);
  });
});
