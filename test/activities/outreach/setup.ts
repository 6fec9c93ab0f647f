import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import pino from 'pino';
import type { Channel, OutboundMessage, SendOutcome } from '../../../src/activities/outreach/channel.ts';
import type { OutreachDeps } from '../../../src/activities/outreach/deps.ts';
import { planSends } from '../../../src/activities/outreach/plan.ts';
import type { Database } from '../../../src/db/connect.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { ContactKind } from '../../../src/domain/outreach/contact.ts';
import { addTestContact, TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { PLAIN_TEMPLATES } from '../../support/templates.ts';

/** A database with the outreach fixtures' tenant inside. */
export interface OutreachBench {
  db: Database;
  tenantId: string;
  /** Runs SQL as superuser: for setting the scene and looking at the result, past row-level security. */
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  clock: { now: Date };
  deps(channel: Channel, more?: Partial<OutreachDeps>): OutreachDeps;
}

export const HASH_KEY = TEST_CONTACT_KEYS.hashKey;
const NO_QUIET_HOURS = {
  channels: [],
  everywhere: { days: [1, 2, 3, 4, 5, 6, 7], startHour: 0, endHour: 24 },
  states: {},
};
export const CALL_TO_ACTION = 'https://deals.example.com/talk';

/** Wires a bench to a migrated database. */
export function createBench(db: Database, admin: pg.Pool): OutreachBench {
  const clock = { now: new Date() };
  const tenantId = randomUUID();
  return {
    db,
    tenantId,
    clock,
    query: async (text, values) => (await admin.query(text, values)).rows,
    deps: (channel, more = {}) => ({
      db,
      logger: pino({ level: 'silent' }),
      clock: () => clock.now,
      storage: {
        get: async () => Buffer.from('%PDF-1.7 a memo'),
        signedUrl: (key) => `/files/${key}?expires=1&signature=abc`,
      },
      channels: { email: channel, sms: channel, mail: channel },
      templates: PLAIN_TEMPLATES,
      keys: TEST_CONTACT_KEYS,
      quietHours: NO_QUIET_HOURS,
      isProduction: true,
      allowList: [],
      replyDomain: undefined,
      publicUrl: 'http://127.0.0.1:8080',
      callToAction: { label: 'Talk to us', url: CALL_TO_ACTION },
      ...more,
    }),
  };
}

/** Adds the tenant, an active campaign and `investors` contacts with boxes that take everything. */
export async function seedTenant(
  bench: OutreachBench,
  investors = 1,
  campaign: Record<string, unknown> = {},
): Promise<{ campaignId: string; contactIds: string[] }> {
  const { tenantId, query } = bench;
  await query(`insert into tenants (id, slug, name, plan) values ($1, $2, $2, 'enterprise')`, [
    tenantId,
    `t-${tenantId.slice(0, 12)}`,
  ]);
  const settings = {
    name: 'Deals',
    needs_approval: false,
    max_per_run: 100_000,
    weekly_cap_per_recipient: 100_000,
    ...campaign,
  };
  const sender = { name: 'Example Homes', email: 'deals@example.com' };
  const [row] = await query<{ id: string }>(
    `insert into campaigns (tenant_id, name, needs_approval, max_per_run, weekly_cap_per_recipient, sender, postal_address, kind, status, send_window)
     values ($1, $2, $3, $4, $5, $6, '1 Example Way, Seattle WA 98101', $7, $8, $9) returning id`,
    [
      tenantId,
      settings.name,
      settings.needs_approval,
      settings.max_per_run,
      settings.weekly_cap_per_recipient,
      sender,
      campaign['kind'] ?? 'investor',
      campaign['status'] ?? 'active',
      campaign['send_window'] ?? null,
    ],
  );
  const campaignId = row!.id;
  await query(`insert into campaign_steps values ($1, $2, 1, 'email', 'investor-email')`, [tenantId, campaignId]);
  const contactIds: string[] = [];
  for (let n = 1; n <= investors; n += 1)
    contactIds.push(await addContact(bench, 'investor', `investor-${n}@example.com`));
  return { campaignId, contactIds };
}

/** Adds a contact with a buy box that takes everything. */
export async function addContact(bench: OutreachBench, kind: string, email: string | null): Promise<string> {
  const id = await addTestContact(
    bench.db,
    bench.tenantId,
    { name: `${kind} ${email}`, email },
    { kind: kind as ContactKind },
  );
  await bench.query(`insert into buy_boxes (tenant_id, contact_id, name) values ($1, $2, 'anything')`, [
    bench.tenantId,
    id,
  ]);
  return id;
}

/** Adds a property that is ready for outreach. */
export async function addProperty(bench: OutreachBench, score = 80, status = 'packet_ready'): Promise<string> {
  const id = randomUUID();
  await bench.query(
    `insert into properties (tenant_id, id, county_fips, status, address, city, state, zip_code, bird_dog_score, list_price_cents)
     values ($1, $2, '53033', $3, '12 Sample St', 'Seattle', 'WA', '98103', $4, 50000000)`,
    [bench.tenantId, id, status, score],
  );
  await bench.query(
    `insert into action_packets (tenant_id, property_id, score_id, template_version, path, sha256, bytes, pages)
     values ($1, $2, $3, '1', $4, 'abc', 10, 2)`,
    [bench.tenantId, id, randomUUID(), `memos/${id}.pdf`],
  );
  return id;
}

/** Adds properties and plans their sends; one send id per property and investor. */
export async function planned(
  bench: OutreachBench,
  properties: number,
): Promise<{ sendId: string; propertyId: string }[]> {
  const all: { sendId: string; propertyId: string }[] = [];
  for (let n = 0; n < properties; n += 1) {
    const propertyId = await addProperty(bench);
    const plan = await planSends(bench.deps(countingChannel().channel), { tenantId: bench.tenantId, propertyId });
    all.push(...plan.sendIds.map((sendId) => ({ sendId, propertyId })));
  }
  return all;
}

/** A channel that counts its posts and answers as told. */
export function countingChannel(
  answer: (message: OutboundMessage) => Promise<SendOutcome> = async () => ({
    outcome: 'sent',
    providerMessageId: 'm-1',
  }),
  more: Partial<Channel> = {},
) {
  const posts: OutboundMessage[] = [];
  const channel: Channel = {
    name: 'test-mail',
    kinds: ['email', 'sms', 'mail'],
    costMicros: () => 0,
    isIdempotent: false,
    isLive: false,
    send: (message) => {
      posts.push(message);
      return answer(message);
    },
    ...more,
  };
  return { channel, posts };
}

/** The row of a send. */
export async function messageRow(bench: OutreachBench, sendId: string) {
  const rows = await bench.query<{
    status: string;
    error: string | null;
    held_reason: string | null;
    held_until: Date | null;
    provider_message_id: string | null;
    open_count: number;
    click_count: number;
    sent_at: Date | null;
    delivered_at: Date | null;
    unsubscribe_token: string;
    cost_micros: number;
  }>('select * from outreach_messages where send_id = $1', [sendId]);
  return rows[0]!;
}

/** The property's status and hold. */
export async function propertyRow(bench: OutreachBench, propertyId: string) {
  const rows = await bench.query<{ status: string; held_reason: string | null; held_until: Date | null }>(
    'select status, held_reason, held_until from properties where id = $1',
    [propertyId],
  );
  return rows[0]!;
}

/** Proves that the tenant's role sees the row: what the bench wrote as superuser is inside its policy. */
export function countVisible(bench: OutreachBench): Promise<number> {
  return withTenant(bench.db, bench.tenantId, async (trx) => {
    const row = await trx.db
      .selectFrom('outreachMessages')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  });
}
