import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMessage } from '../../src/activities/outreach/send.ts';
import { serveApi } from '../../src/api/serve.ts';
import { playMailEvents } from '../../src/demo/mail-events.ts';
import { openBench } from '../activities/outreach/database.ts';
import {
  countingChannel,
  countVisible,
  messageRow,
  type OutreachBench,
  planned,
  seedTenant,
} from '../activities/outreach/setup.ts';
import { apiDeps, CALL_TO_ACTION, createApi, generateKeyPair, signBody } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  opened = await openBench();
});
afterAll(() => opened.close());

const keys = generateKeyPair();
const at = (seconds: number) => 1_780_000_000 + seconds;

async function scene(properties = 1) {
  const b = opened.fresh();
  await seedTenant(b);
  const sends = await planned(b, properties);
  const app = createApi(apiDeps({ db: b.db, sendgridPublicKey: keys.publicKey }));
  const post = async (events: unknown[]) => {
    const answer = await app.request('/webhook/sendgrid', signBody(keys, `${JSON.stringify(events)}\r\n`, new Date()));
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, number>;
  };
  return { b, app, sends, post, sendId: sends[0]!.sendId, propertyId: sends[0]!.propertyId };
}
const sendAll = async (b: OutreachBench, sends: { sendId: string }[]) => {
  const { channel } = countingChannel();
  for (const { sendId } of sends) await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId });
};
const suppressions = (b: OutreachBench) =>
  b.query<{ reason: string }>('select reason from suppressions where tenant_id = $1', [b.tenantId]);
const count = async (b: OutreachBench, table: string) =>
  Number((await b.query<{ n: number }>(`select count(*) as n from ${table} where tenant_id = $1`, [b.tenantId]))[0]!.n);

describe('unsubscribing', () => {
  it('changes nothing on GET and HEAD, and acts on POST as often as it comes', async () => {
    const { b, app, sends } = await scene(2);
    await sendAll(b, sends.slice(0, 1));
    const path = `/unsubscribe/${(await messageRow(b, sends[0]!.sendId)).unsubscribe_token}`;
    const shown = await app.request(path);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toMatch(/<form method="post">.*<button type="submit"/s);
    expect(shown.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect((await app.request(path, { method: 'HEAD' })).status).toBe(200);
    expect(await suppressions(b)).toEqual([]);

    const oneClick = {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
    for (let n = 0; n < 3; n += 1) {
      const done = await app.request(path, oneClick);
      expect(done.status).toBe(200);
      expect(await done.text()).toContain('You are unsubscribed');
    }
    expect(await suppressions(b)).toEqual([{ reason: 'unsubscribed' }]);
    expect(await count(b, 'outreach_events')).toBe(1);
    expect((await messageRow(b, sends[0]!.sendId)).status).toBe('unsubscribed');
    const next = await sendMessage(b.deps(countingChannel().channel), {
      tenantId: b.tenantId,
      sendId: sends[1]!.sendId,
    });
    expect(next).toMatchObject({ status: 'error', reason: expect.stringContaining('suppressed') });
  });

  it('lets a link scanner try whatever it likes', async () => {
    const { b, app, sends } = await scene(1);
    await sendAll(b, sends);
    const before = await messageRow(b, sends[0]!.sendId);
    const path = `/unsubscribe/${before.unsubscribe_token}`;
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      for (const query of ['', '?confirm=yes', '?List-Unsubscribe=One-Click']) {
        const answer = await app.request(`${path}${query}`, { method });
        expect([method, answer.status]).toEqual([method, method === 'GET' || method === 'HEAD' ? 200 : 405]);
      }
    }
    expect(await suppressions(b)).toEqual([]);
    expect(await messageRow(b, sends[0]!.sendId)).toEqual(before);
    // The address that the message went to, also when the contact has another by now.
    await b.query(`update contacts set email_hash = 'another' where tenant_id = $1`, [b.tenantId]);
    expect((await app.request(path, { method: 'POST', body: new URLSearchParams({ confirm: 'yes' }) })).status).toBe(
      200,
    );
    const rows = await b.query<{ same: boolean }>(
      `select s.address_hash = m.address_hash as same from suppressions s join outreach_messages m using (tenant_id) where tenant_id = $1`,
      [b.tenantId],
    );
    expect(rows).toEqual([{ same: true }]);
  });

  it.each(['short', 'A'.repeat(32), '%3Cscript%3Ealert(1)%3C%2Fscript%3E-----'])(
    'knows nothing of the token %s',
    async (token) => {
      const { app } = await scene();
      for (const method of ['GET', 'POST']) {
        const answer = await app.request(`/unsubscribe/${token}`, { method });
        expect(answer.status).toBe(404);
        expect(await answer.text()).not.toContain('<script>alert');
      }
    },
  );
});

describe('the demonstration’s mail provider', () => {
  it('tells the same story once, however often it is played', async () => {
    const { b, app, sends } = await scene(20);
    await sendAll(b, sends);
    expect(await countVisible(b)).toBe(20);
    const api = await serveApi(app, { port: 0, host: '127.0.0.1' });
    const mailed = sends.map(({ sendId }) => ({
      sendId,
      email: 'investor-1@example.com',
      sentAt: new Date(at(0) * 1000),
    }));
    const play = () =>
      playMailEvents({
        webhookUrl: `${api.url}/webhook/sendgrid`,
        sends: mailed,
        keys,
        callToActionUrl: CALL_TO_ACTION,
        memoUrl: 'https://deals.example.com/files/m.pdf',
        now: new Date(),
        batchSize: 15,
      });
    const first = await play();
    const second = await play();
    await api.close();
    expect(first.recorded).toBeGreaterThan(40);
    expect(first.duplicates).toBe(15);
    expect(second).toMatchObject({ recorded: 0, duplicates: first.recorded + 15, unknownSends: 0 });
    const statuses = await b.query<{ status: string }>(
      'select distinct status from outreach_messages where tenant_id = $1',
      [b.tenantId],
    );
    expect(statuses.map((row) => row.status)).toEqual(expect.arrayContaining(['delivered', 'opened', 'clicked']));
  });
});
