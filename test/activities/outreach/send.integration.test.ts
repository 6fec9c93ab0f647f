import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutreachActivities } from '../../../src/activities/outreach/outreach.ts';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { openBench } from './database.ts';
import { countingChannel, messageRow, type OutreachBench, planned, propertyRow, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let freshBench: () => OutreachBench;
beforeAll(async () => {
  opened = await openBench();
  freshBench = opened.fresh;
}, 60_000);
afterAll(() => opened.close());

async function bench(investors = 1, campaign: Record<string, unknown> = {}) {
  const b = freshBench();
  return { b, ...(await seedTenant(b, investors, campaign)) };
}
const ledger = (b: OutreachBench, sendId: string) =>
  b.query<{ outcome: string; cost_micros: number }>(
    'select outcome, cost_micros from cost_ledger where reference = $1 order by at',
    [sendId],
  );
const sentEvents = (b: OutreachBench, sendId: string) =>
  b.query(`select 1 from event_log where event_type = 'outreach.sent' and payload->>'send_id' = $1`, [sendId]);

describe('sending once', () => {
  it('posts once however many attempts run at the same time', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel, posts } = countingChannel(async () => {
      await sleep(30);
      return { outcome: 'sent', providerMessageId: 'm-1' };
    });
    const { sendOne } = createOutreachActivities(b.deps(channel));
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => sendOne(key)));
    expect(posts).toHaveLength(1);
    expect(settled.filter((one) => one.status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    for (const one of settled) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'transient' });
    expect(await sendOne(key)).toMatchObject({ status: 'sent' });
    expect(posts).toHaveLength(1);
    expect(await messageRow(b, key.sendId)).toMatchObject({ status: 'sent', provider_message_id: 'm-1' });
    expect(await propertyRow(b, send!.propertyId)).toMatchObject({ status: 'contacted', held_reason: null });
    expect(await sentEvents(b, key.sendId)).toHaveLength(1);
    expect(await ledger(b, key.sendId)).toEqual([{ outcome: 'ok', cost_micros: 0 }]);
  });

  it('goes back to pending where nothing left, asks for the wait that the provider named, and then sends', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    let calls = 0;
    const { channel } = countingChannel(async () => {
      calls += 1;
      return calls === 1
        ? { outcome: 'retry', reason: 'slow down', retryAfterSeconds: 7 }
        : { outcome: 'sent', providerMessageId: null };
    });
    const { sendOne } = createOutreachActivities(b.deps(channel));
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    await expect(sendOne(key)).rejects.toMatchObject({ code: 'transient', retryAfterSeconds: 7 });
    expect((await messageRow(b, key.sendId)).status).toBe('pending');
    expect(await sendOne(key)).toMatchObject({ status: 'sent' });
    expect((await ledger(b, key.sendId)).map((row) => row.outcome)).toEqual(['error', 'ok']);
  });

  it('gives an interrupted attempt up as unknown and never posts it again', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel, posts } = countingChannel(() => new Promise(() => undefined));
    const deps = b.deps(channel);
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    void sendMessage(deps, key);
    while (posts.length === 0) await sleep(5);
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'sending', retryAfterSeconds: expect.any(Number) });
    b.clock.now = new Date(b.clock.now.getTime() + 31_000);
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'unknown' });
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'unknown' });
    expect(posts).toHaveLength(1);
    expect((await ledger(b, key.sendId)).map((row) => row.outcome)).toEqual(['unknown']);
    expect((await propertyRow(b, send!.propertyId)).held_reason).toContain('unknown');
  });

  it('settles interrupted sends of a tenant in one sweep', async () => {
    const { b } = await bench();
    const sends = await planned(b, 3);
    const { channel, posts } = countingChannel(() => new Promise(() => undefined));
    const deps = b.deps(channel);
    for (const { sendId } of sends) void sendMessage(deps, { tenantId: b.tenantId, sendId });
    while (posts.length < 3) await sleep(5);
    const { settleInterruptedSends } = createOutreachActivities(deps);
    expect(await settleInterruptedSends({ tenantId: b.tenantId })).toEqual({ settled: 0 });
    b.clock.now = new Date(b.clock.now.getTime() + 31_000);
    expect(await settleInterruptedSends({ tenantId: b.tenantId })).toEqual({ settled: 3 });
    for (const { sendId } of sends) expect((await messageRow(b, sendId)).status).toBe('unknown');
    expect(posts).toHaveLength(3);
  });

  it('repeats an interrupted attempt of a channel for which that is harmless', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    let calls = 0;
    const { channel } = countingChannel(
      () =>
        ++calls === 1 ? new Promise(() => undefined) : Promise.resolve({ outcome: 'sent', providerMessageId: null }),
      { isIdempotent: true },
    );
    const deps = b.deps(channel);
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    void sendMessage(deps, key);
    while (calls === 0) await sleep(5);
    b.clock.now = new Date(b.clock.now.getTime() + 31_000);
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'sent' });
    expect((await propertyRow(b, send!.propertyId)).status).toBe('contacted');
  });
});
