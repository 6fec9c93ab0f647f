import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMessage } from '../../src/activities/outreach/send.ts';
import { openBench } from '../activities/outreach/database.ts';
import {
  countingChannel,
  messageRow,
  type OutreachBench,
  planned,
  propertyRow,
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

describe('provider events', () => {
  it('become the status, the counters, the timeline and one signal each', async () => {
    const { b, post, sendId, propertyId, sends } = await scene();
    await sendAll(b, sends);
    const receipt = await post([
      { event: 'delivered', sg_event_id: 'a', timestamp: at(2), send_id: sendId, sg_message_id: 'x.filter' },
      { event: 'open', sg_event_id: 'b', timestamp: at(4), send_id: sendId, sg_machine_open: true },
      { event: 'open', sg_event_id: 'c', timestamp: at(60), send_id: sendId },
      {
        event: 'click',
        sg_event_id: 'd',
        timestamp: at(90),
        send_id: sendId,
        url: 'https://deals.example.com/files/m.pdf?signature=s',
      },
    ]);
    expect(receipt).toEqual({ received: 4, recorded: 4, duplicates: 0, unknown_sends: 0, invalid: 0 });
    expect(await messageRow(b, sendId)).toMatchObject({
      status: 'clicked',
      open_count: 1,
      click_count: 1,
      delivered_at: new Date(at(2) * 1000),
    });
    expect((await propertyRow(b, propertyId)).status).toBe('contacted');
    const signals = await b.query<{ signal: string; payload: Record<string, string> }>(
      'select signal, payload from signal_outbox where tenant_id = $1 order by id',
      [b.tenantId],
    );
    expect(signals.map((row) => row.signal)).toEqual(Array(4).fill('emailEvent'));
    expect(signals[3]!.payload).toMatchObject({
      sendId,
      type: 'click',
      eventId: 'd',
      at: new Date(at(90) * 1000).toISOString(),
    });
    const timeline = await b.query(`select 1 from event_log where tenant_id = $1 and event_type = 'timeline.updated'`, [
      b.tenantId,
    ]);
    expect(timeline).toHaveLength(4);
    const details = await b.query<{ detail: Record<string, unknown> }>(
      'select detail from outreach_events where send_id = $1 order by provider_event_id',
      [sendId],
    );
    expect(details[1]!.detail).toEqual({ machine_open: true });
    expect(JSON.stringify(details)).not.toContain('signature');
  });

  it('make a property engaged by a click on the call to action', async () => {
    const { b, post, sendId, propertyId, sends } = await scene();
    await sendAll(b, sends);
    await post([
      {
        event: 'click',
        sg_event_id: 'cta',
        timestamp: at(9),
        send_id: sendId,
        url: `${CALL_TO_ACTION}?property=${propertyId}`,
      },
    ]);
    expect((await propertyRow(b, propertyId)).status).toBe('engaged');
  });

  it('count once, in any order, also at the same time, and unknown sends do no harm', async () => {
    const { b, post, sendId, sends } = await scene();
    await sendAll(b, sends);
    const events = [
      { event: 'click', sg_event_id: '4', timestamp: at(90), send_id: sendId, url: 'https://example.com/' },
      { event: 'open', sg_event_id: '3', timestamp: at(60), send_id: sendId },
      { event: 'delivered', sg_event_id: '2', timestamp: at(2), send_id: sendId },
      { event: 'processed', sg_event_id: '1', timestamp: at(1), send_id: sendId },
    ];
    const strangers = [
      { event: 'open', sg_event_id: '5', timestamp: at(1), send_id: '99999999-9999-5999-8999-999999999999' },
      { event: 'open', sg_event_id: '6', timestamp: at(1) },
      { event: 'open', timestamp: 'soon' },
    ];
    const receipts = await Promise.all([post([...events, ...strangers]), post([...events].reverse()), post(events)]);
    expect(receipts[0]).toMatchObject({ received: 7, unknown_sends: 2, invalid: 1 });
    expect(receipts.reduce((sum, one) => sum + one['recorded']!, 0)).toBe(4);
    expect(receipts.reduce((sum, one) => sum + one['duplicates']!, 0)).toBe(8);
    expect(await messageRow(b, sendId)).toMatchObject({ status: 'clicked', open_count: 1, click_count: 1 });
    expect(await count(b, 'outreach_events')).toBe(4);
    expect(await count(b, 'signal_outbox')).toBe(4);
  });

  it('settle a send whose outcome was unknown, and count it as sent once', async () => {
    const { b, post, sendId, propertyId } = await scene();
    const { channel } = countingChannel(async () => ({ outcome: 'unknown', reason: 'no answer' }));
    await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId });
    expect((await messageRow(b, sendId)).status).toBe('unknown');
    await post([{ event: 'delivered', sg_event_id: 'x', timestamp: at(5), send_id: sendId }]);
    await post([{ event: 'processed', sg_event_id: 'y', timestamp: at(1), send_id: sendId }]);
    expect((await messageRow(b, sendId)).status).toBe('delivered');
    expect(await propertyRow(b, propertyId)).toMatchObject({ status: 'contacted', held_reason: null });
    expect(
      await b.query(`select 1 from event_log where tenant_id = $1 and event_type = 'outreach.sent'`, [b.tenantId]),
    ).toHaveLength(1);
    expect(await b.query('select outcome from cost_ledger where tenant_id = $1', [b.tenantId])).toEqual([
      { outcome: 'ok' },
    ]);
  });

  it('that come before the result of the post keep what they say', async () => {
    const { b, post, sendId } = await scene();
    const { channel } = countingChannel(async (message) => {
      await post([{ event: 'delivered', sg_event_id: 'fast', timestamp: at(5), send_id: message.sendId }]);
      return { outcome: 'sent', providerMessageId: 'late' };
    });
    expect(await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId })).toMatchObject({ status: 'delivered' });
    expect((await messageRow(b, sendId)).status).toBe('delivered');
    expect(
      await b.query(`select 1 from event_log where tenant_id = $1 and event_type = 'outreach.sent'`, [b.tenantId]),
    ).toHaveLength(1);
  });

  it.each([
    [{ event: 'bounce', type: 'bounce', reason: '550 no such mailbox' }, 'bounced', 'bounced'],
    [{ event: 'spamreport' }, 'spam', 'spam'],
    [{ event: 'group_unsubscribe' }, 'unsubscribed', 'unsubscribed'],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'error', 'bounced'],
  ])('stop the next send after %o', async (event, status, reason) => {
    const { b, post, sends } = await scene(2);
    await sendAll(b, sends.slice(0, 1));
    await post([{ ...event, sg_event_id: `end-${status}`, timestamp: at(3), send_id: sends[0]!.sendId }]);
    expect((await messageRow(b, sends[0]!.sendId)).status).toBe(status);
    expect(await suppressions(b)).toEqual([{ reason }]);
    const { channel, posts } = countingChannel();
    const next = await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId: sends[1]!.sendId });
    expect(next).toMatchObject({ status: 'error', reason: expect.stringContaining(`suppressed (${reason})`) });
    expect(posts).toHaveLength(0);
  });
});
