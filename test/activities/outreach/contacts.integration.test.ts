import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContactFile } from '../../../src/activities/outreach/contact-file.ts';
import { importContacts, readContacts } from '../../../src/activities/outreach/contact-import.ts';
import { eraseOutboxFiles } from '../../../src/activities/outreach/erase-files.ts';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { loadPlaces } from '../../../src/config/contact-places.ts';
import { loadCounties } from '../../../src/config/counties.ts';
import { recordConsents } from '../../../src/db/queries/consents.ts';
import { listContacts } from '../../../src/db/queries/contacts-list.ts';
import { eraseContact, listSendsOf } from '../../../src/db/queries/erasure.ts';
import { hashAddress, suppressAddresses } from '../../../src/db/queries/suppressions.ts';
import { settleUnknownSend } from '../../../src/db/queries/unknown-sends.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { ContactKind } from '../../../src/domain/outreach/contact.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { openBench } from './database.ts';
import { addProperty, countingChannel, HASH_KEY, messageRow, type OutreachBench, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let folder: string;
beforeAll(async () => {
  opened = await openBench();
  folder = await mkdtemp(join(tmpdir(), 'reos contacts '));
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

async function importText(b: OutreachBench, kind: ContactKind, lines: string[]) {
  const path = join(folder, `${kind}.csv`);
  await writeFile(path, lines.join('\n'));
  const configDir = join(process.cwd(), 'config');
  const read = readContacts(await readContactFile(path), {
    kind,
    places: loadPlaces(configDir),
    counties: await loadCounties(configDir),
    timeZone: null,
    state: null,
    county: null,
    now: new Date(),
  });
  expect(read.problems).toEqual([]);
  const to = { tenantId: b.tenantId, kind, file: `${kind}.csv`, importedBy: 'tester' };
  return importContacts({ db: b.db, keys: TEST_CONTACT_KEYS }, to, read.candidates);
}

const contactsOf = (b: OutreachBench) =>
  withTenant(b.db, b.tenantId, (trx) => listContacts(trx, TEST_CONTACT_KEYS, { limit: 100 }));

/** Adds a send of the campaign to a contact and a new property; returns its id. */
async function addSend(b: OutreachBench, campaignId: string, contactId: string, channel = 'email', status = 'pending') {
  const propertyId = await addProperty(b);
  const [row] = await b.query<{ send_id: string }>(
    `insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, unsubscribe_token, status, sending_at, packet_id)
     values ($1, gen_random_uuid(), $2, $3, $4, $5, 1, gen_random_uuid()::text, $6, case when $6 <> 'pending' then now() end,
       (select id from action_packets where property_id = $4)) returning send_id`,
    [b.tenantId, channel, contactId, propertyId, campaignId, status],
  );
  return { sendId: row!.send_id, propertyId };
}

describe('importing contacts', () => {
  const lines = [
    'Name,Email,Phone,Street,City,State,Zip,Tags,Max Price,SMS consent,Consent date,Consent source',
    'Ada,ada@example.com,206-555-0100,,,WA,98103,vip,450k,yes,2026-03-14,web form',
    'Ada again,ADA@example.com,,1 Sample St,Seattle,WA,98103,cash,,,,',
    'Bo,,206-555-0101,,,WA,98103,,,,,',
    'Bo of the office,bo@example.com,206-555-0101,,,WA,98103,,,,,',
    'Cy of the office,cy@example.com,206-555-0101,,,WA,98103,,,,,',
  ];

  it('knows people again within the file, fills in what is missing, and changes nothing the second time', async () => {
    const b = opened.fresh();
    await seedTenant(b, 0);
    const first = await importText(b, 'investor', lines);
    expect(first).toMatchObject({ created: 3, updated: 2, unchanged: 0, buyBoxes: 1, consents: 1, problems: [] });
    const contacts = await contactsOf(b);
    expect(contacts.map(({ details }) => details.email).sort()).toEqual([
      'ada@example.com',
      'bo@example.com',
      'cy@example.com',
    ]);
    const ada = contacts.find(({ details }) => details.email === 'ada@example.com')!;
    expect(ada).toMatchObject({
      details: { name: 'Ada', phone: '+12065550100', postalAddress: { line1: '1 Sample St' } },
      tags: ['cash', 'vip'],
      timeZone: 'America/Los_Angeles',
      state: 'WA',
    });
    const before = await b.query('select id, sealed, updated_at from contacts where tenant_id = $1 order by id', [
      b.tenantId,
    ]);
    const again = await importText(b, 'investor', lines);
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 5, buyBoxes: 0, consents: 0, problems: [] });
    expect(
      await b.query('select id, sealed, updated_at from contacts where tenant_id = $1 order by id', [b.tenantId]),
    ).toEqual(before);
    expect(JSON.stringify(before)).not.toMatch(/ada@|5550100/i);
  });

  it('two imports at once store each person once', async () => {
    const b = opened.fresh();
    await seedTenant(b, 0);
    const both = await Promise.all([importText(b, 'partner', lines), importText(b, 'partner', lines)]);
    expect(both[0]!.created + both[1]!.created).toBe(3);
    expect(await contactsOf(b)).toHaveLength(3);
  });

  it('ties an owner to the property, and refuses one whose property is not there', async () => {
    const b = opened.fresh();
    await seedTenant(b, 0);
    const propertyId = await addProperty(b);
    await b.query(
      `insert into property_aliases (tenant_id, county_fips, identity, property_id) values ($1, '53033', 'apn:0114101516', $2)`,
      [b.tenantId, propertyId],
    );
    const owners = [
      'Owner,Mailing address,APN,County',
      'Ada,"1 Sample St, Seattle, WA 98103",0114101516,king-wa',
      'Bo,"2 Sample St, Seattle, WA 98103",0114109999,king-wa',
    ];
    const done = await importText(b, 'owner', owners);
    expect(done).toMatchObject({ created: 1, propertiesLinked: 1, problems: [{ line: 3, field: 'property' }] });
    expect(await b.query('select property_id, role from property_contacts where tenant_id = $1', [b.tenantId])).toEqual(
      [{ property_id: propertyId, role: 'owner' }],
    );
  });
});

describe('consent to texts', () => {
  it('lets a text go while the newest record says yes and has not run out', async () => {
    const b = opened.fresh();
    const { campaignId } = await seedTenant(b, 0);
    await b.query(`update campaign_steps set channel = 'sms' where tenant_id = $1`, [b.tenantId]);
    await importText(b, 'investor', ['Name,Phone,Zip', 'Ada,206-555-0100,98103']);
    const [ada] = await contactsOf(b);
    const { channel } = countingChannel();
    const trySend = async () => {
      const { sendId } = await addSend(b, campaignId, ada!.id, 'sms');
      return (await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId })).reason ?? 'sent';
    };
    const record = (status: 'granted' | 'revoked', at: Date, expiresAt: Date | null = null) =>
      withTenant(b.db, b.tenantId, (trx) =>
        recordConsents(trx, [
          {
            channel: 'sms',
            addressHash: ada!.phoneHash!,
            contactId: ada!.id,
            status,
            method: 'm',
            evidence: 'e',
            at,
            expiresAt,
            recordedBy: 't',
          },
        ]),
      );
    const ago = (days: number) => new Date(b.clock.now.getTime() - days * 86_400_000);
    expect(await trySend()).toContain('No consent');
    await record('granted', ago(10), ago(1));
    expect(await trySend()).toContain('No consent');
    await record('granted', ago(5));
    expect(await trySend()).not.toContain('No consent');
    await record('revoked', ago(1));
    expect(await trySend()).toContain('No consent');
  });
});

describe('erasing a person', () => {
  it('leaves ids, statuses and suppressed hashes, stops what was planned, and does nothing the second time', async () => {
    const b = opened.fresh();
    const { campaignId } = await seedTenant(b, 0);
    await importText(b, 'investor', ['Name,Email,Phone,Zip,Max price', 'Ada,ada@example.com,206-555-0100,98103,450k']);
    const [ada] = await contactsOf(b);
    const sent = await addSend(b, campaignId, ada!.id, 'email', 'sent');
    const pending = await addSend(b, campaignId, ada!.id);
    await b.query('update outreach_messages set address_hash = $2, recipient_domain = $3 where send_id = $1', [
      sent.sendId,
      ada!.emailHash,
      'example.com',
    ]);
    await b.query(
      `insert into inbound_messages (tenant_id, channel, provider, provider_message_id, kind, send_id, contact_id, address_hash, sealed)
       values ($1, 'email', 'sendgrid', 'x', 'reply', $2, $3, $4, 'v1.secret')`,
      [b.tenantId, sent.sendId, ada!.id, ada!.emailHash],
    );
    const erase = () =>
      withTenant(b.db, b.tenantId, (trx) =>
        eraseContact(trx, { contactId: ada!.id, requestedBy: 't', at: new Date() }),
      );
    expect(await erase()).toEqual({
      wasErased: false,
      counts: {
        pendingSends: 1,
        messages: 2,
        inboundMessages: 1,
        consents: 0,
        buyBoxes: 1,
        propertyLinks: 0,
        suppressions: 2,
      },
    });
    const again = await erase();
    expect(again.wasErased).toBe(true);
    expect(Object.values(again.counts)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(await messageRow(b, pending.sendId)).toMatchObject({
      status: 'error',
      error: 'Not sent: the contact was erased',
    });
    expect(await messageRow(b, sent.sendId)).toMatchObject({ status: 'sent' });
    expect((await contactsOf(b))[0]).toMatchObject({
      status: 'archived',
      details: { name: 'Erased contact', email: null },
    });
    expect(await b.query('select * from erasures where tenant_id = $1', [b.tenantId])).toHaveLength(1);
    // Nothing of the person is left in any table, but for the hashes in the list of suppressions and its record.
    const tables = await b.query<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id'
       and table_name in (select table_name from information_schema.tables where table_type = 'BASE TABLE')`,
    );
    const holders: string[] = [];
    for (const { name } of tables) {
      const rows = await b.query(`select t::text from "${name}" t where tenant_id = $1`, [b.tenantId]);
      const text = JSON.stringify(rows);
      if ([ada!.emailHash!, ada!.phoneHash!, 'ada@example.com', '5550100', 'Ada'].some((trace) => text.includes(trace)))
        holders.push(name);
    }
    expect(holders.sort()).toEqual(['erasures', 'suppressions']);
    const back = await importText(b, 'investor', ['Name,Email,Zip', 'Ada,ada@example.com,98103']);
    expect(back).toMatchObject({ created: 0, problems: [{ message: expect.stringContaining('asked to be erased') }] });
  });

  it('takes the person’s files and index lines out of the local outbox, and only those', async () => {
    const b = opened.fresh();
    const { campaignId, contactIds } = await seedTenant(b, 2);
    const mine = await addSend(b, campaignId, contactIds[0]!);
    const other = await addSend(b, campaignId, contactIds[1]!);
    const outbox = await mkdtemp(join(folder, 'outbox '));
    const lines = [mine, other].map(({ sendId }) =>
      JSON.stringify({ send_id: sendId, to: `${sendId.slice(0, 4)}@example.com` }),
    );
    for (const { sendId } of [mine, other]) await writeFile(join(outbox, `2026-11-20-${sendId}.eml`), 'x');
    await writeFile(join(outbox, 'index.jsonl'), `${lines.join('\n')}\n`);
    const { ids } = await withTenant(b.db, b.tenantId, (trx) => listSendsOf(trx, contactIds[0]!));
    expect(await eraseOutboxFiles(outbox, ids)).toBe(1);
    expect(await eraseOutboxFiles(outbox, ids)).toBe(0);
    expect((await readdir(outbox)).sort()).toEqual([`2026-11-20-${other.sendId}.eml`, 'index.jsonl']);
    const index = (await readFile(join(outbox, 'index.jsonl'), 'utf8')).trim().split('\n');
    expect(index.map((line) => JSON.parse(line))).toEqual([
      { send_id: mine.sendId, erased: true },
      JSON.parse(lines[1]!),
    ]);
    expect(await eraseOutboxFiles(join(outbox, 'none'), ids)).toBe(0);
  });
});

describe('settling an unknown send', () => {
  it('records a person’s decision once, with cost and timeline, and refuses what is not unknown', async () => {
    const b = opened.fresh();
    const { campaignId, contactIds } = await seedTenant(b, 1);
    const settle = (sendId: string, as: 'sent' | 'error') =>
      withTenant(b.db, b.tenantId, (trx) =>
        settleUnknownSend(trx, { sendId, as, note: 'looked up', by: 'tester', at: new Date() }),
      );
    const left = await addSend(b, campaignId, contactIds[0]!, 'email', 'unknown');
    const lost = await addSend(b, campaignId, contactIds[0]!, 'email', 'unknown');
    for (const { sendId, propertyId } of [left, lost]) {
      await b.query(
        `insert into cost_ledger (tenant_id, id, resource, kind, property_id, reference, cost_micros, outcome, at)
         values ($1, gen_random_uuid(), 'sendgrid', 'send', $2, $3, 100, 'unknown', now())`,
        [b.tenantId, propertyId, sendId],
      );
    }
    expect(await settle(left.sendId, 'sent')).toBe('settled');
    expect(await settle(left.sendId, 'sent')).toBe('as before');
    expect(await settle(lost.sendId, 'error')).toBe('settled');
    await expect(settle(left.sendId, 'error')).rejects.toThrow("is 'sent', not 'unknown'");
    await expect(settle((await addSend(b, campaignId, contactIds[0]!)).sendId, 'sent')).rejects.toThrow("'pending'");
    expect((await messageRow(b, left.sendId)).sent_at).not.toBeNull();
    expect(await messageRow(b, lost.sendId)).toMatchObject({ status: 'error', sent_at: null });
    const costs = await b.query(
      `select outcome, cost_micros::int as cost from cost_ledger where tenant_id = $1 order by cost_micros desc`,
      [b.tenantId],
    );
    expect(costs).toEqual([
      { outcome: 'ok', cost: 100 },
      { outcome: 'error', cost: 0 },
    ]);
    const events = await b.query<{ event_type: string }>(
      'select event_type from event_log where tenant_id = $1 order by 1',
      [b.tenantId],
    );
    expect(events.map((row) => row.event_type)).toEqual(['outreach.sent', 'timeline.updated', 'timeline.updated']);
    const { channel, posts } = countingChannel();
    for (const { sendId } of [left, lost]) await sendMessage(b.deps(channel), { tenantId: b.tenantId, sendId });
    expect(posts).toHaveLength(0);
  });
});

describe('a do-not-call list', () => {
  it('ends when it expires, is extended by a newer one, and never shortens a wish', async () => {
    const b = opened.fresh();
    await seedTenant(b, 0);
    const at = new Date();
    const inDays = (days: number) => new Date(at.getTime() + days * 86_400_000);
    const addressHash = hashAddress(HASH_KEY, 'sms', '+12065550100');
    const put = (reason: 'do_not_call' | 'unsubscribed', expiresAt: Date | null) =>
      withTenant(b.db, b.tenantId, (trx) =>
        suppressAddresses(trx, [{ channel: 'sms', addressHash, reason, at, expiresAt }]),
      );
    expect(await put('do_not_call', inDays(31))).toBe(1);
    expect(await put('do_not_call', inDays(10))).toBe(0);
    expect(await put('do_not_call', inDays(60))).toBe(1);
    expect(await put('unsubscribed', null)).toBe(1);
    expect(await put('do_not_call', inDays(90))).toBe(0);
    expect(await b.query('select reason, expires_at from suppressions where tenant_id = $1', [b.tenantId])).toEqual([
      { reason: 'unsubscribed', expires_at: null },
    ]);
  });
});
