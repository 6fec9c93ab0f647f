import type pg from 'pg';
import { sealDetails } from '../../src/db/queries/contacts.ts';
import { sendId } from '../../src/domain/ids.ts';
import { TEST_CONTACT_KEYS } from '../support/contacts.ts';
import { uuidOf } from './outreach-chance.ts';

/** What there is to send. */
export interface OutreachScene {
  tenantId: string;
  /** Every planned send. */
  sendIds: string[];
}

// As campaigns are: what a campaign and a recipient have had is counted at each send.
const SENDS_PER_CAMPAIGN = 250;
const SENDS_PER_CONTACT = 20;

/**
 * Writes a tenant with a budget, active campaigns, contacts with sealed addresses, properties with memos, and one
 * planned send for each property, all in a few statements.
 */
export async function fillScene(admin: pg.Pool, sends: number, seed: number): Promise<OutreachScene> {
  const tenantId = uuidOf(`${seed}:tenant`);
  const campaigns = ids(seed, 'campaign', Math.ceil(sends / SENDS_PER_CAMPAIGN));
  const contacts = ids(seed, 'contact', Math.ceil(sends / SENDS_PER_CONTACT));
  const properties = ids(seed, 'property', sends);
  const plan = properties.map((propertyId, n) => {
    const contactId = contacts[n % contacts.length] ?? '';
    const campaignId = campaigns[n % campaigns.length] ?? '';
    return { propertyId, contactId, campaignId, id: sendId(tenantId, { contactId, propertyId, campaignId, step: 1 }) };
  });
  await admin.query(`insert into tenants (id, slug, name, plan) values ($1, $2, $2, 'enterprise')`, [
    tenantId,
    `chaos-${seed}`,
  ]);
  await admin.query(`insert into budgets values ($1, '*', 'month', 1000000000000)`, [tenantId]);
  await admin.query(
    `insert into campaigns (tenant_id, id, name, needs_approval, max_per_run, weekly_cap_per_recipient, sender, postal_address, kind, status)
     select $1, id, 'Deals ' || id, false, 1000000, 1000000, $3, '1 Example Way, Seattle WA 98101', 'investor', 'active'
     from unnest($2::uuid[]) id`,
    [tenantId, campaigns, { name: 'Example Homes', email: 'deals@example.com' }],
  );
  await admin.query(
    `insert into campaign_steps (tenant_id, campaign_id, step, channel, template) select $1, id, 1, 'email', 'investor-email' from unnest($2::uuid[]) id`,
    [tenantId, campaigns],
  );
  const sealed = contacts.map((id, n) =>
    sealDetails(TEST_CONTACT_KEYS, tenantId, id, {
      name: `Investor ${n}`,
      email: `investor-${n}@example.com`,
      phone: null,
      postalAddress: null,
    }),
  );
  await admin.query(
    `insert into contacts (tenant_id, id, kind, sealed, email_hash, time_zone)
     select $1, c.id, 'investor', c.sealed, c.hash, 'America/New_York' from unnest($2::uuid[], $3::text[], $4::text[]) c (id, sealed, hash)`,
    [tenantId, contacts, sealed.map((each) => each.sealed), sealed.map((each) => each.emailHash)],
  );
  await admin.query(
    `insert into properties (tenant_id, id, county_fips, status, address, city, state, zip_code, bird_dog_score, list_price_cents)
     select $1, id, '53033', 'packet_ready', n || ' Sample St', 'Seattle', 'WA', '98103', 80, 50000000
     from unnest($2::uuid[]) with ordinality p (id, n)`,
    [tenantId, properties],
  );
  await admin.query(
    `insert into action_packets (tenant_id, property_id, score_id, template_version, path, sha256, bytes, pages)
     select $1, id, gen_random_uuid(), '1', 'memos/' || id || '.pdf', 'abc', 10, 2 from unnest($2::uuid[]) id`,
    [tenantId, properties],
  );
  await admin.query(
    `insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, packet_id, unsubscribe_token)
     select $1, m.id, 'email', m.contact, m.property, m.campaign, 1, a.id, md5(m.id::text)
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[]) m (id, contact, property, campaign)
     join action_packets a on a.tenant_id = $1 and a.property_id = m.property`,
    [
      tenantId,
      plan.map(({ id }) => id),
      plan.map(({ contactId }) => contactId),
      plan.map(({ propertyId }) => propertyId),
      plan.map(({ campaignId }) => campaignId),
    ],
  );
  await admin.query('analyze');
  return { tenantId, sendIds: plan.map(({ id }) => id) };
}

function ids(seed: number, kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => uuidOf(`${seed}:${kind}:${n}`));
}
