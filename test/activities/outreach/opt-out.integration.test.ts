import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { hashAddress, suppressAddress } from '../../../src/db/queries/suppressions.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { openBench } from './database.ts';
import { addContact, addProperty, countingChannel, HASH_KEY, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  opened = await openBench();
  await opened.bench.query(WATCH);
});
afterAll(() => opened.close());

const RACES = 100;

/**
 * Watches every reservation from inside the database: a moment after the row became `sending`, and again when its
 * transaction commits, it notes whether an opt-out of that address had committed by then. The moment makes the window
 * wide in which a send that reads the list without the lock would be caught.
 */
const WATCH = `
  create table watched (send_id uuid, opted_out boolean, at_commit boolean);
  grant all on watched to public;
  create function watch_reservation() returns trigger language plpgsql as $$
  begin
    if tg_name = 'watch_update' then perform pg_sleep(random() * 0.004); end if;
    insert into watched select new.send_id, exists (
      select from suppressions s where s.tenant_id = new.tenant_id and s.address_hash = new.address_hash
    ), tg_name = 'watch_commit';
    return null;
  end $$;
  create trigger watch_update after update on outreach_messages for each row
    when (old.status = 'pending' and new.status = 'sending') execute function watch_reservation();
  create constraint trigger watch_commit after update on outreach_messages deferrable initially deferred for each row
    when (old.status = 'pending' and new.status = 'sending') execute function watch_reservation();
`;

describe('an opt-out that lands while its send is in flight', () => {
  it('is followed by no reservation, in any order of the two', async () => {
    const b = opened.fresh();
    await b.query('truncate watched');
    const { campaignId } = await seedTenant(b, 0);
    const { channel, posts } = countingChannel();
    const deps = b.deps(channel);
    const emails = Array.from({ length: RACES }, (_, n) => `racer-${n}@example.com`);
    for (const email of emails) await addContact(b, 'investor', email);
    const propertyId = await addProperty(b);
    await b.query(
      `insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, packet_id, unsubscribe_token)
       select $1, gen_random_uuid(), 'email', c.id, $2, $3, 1, (select id from action_packets where property_id = $2), c.id::text
       from contacts c where c.tenant_id = $1`,
      [b.tenantId, propertyId, campaignId],
    );
    const targets = await b.query<{ send_id: string; email_hash: string }>(
      `select m.send_id, c.email_hash from outreach_messages m join contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
       where m.tenant_id = $1`,
      [b.tenantId],
    );
    expect(new Set(targets.map((row) => row.email_hash))).toEqual(
      new Set(emails.map((email) => hashAddress(HASH_KEY, 'email', email))),
    );
    // Aimed at the moment the two are level, whatever the machine's speed: later after a refusal, sooner after a send.
    let delayMs = 10;
    const optOut = async (addressHash: string) => {
      await sleep(delayMs);
      await withTenant(b.db, b.tenantId, (trx) =>
        suppressAddress(trx, { channel: 'email', addressHash, reason: 'unsubscribed', at: new Date() }),
      );
    };
    const races = targets.map((row) => async () => {
      const [result] = await Promise.all([
        sendMessage(deps, { tenantId: b.tenantId, sendId: row.send_id }),
        optOut(row.email_hash),
      ]);
      delayMs = result.status === 'sent' ? delayMs / 1.25 : delayMs * 1.25 + 0.1;
      return result;
    });
    const results: Awaited<ReturnType<(typeof races)[number]>>[] = [];
    const lanes = Array.from({ length: 4 }, async () => {
      for (let race = races.pop(); race !== undefined; race = races.pop()) results.push(await race());
    });
    await Promise.all(lanes);

    const watched = await b.query<{ opted_out: boolean; at_commit: boolean }>('select * from watched');
    expect(watched.filter((row) => row.opted_out)).toEqual([]);
    // Both orders happened, or the race proves nothing.
    const sent = results.filter((one) => one.status === 'sent').length;
    const refused = results.filter((one) => one.status === 'error' && one.reason?.includes('suppressed')).length;
    expect(sent + refused).toBe(RACES);
    expect(Math.min(sent, refused)).toBeGreaterThan(5);
    expect(watched.filter((row) => row.at_commit)).toHaveLength(sent);
    expect(posts).toHaveLength(sent);
  });
});
