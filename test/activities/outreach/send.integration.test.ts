import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../../src/activities/outreach/channel.ts';
import type { OutreachDeps } from '../../../src/activities/outreach/deps.ts';
import { createOutreachActivities } from '../../../src/activities/outreach/outreach.ts';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { readSendingStates } from '../../../src/db/queries/sending-states.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { openBench } from './database.ts';
import { countingChannel, messageRow, type OutreachBench, planned, propertyRow, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let freshBench: () => OutreachBench;
beforeAll(async () => {
  opened = await openBench();
  freshBench = opened.fresh;
});
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
/** Runs `work` where a process can be stopped with most harm: its row is `sending`, its post not begun. */
function stopBeforePost(deps: OutreachDeps, work: () => Promise<void>): OutreachDeps {
  const pool = new Proxy(deps.db.pool, {
    get(target, name, receiver) {
      if (name !== 'transaction') return Reflect.get(target, name, receiver);
      return () => ({
        execute: async (fn: never) => {
          const value = await target.transaction().execute(fn);
          if (typeof value === 'object' && value !== null && 'startedAt' in value) await work();
          return value;
        },
      });
    },
  });
  return { ...deps, db: { ...deps.db, pool } };
}
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

  it('counts the first message of a channel too, though its sending began before the channel had a state', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel } = countingChannel(async () => {
      b.clock.now = new Date(b.clock.now.getTime() + 2_000);
      return { outcome: 'sent', providerMessageId: 'm-1' };
    });
    const deps = b.deps(channel);
    await createOutreachActivities(deps).sendOne({ tenantId: b.tenantId, sendId: send!.sendId });
    const states = await withTenant(deps.db, b.tenantId, (trx) => readSendingStates(trx, b.clock.now));
    expect(states).toMatchObject([{ channel: 'email', sent: 1 }]);
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
    expect(await messageRow(b, key.sendId)).toMatchObject({ status: 'pending', held_reason: 'slow down' });
    b.clock.now = new Date(b.clock.now.getTime() + 4_000);
    // Whoever asks meanwhile, also a process that knows of no wait: nothing is posted before it is over.
    await expect(sendOne(key)).rejects.toMatchObject({ code: 'transient', retryAfterSeconds: 3 });
    expect(calls).toBe(1);
    b.clock.now = new Date(b.clock.now.getTime() + 3_000);
    expect(await sendOne(key)).toMatchObject({ status: 'sent' });
    expect((await messageRow(b, key.sendId)).held_reason).toBeNull();
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

  it('does not post what its process slept over: given up meanwhile, it stays unknown; else it is tried again', async () => {
    const { b } = await bench();
    const sends = await planned(b, 2);
    for (const [index, isGivenUp] of [true, false].entries()) {
      const { channel, posts } = countingChannel();
      const key = { tenantId: b.tenantId, sendId: sends[index]!.sendId };
      const deps = b.deps(channel);
      let isAfter = false;
      const sleepOver = async () => {
        isAfter = true;
        const awake = { ...deps, clock: () => new Date(b.clock.now.getTime() + 31_000) };
        if (isGivenUp) expect(await sendMessage(awake, key)).toMatchObject({ status: 'unknown' });
      };
      const clock = () => new Date(b.clock.now.getTime() + (isAfter ? 31_000 : 0));
      const stopped = stopBeforePost(deps, sleepOver);
      const result = await sendMessage({ ...stopped, clock }, key);
      expect(posts).toHaveLength(0);
      expect(result).toMatchObject(isGivenUp ? { status: 'unknown' } : { status: 'pending', retryAfterSeconds: 1 });
      expect((await messageRow(b, key.sendId)).status).toBe(isGivenUp ? 'unknown' : 'pending');
    }
  });

  it('lets an attempt that slept through its answer say nothing about a later attempt', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    let wake: (outcome: SendOutcome) => void = () => undefined;
    const first = countingChannel(() => new Promise((resolve) => (wake = resolve)));
    const sleeping = sendMessage(b.deps(first.channel), key);
    while (first.posts.length === 0) await sleep(5);
    // A person who knows that nothing left has the send tried again.
    await b.query(`update outreach_messages set status = 'pending', sending_at = null where send_id = $1`, [
      key.sendId,
    ]);
    b.clock.now = new Date(b.clock.now.getTime() + 1_000);
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const second = countingChannel(() => new Promise((resolve) => (answer = resolve)));
    const later = sendMessage(b.deps(second.channel), key);
    while (second.posts.length === 0) await sleep(5);
    wake({ outcome: 'retry', reason: 'slow down' });
    expect(await sleeping).toMatchObject({ status: 'sending' });
    expect((await messageRow(b, key.sendId)).status).toBe('sending');
    answer({ outcome: 'sent', providerMessageId: 'm-2' });
    expect(await later).toMatchObject({ status: 'sent' });
    expect(await messageRow(b, key.sendId)).toMatchObject({ status: 'sent', provider_message_id: 'm-2' });
  });

  it('does not repeat an interrupted message to somebody who has opted out since: it stays unknown', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel, posts } = countingChannel(() => new Promise(() => undefined), { isIdempotent: true });
    const deps = b.deps(channel);
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    void sendMessage(deps, key);
    while (posts.length === 0) await sleep(5);
    await b.query(
      `insert into suppressions (tenant_id, channel, address_hash, reason, at)
       select tenant_id, channel, address_hash, 'unsubscribed', now() from outreach_messages where send_id = $1`,
      [key.sendId],
    );
    b.clock.now = new Date(b.clock.now.getTime() + 31_000);
    const result = await sendMessage(deps, key);
    expect(result).toMatchObject({ status: 'unknown', reason: expect.stringContaining('suppressed') });
    expect(posts).toHaveLength(1);
  });

  it('leaves an interrupted message as it is while its campaign is paused, and repeats it afterwards', async () => {
    const { b, campaignId } = await bench();
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
    await b.query(`update campaigns set status = 'paused' where id = $1`, [campaignId]);
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'sending', retryAfterSeconds: 60 });
    expect(calls).toBe(1);
    await b.query(`update campaigns set status = 'active' where id = $1`, [campaignId]);
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'sent' });
  });

  it('does not repeat a letter after the day for which its provider knows the key', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel, posts } = countingChannel(() => new Promise(() => undefined), {
      isIdempotent: true,
      isLive: true,
    });
    const deps = b.deps(channel);
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    void sendMessage(deps, key);
    while (posts.length === 0) await sleep(5);
    b.clock.now = new Date(b.clock.now.getTime() + 25 * 3_600_000);
    expect(await sendMessage(deps, key)).toMatchObject({ status: 'unknown' });
    expect(posts).toHaveLength(1);
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

describe('the plan', () => {
  it('holds a message until the next month when the month’s are used up, and counts those that leave', async () => {
    const { b } = await bench(2);
    await b.query(`update tenants set plan = 'free' where id = $1`, [b.tenantId]);
    const [first, second] = await planned(b, 2);
    const { channel, posts } = countingChannel(async () => ({
      outcome: 'sent',
      providerMessageId: `m-${posts.length}`,
    }));
    const deps = b.deps(channel);
    await b.query(
      `insert into usage_meters (tenant_id, meter, period, amount) values ($1, 'sends', date_trunc('month', $2::timestamptz at time zone 'UTC'), 199)`,
      [b.tenantId, deps.clock()],
    );
    expect(await sendMessage(deps, { tenantId: b.tenantId, sendId: first!.sendId })).toMatchObject({ status: 'sent' });
    const held = await sendMessage(deps, { tenantId: b.tenantId, sendId: second!.sendId });
    expect(held).toMatchObject({ status: 'pending', isHeld: true });
    expect(held.reason).toContain('The plan free allows 200 messages a month; 200 are used');
    expect(posts).toHaveLength(1);
    expect(await ledger(b, second!.sendId)).toEqual([]);
  });
});
