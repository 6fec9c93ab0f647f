import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutreachActivities } from '../../../src/activities/outreach/outreach.ts';
import { planSends } from '../../../src/activities/outreach/plan.ts';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { createSendGrid } from '../../../src/activities/outreach/sendgrid.ts';
import { hashAddress, suppressAddress } from '../../../src/db/queries/suppressions.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { startFakeSendGrid } from '../../support/fake-sendgrid.ts';
import { openBench } from './database.ts';
import {
  addContact,
  addProperty,
  countingChannel,
  HASH_KEY,
  messageRow,
  type OutreachBench,
  planned,
  propertyRow,
  seedTenant,
} from './setup.ts';

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

describe('planning', () => {
  it('plans each matching investor once, under the same ids however often, and never an owner', async () => {
    const { b } = await bench(2);
    await addContact(b, 'owner', 'owner@example.com');
    await addContact(b, 'partner', 'partner@example.com');
    await addContact(b, 'investor', null);
    const propertyId = await addProperty(b);
    const deps = b.deps(countingChannel().channel);
    const first = await planSends(deps, { tenantId: b.tenantId, propertyId });
    const again = await planSends(deps, { tenantId: b.tenantId, propertyId });
    expect(first).toMatchObject({ planned: 3, held: false, reason: null });
    expect(again).toMatchObject({ planned: 0, sendIds: first.sendIds });
    expect(first.passedOver).toEqual([expect.stringContaining('no e-mail address')]);
    const kinds = await b.query<{ kind: string }>(
      'select c.kind from outreach_messages m join contacts c on c.id = m.contact_id where m.property_id = $1',
      [propertyId],
    );
    expect(kinds.map((row) => row.kind).sort()).toEqual(['investor', 'investor', 'partner']);
  });

  it('says why nothing is planned: score, buy box, memo, campaign', async () => {
    const { b, contactIds } = await bench(1);
    const deps = b.deps(countingChannel().channel);
    const low = await addProperty(b, 40);
    expect(await planSends(deps, { tenantId: b.tenantId, propertyId: low })).toMatchObject({
      sendIds: [],
      reason: expect.stringContaining('below its threshold of 60'),
    });
    await b.query(`update buy_boxes set max_price_cents = 100 where contact_id = $1`, [contactIds[0]]);
    const dear = await addProperty(b, 90);
    const outside = await planSends(deps, { tenantId: b.tenantId, propertyId: dear });
    expect(outside).toMatchObject({
      sendIds: [],
      held: false,
      reason: expect.stringContaining('outside every buy box'),
    });
    expect((await propertyRow(b, dear)).held_reason).toContain('outside every buy box');
    await b.query('delete from action_packets where property_id = $1', [dear]);
    expect((await planSends(deps, { tenantId: b.tenantId, propertyId: dear })).reason).toContain('no memo');
    await expect(planSends(deps, { tenantId: b.tenantId, propertyId: b.tenantId })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('holds until a person approves, then sends', async () => {
    const { b, campaignId } = await bench(1, { needs_approval: true });
    const { channel, posts } = countingChannel();
    const activities = createOutreachActivities(b.deps(channel));
    const propertyId = await addProperty(b);
    const ids = { tenantId: b.tenantId, propertyId };
    const plan = await activities.planOutreach(ids);
    expect(plan).toMatchObject({ held: true, reason: expect.stringContaining('approval') });
    const send = { tenantId: b.tenantId, sendId: plan.sendIds[0]! };
    expect(await activities.sendOne(send)).toMatchObject({ status: 'held', heldUntil: null });
    expect(posts).toHaveLength(0);
    expect(await activities.approveOutreach({ ...ids, campaignId })).toEqual({ approved: 1 });
    expect(await activities.planOutreach(ids)).toMatchObject({ held: false, reason: null });
    expect(await activities.sendOne(send)).toMatchObject({ status: 'sent' });
    expect(posts).toHaveLength(1);
  });
});

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

describe('the gate at send time', () => {
  it('stops at a suppression that came after planning', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel, posts } = countingChannel();
    await withTenant(b.db, b.tenantId, (trx) =>
      suppressAddress(trx, {
        channel: 'email',
        addressHash: hashAddress(HASH_KEY, 'email', ' Investor-1@Example.com '),
        reason: 'manual',
        at: new Date(),
      }),
    );
    expect(await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId: send!.sendId })).toMatchObject({
      status: 'error',
      reason: expect.stringContaining('suppressed'),
    });
    expect(posts).toHaveLength(0);
  });

  it('stops at a global suppression', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const hash = hashAddress(`${HASH_KEY}-global`, 'email', 'investor-1@example.com');
    await b.query(`insert into global_suppressions values ('email', $1, 'manual') on conflict do nothing`, [hash]);
    const result = await sendMessage(b.deps(countingChannel().channel, { hashKey: `${HASH_KEY}-global` }), {
      tenantId: b.tenantId,
      sendId: send!.sendId,
    });
    expect(result).toMatchObject({ status: 'error', reason: expect.stringContaining('suppressed') });
  });

  it('never posts a memo to an owner, even when a row asks for it', async () => {
    const { b, contactIds } = await bench();
    const [send] = await planned(b, 1);
    await b.query(`update contacts set kind = 'owner' where id = $1`, [contactIds[0]]);
    const { channel, posts } = countingChannel();
    expect(await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId: send!.sendId })).toMatchObject({
      status: 'error',
      reason: expect.stringContaining('never goes to an owner'),
    });
    expect(posts).toHaveLength(0);
  });

  it('keeps the weekly cap with sends side by side, and says when the next may go', async () => {
    const { b } = await bench(1, { weekly_cap_per_recipient: 3 });
    const sends = await planned(b, 8);
    const { channel, posts } = countingChannel();
    const results = await Promise.all(
      sends.map(({ sendId }) => sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId })),
    );
    expect(posts).toHaveLength(3);
    const held = results.filter((one) => one.isHeld);
    expect(held).toHaveLength(5);
    expect(held[0]!.heldUntil).toEqual(new Date(b.clock.now.getTime() + 7 * 86_400_000));
    const waiting = sends.find((_, index) => results[index]!.isHeld)!;
    expect(await propertyRow(b, waiting.propertyId)).toMatchObject({
      status: 'packet_ready',
      held_reason: expect.stringContaining('the cap'),
    });
  });

  it('counts a second contact with the same address as the same recipient', async () => {
    const { b } = await bench(1, { weekly_cap_per_recipient: 1 });
    await addContact(b, 'partner', 'INVESTOR-1@example.com');
    const sends = await planned(b, 1);
    expect(sends).toHaveLength(2);
    const { channel, posts } = countingChannel();
    for (const { sendId } of sends) await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId });
    expect(posts).toHaveLength(1);
  });

  it('spends nothing without a budget and never more than it, side by side', async () => {
    const { b } = await bench();
    const sends = await planned(b, 6);
    const { channel, posts } = countingChannel(undefined, { name: 'paid-mail', costMicros: 100 });
    const all = () =>
      Promise.all(sends.map(({ sendId }) => sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId })));
    const refused = await all();
    expect(posts).toHaveLength(0);
    expect(refused[0]).toMatchObject({
      isHeld: true,
      reason: expect.stringContaining('No budget is set for paid-mail'),
    });
    await b.query(`insert into budgets values ($1, 'paid-mail', 'day', 350)`, [b.tenantId]);
    const results = await all();
    expect(posts).toHaveLength(3);
    expect(results.filter((one) => one.isHeld && one.heldUntil !== null)).toHaveLength(3);
  });

  it('leaves a row pending when its message cannot be made', async () => {
    const { b } = await bench();
    const [send] = await planned(b, 1);
    const { channel, posts } = countingChannel();
    const storage = { get: () => Promise.reject(new Error('the store is away')), signedUrl: () => '/files/x' };
    await expect(
      sendMessage(b.deps(channel, { storage }), { tenantId: b.tenantId, sendId: send!.sendId }),
    ).rejects.toThrow('the store is away');
    expect(posts).toHaveLength(0);
    expect((await messageRow(b, send!.sendId)).status).toBe('pending');
  });
});

describe('200 sends through a faulty provider, with crashes between post and result', () => {
  it('sends none twice and loses none', async () => {
    const { b } = await bench();
    const sends = await planned(b, 200);
    const faults = [
      'none',
      'none',
      'none',
      'slow_down',
      'server_error',
      'refuse',
      'accept_then_502',
      'accept_then_hang',
      'reset',
    ] as const;
    const pick = (sendId: string, n: number) => Number.parseInt(sendId.slice(n, n + 6), 16);
    const fake = await startFakeSendGrid((sendId, n) => (n >= 3 ? 'none' : faults[pick(sendId, n) % faults.length]!));
    const sendgrid = createSendGrid({
      logger: pino({ level: 'silent' }),
      outboxDir: '',
      sendgrid: { apiKey: 'SG.test-key', baseUrl: fake.url, timeoutMs: 150 },
    });
    const crashed: string[] = [];
    const channel = {
      ...sendgrid,
      costMicros: 0,
      send: async (message: Parameters<typeof sendgrid.send>[0]) => {
        const outcome = await sendgrid.send(message);
        if (pick(message.sendId, 24) % 10 === 0 && !crashed.includes(message.sendId)) {
          crashed.push(message.sendId);
          // The process is gone: nobody writes the result.
          return new Promise<never>(() => undefined);
        }
        return outcome;
      },
    };
    const deps = b.deps(channel);
    const pending = new Set(sends.map(({ sendId }) => sendId));
    for (let round = 0; round < 6 && pending.size > 0; round += 1) {
      const queue = [...pending];
      const worker = async () => {
        for (let sendId = queue.pop(); sendId !== undefined; sendId = queue.pop()) {
          const key = { tenantId: b.tenantId, sendId };
          const attempt = sendMessage(deps, key);
          const result = await Promise.race([attempt, crash(crashed, sendId, attempt)]);
          if (result !== 'crashed' && result.status !== 'pending' && result.status !== 'sending')
            pending.delete(sendId);
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      b.clock.now = new Date(b.clock.now.getTime() + 60_000);
    }
    await fake.close();
    expect(pending.size).toBe(0);
    expect(crashed.length).toBeGreaterThan(5);
    expect(new Set(fake.accepted).size).toBe(fake.accepted.length);
    const rows = await b.query<{ send_id: string; status: string }>(
      'select send_id, status from outreach_messages where tenant_id = $1',
      [b.tenantId],
    );
    const ids = (status: string) => rows.filter((row) => row.status === status).map((row) => row.send_id);
    expect(ids('sent').length + ids('unknown').length + ids('error').length).toBe(200);
    expect(ids('sent').every((id) => fake.accepted.includes(id))).toBe(true);
    expect(ids('error').some((id) => fake.accepted.includes(id))).toBe(false);
    expect(fake.accepted.every((id) => ids('sent').includes(id) || ids('unknown').includes(id))).toBe(true);
    expect(crashed.every((id) => ids('unknown').includes(id))).toBe(true);
  }, 60_000);
});

/** Resolves shortly after the attempt's process has died; never when it ended otherwise. */
async function crash(crashed: readonly string[], sendId: string, attempt: Promise<unknown>): Promise<'crashed'> {
  let isOver = false;
  void attempt.finally(() => {
    isOver = true;
  });
  while (!crashed.includes(sendId)) {
    if (isOver) return new Promise(() => undefined);
    await sleep(20);
  }
  await sleep(20);
  return isOver ? new Promise(() => undefined) : 'crashed';
}
