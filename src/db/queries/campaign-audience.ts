import { type SqlBool, sql } from 'kysely';
import {
  type AudienceCampaign,
  type AudienceContact,
  type AudienceLedger,
  type AudienceProperty,
  pairOf,
} from '../../domain/outreach/audience.ts';
import type { BuyBox } from '../../domain/outreach/buy-box.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';
import { findSuppressions } from './suppressions.ts';

const DAY_MS = 86_400_000;

/** The property as a campaign sees it, with its newest memo and its status; null when there is none of that id. */
export async function loadAudienceProperty(
  trx: TenantTrx,
  propertyId: string,
): Promise<(AudienceProperty & { status: string }) | null> {
  const row = await selectProperties(trx).select('p.status').where('p.id', '=', propertyId).executeTakeFirst();
  return row ?? null;
}

/** Where a page of the audience ended. */
export interface AudienceCursor {
  score: number;
  id: string;
}

/**
 * A page of the properties that a campaign is about, best first: score, county and type as it asks, a memo for
 * investors, a known owner for owners, neither paused nor failed nor at its end.
 */
export function listAudience(
  trx: TenantTrx,
  campaign: AudienceCampaign,
  page: { after: AudienceCursor | null; limit: number },
): Promise<AudienceProperty[]> {
  return audienceOf(trx, campaign)
    .$if(page.after !== null, (query) =>
      query.where(sql<SqlBool>`(p.bird_dog_score, p.id) < (${page.after!.score}::float8, ${page.after!.id}::uuid)`),
    )
    .orderBy('p.birdDogScore', 'desc')
    .orderBy('p.id', 'desc')
    .limit(page.limit)
    .execute();
}

/** How many properties the campaign is about. */
export async function countAudience(trx: TenantTrx, campaign: AudienceCampaign): Promise<number> {
  const row = await audienceOf(trx, campaign)
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function audienceOf(trx: TenantTrx, campaign: AudienceCampaign) {
  const isInvestor = campaign.kind === 'investor';
  const types = campaign.propertyTypes.map((type) => type.toLowerCase());
  const tags = (campaign.propertyTags ?? []).map((tag) => tag.toLowerCase());
  return selectProperties(trx)
    .where('p.isPaused', '=', false)
    .where('p.status', 'in', [...(isInvestor ? [] : ['scored']), 'packet_ready', 'contacted', 'engaged'])
    .where('p.birdDogScore', '>=', campaign.minScore)
    .$if(campaign.countyFips.length > 0, (query) => query.where('p.countyFips', 'in', [...campaign.countyFips]))
    .$if(types.length > 0, (query) =>
      query.where(sql<SqlBool>`(lower(p.property_type) = any(${types}) or lower(p.property_sub_type) = any(${types}))`),
    )
    .$if(tags.length > 0, (query) =>
      query.where(
        sql<SqlBool>`exists (select from property_tags pt join tags t on t.tenant_id = pt.tenant_id and t.id = pt.tag_id
          where pt.tenant_id = p.tenant_id and pt.property_id = p.id and lower(t.name) = any(${tags}))`,
      ),
    )
    .$if(isInvestor, (query) =>
      query.where(
        sql<SqlBool>`exists (select from action_packets a where a.tenant_id = p.tenant_id and a.property_id = p.id
          and a.kind = 'investor_memo' and a.status = 'generated')`,
      ),
    )
    .$if(!isInvestor, (query) =>
      query.where(
        sql<SqlBool>`exists (select from property_contacts o where o.tenant_id = p.tenant_id and o.property_id = p.id)`,
      ),
    );
}

function selectProperties(trx: TenantTrx) {
  return trx.db
    .selectFrom('properties as p')
    .select(['p.id', 'p.countyFips', 'p.zipCode', 'p.propertyType', 'p.propertySubType', 'p.listPriceCents'])
    .select(['p.estimatedValueCents', 'p.bedrooms', 'p.sqft', 'p.birdDogScore'])
    .select((select) =>
      select
        .selectFrom('actionPackets as a')
        .select('a.id')
        .whereRef('a.tenantId', '=', 'p.tenantId')
        .whereRef('a.propertyId', '=', 'p.id')
        .where('a.kind', '=', 'investor_memo')
        .where('a.status', '=', 'generated')
        .orderBy('a.createdAt', 'desc')
        .limit(1)
        .as('packetId'),
    )
    .select(
      sql<string[]>`coalesce((select array_agg(o.contact_id order by o.contact_id) from property_contacts o
        where o.tenant_id = p.tenant_id and o.property_id = p.id), '{}')`.as('ownerIds'),
    )
    .select(
      sql<
        string[]
      >`array(select t.name from property_tags pt join tags t on t.tenant_id = pt.tenant_id and t.id = pt.tag_id
        where pt.tenant_id = p.tenant_id and pt.property_id = p.id order by t.name)`.as('propertyTags'),
    )
    .where('p.tenantId', '=', trx.tenantId);
}

/**
 * The active contacts that a campaign may write to, as its channel sees them, by id: investors and partners with a buy
 * box, or the owners named. Without a box an investor buys nothing and is left out.
 */
export async function listAudienceContacts(
  trx: TenantTrx,
  campaign: Pick<AudienceCampaign, 'kind' | 'channel'>,
  ownerIds: readonly string[],
  now: Date,
): Promise<Map<string, AudienceContact>> {
  const hashColumn = HASH_COLUMNS[campaign.channel];
  const rows = await trx.db
    .selectFrom('contacts as c')
    .select(['c.id', 'c.tags', `c.${hashColumn} as addressHash`])
    .select(
      sql<
        BuyBox[]
      >`coalesce((select jsonb_agg(jsonb_build_object('countyFips', b.county_fips, 'propertyTypes', b.property_types,
        'zipCodes', b.zip_codes, 'minPriceCents', b.min_price_cents, 'maxPriceCents', b.max_price_cents,
        'minScore', b.min_score, 'minBedrooms', b.min_bedrooms, 'minSqft', b.min_sqft) order by b.id)
        from buy_boxes b where b.tenant_id = c.tenant_id and b.contact_id = c.id), '[]')`.as('boxes'),
    )
    .where('c.tenantId', '=', trx.tenantId)
    .where('c.status', '=', 'active')
    .$if(campaign.kind === 'investor', (query) => query.where('c.kind', 'in', ['investor', 'partner']))
    .$if(campaign.kind === 'owner', (query) =>
      query.where('c.kind', '=', 'owner').where(sql<SqlBool>`c.id = any(${[...ownerIds]}::uuid[])`),
    )
    .orderBy('c.id')
    .execute();
  const hashes = rows.flatMap(({ addressHash }) => addressHash ?? []);
  const suppressed = await findSuppressions(trx, campaign.channel, hashes, now);
  const consented = campaign.channel === 'sms' ? await listConsenting(trx, campaign.channel, hashes, now) : null;
  return new Map(
    rows
      .filter(({ boxes }) => campaign.kind === 'owner' || boxes.length > 0)
      .map(({ id, tags, addressHash, boxes }) => [
        id,
        {
          id,
          tags,
          boxes,
          hasAddress: addressHash !== null,
          suppression: addressHash === null ? null : (suppressed.get(addressHash) ?? null),
          hasConsent: consented === null || (addressHash !== null && consented.has(addressHash)),
        },
      ]),
  );
}

const HASH_COLUMNS = { email: 'emailHash', sms: 'phoneHash', mail: 'postalHash' } as const;

/** The hashes whose newest record of consent says yes and has not run out. */
async function listConsenting(
  trx: TenantTrx,
  channel: ChannelKind,
  hashes: readonly string[],
  now: Date,
): Promise<Set<string>> {
  const { rows } = await sql<{ addressHash: string }>`
    select address_hash from (
      select distinct on (address_hash) address_hash, status, expires_at from consents
      where tenant_id = ${trx.tenantId} and channel = ${channel} and at <= ${now} and address_hash = any(${[...hashes]}::text[])
      order by address_hash, at desc, recorded_at desc
    ) newest where status = 'granted' and (expires_at is null or expires_at > ${now})
  `.execute(trx.db);
  return new Set(rows.map((row) => row.addressHash));
}

/** What the campaign and its recipients have had so far, for the properties of a page. */
export async function loadLedger(
  trx: TenantTrx,
  campaign: { id: string; dedupeDays: number },
  propertyIds: readonly string[],
  now: Date,
): Promise<Pick<AudienceLedger, 'planned' | 'offered' | 'answered'>> {
  const since = new Date(now.getTime() - campaign.dedupeDays * DAY_MS);
  const { rows } = await sql<{ contactId: string; propertyId: string; kind: 'planned' | 'answered' | 'offered' }>`
    select distinct contact_id, property_id, case when campaign_id = ${campaign.id} then 'planned'
      when answered_at is not null then 'answered' else 'offered' end as kind
    from outreach_messages
    where tenant_id = ${trx.tenantId} and property_id = any(${[...propertyIds]}::uuid[])
      and (campaign_id = ${campaign.id} or answered_at is not null
        or sending_at > ${since} and status not in ('pending', 'error'))
  `.execute(trx.db);
  const pairs = (kind: (typeof rows)[number]['kind']) =>
    new Set(rows.filter((row) => row.kind === kind).map((row) => pairOf(row.contactId, row.propertyId)));
  return { planned: pairs('planned'), offered: pairs('offered'), answered: pairs('answered') };
}

/** Messages per contact in seven days, by any channel, with those that wait to leave. */
export async function loadWeekly(trx: TenantTrx, now: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ contactId: string; count: number }>`
    select contact_id, count(*)::int as count from outreach_messages
    where tenant_id = ${trx.tenantId}
      and (status = 'pending' and (held_until is null or held_until < ${new Date(now.getTime() + 7 * DAY_MS)})
        or status not in ('pending', 'error') and sending_at > ${new Date(now.getTime() - 7 * DAY_MS)})
    group by contact_id
  `.execute(trx.db);
  return new Map(rows.map((row) => [row.contactId, row.count]));
}

/** Messages that the campaign sent in 24 hours or has waiting as first steps: what counts against its size of a run. */
export async function countInRun(trx: TenantTrx, campaignId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from outreach_messages
    where tenant_id = ${trx.tenantId} and campaign_id = ${campaignId}
      and (status = 'pending' and step = 1
        or status not in ('pending', 'error') and sending_at > ${new Date(now.getTime() - DAY_MS)})
  `.execute(trx.db);
  return rows[0]?.count ?? 0;
}
