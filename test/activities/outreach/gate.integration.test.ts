import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { hashAddress, suppressAddress } from '../../../src/db/queries/suppressions.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { openBench } from './database.ts';
import {
  addContact,
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
});
afterAll(() => opened.close());

async function bench(investors = 1, campaign: Record<string, unknown> = {}) {
  const b = freshBench();
  return { b, ...(await seedTenant(b, investors, campaign)) };
}

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
    const result = await sendMessage(
      b.deps(countingChannel().channel, { keys: { ...TEST_CONTACT_KEYS, hashKey: `${HASH_KEY}-global` } }),
      {
        tenantId: b.tenantId,
        sendId: send!.sendId,
      },
    );
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

  it('does not offer a property again within 30 days, also by another channel of another campaign', async () => {
    const { b, contactIds } = await bench(1);
    const [send] = await planned(b, 1);
    await b.query(
      `insert into campaigns (tenant_id, name, sender, postal_address) values ($1, 'Texts', '{}', '1 Example Way')`,
      [b.tenantId],
    );
    await b.query(
      `insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, unsubscribe_token, status, sending_at)
       select $1, gen_random_uuid(), 'sms', $2, $3, id, 1, gen_random_uuid()::text, 'sent', $4 from campaigns where tenant_id = $1 and name = 'Texts'`,
      [b.tenantId, contactIds[0], send!.propertyId, new Date(b.clock.now.getTime() - 86_400_000)],
    );
    const { channel, posts } = countingChannel();
    const key = { tenantId: b.tenantId, sendId: send!.sendId };
    const held = await sendMessage(b.deps(channel), key);
    expect(held).toMatchObject({ isHeld: true, reason: expect.stringContaining('offered this property') });
    expect(held.heldUntil).toEqual(new Date(b.clock.now.getTime() + 29 * 86_400_000));
    b.clock.now = held.heldUntil!;
    expect(await sendMessage(b.deps(channel), key)).toMatchObject({ status: 'sent' });
    expect(posts).toHaveLength(1);
  });

  it('spends nothing without a budget and never more than it, side by side', async () => {
    const { b } = await bench();
    const sends = await planned(b, 6);
    const { channel, posts } = countingChannel(undefined, { name: 'paid-mail', costMicros: () => 100 });
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
