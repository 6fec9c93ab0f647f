import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { doubles, texts } from './binary-arrays.ts';

/** An offer as an upstream system tells it. Money in dollars. */
export interface OfferEvent {
  eventId: string;
  propertyRef: string;
  market: string;
  segment: string;
  offerPrice: number;
  marketEstimatedValue: number | null;
  pricePerSqft: number | null;
  /** Null: not answered yet. */
  sellerAcceptedOffer: boolean | null;
  daysToAccept: number | null;
  /** ISO 8601 with a zone. */
  offeredAt: string;
}

/** A valuation as an upstream system tells it. Money in dollars. */
export interface AvmValue {
  propertyRef: string;
  market: string;
  segment: string;
  estimatedValue: number;
  /** 0–1. */
  confidence: number | null;
  /** ISO 8601 with a zone. */
  valuedAt: string;
}

/** What became of rows, by their place in the list. Those in neither set were there already, or differ: see `knownOffers`. */
export interface Merged {
  accepted: Set<number>;
  updated: Set<number>;
}

const column = <T>(rows: readonly T[], of: (row: T) => string) => texts(rows.map(of));
const numbers = <T>(rows: readonly T[], of: (row: T) => number | null) => doubles(rows.map(of));

/** What an event may not change once it was told. */
const IDENTITY = [
  'property_ref',
  'market',
  'segment',
  'offer_price',
  'market_estimated_value',
  'price_per_sqft',
  'offered_at',
];

/**
 * Merges offers by event id, in one statement: new ones are kept, and an answer that was not known, or is another now,
 * is added to an event that is the same otherwise. An answer is never taken back by an event without one. Rows are
 * locked in the order of their ids, so that two batches wait for each other at most once.
 * @param offers with different event ids
 */
export async function mergeOffers(trx: TenantTrx, offers: readonly OfferEvent[], loadId: string): Promise<Merged> {
  const same = IDENTITY.map((name) => `o.${name} is not distinct from excluded.${name}`).join(' and ');
  const { rows } = await sql<{ eventId: string; isNew: boolean }>`
    insert into raw.offer_events as o (tenant_id, event_id, property_ref, market, segment, offer_price,
      market_estimated_value, price_per_sqft, seller_accepted_offer, days_to_accept, offered_at, load_id)
    select ${trx.tenantId}::uuid, i.*, ${loadId}::uuid from (
      select unnest(${column(offers, (one) => one.eventId)}::text[]) as event_id,
        unnest(${column(offers, (one) => one.propertyRef)}::text[]),
        unnest(${column(offers, (one) => one.market)}::text[]),
        unnest(${column(offers, (one) => one.segment)}::text[]),
        unnest(${numbers(offers, (one) => one.offerPrice)}::float8[]),
        unnest(${numbers(offers, (one) => one.marketEstimatedValue)}::float8[]),
        unnest(${numbers(offers, (one) => one.pricePerSqft)}::float8[]),
        unnest(${offers.map((one) => one.sellerAcceptedOffer)}::boolean[]),
        unnest(${numbers(offers, (one) => one.daysToAccept)}::float8[]),
        unnest(${column(offers, (one) => one.offeredAt)}::text[])::timestamptz
    ) i order by event_id
    on conflict (tenant_id, event_id) do update set
      seller_accepted_offer = coalesce(excluded.seller_accepted_offer, o.seller_accepted_offer),
      days_to_accept = coalesce(excluded.days_to_accept, o.days_to_accept),
      load_id = excluded.load_id, ingested_at = now()
    where ${sql.raw(same)} and (
      coalesce(excluded.seller_accepted_offer, o.seller_accepted_offer) is distinct from o.seller_accepted_offer
      or coalesce(excluded.days_to_accept, o.days_to_accept) is distinct from o.days_to_accept)
    returning event_id, xmax = 0 as is_new`.execute(trx.db);
  return placesOf(
    rows.map((row) => [row.eventId, row.isNew]),
    offers.map(({ eventId }) => eventId),
  );
}

/** What is known of events: for those that a merge left as they were. */
export async function knownOffers(trx: TenantTrx, eventIds: readonly string[]): Promise<Map<string, OfferEvent>> {
  const rows = await trx.db
    .selectFrom('raw.offerEvents')
    .select(['eventId', 'propertyRef', 'market', 'segment', 'offerPrice', 'marketEstimatedValue', 'pricePerSqft'])
    .select(['sellerAcceptedOffer', 'daysToAccept', 'offeredAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('eventId', 'in', [...eventIds])
    .execute();
  return new Map(rows.map((row) => [row.eventId, { ...row, offeredAt: row.offeredAt.toISOString() }]));
}

/**
 * Merges valuations by home and moment. A second one of the same moment replaces the first when it says something else.
 * @param values with different homes or moments
 */
export async function mergeAvmValues(trx: TenantTrx, values: readonly AvmValue[], loadId: string): Promise<Merged> {
  const { rows } = await sql<{ place: number; isNew: boolean }>`
    with incoming as materialized (
      select unnest(${column(values, (one) => one.propertyRef)}::text[]) as property_ref,
        unnest(${column(values, (one) => one.market)}::text[]) as market,
        unnest(${column(values, (one) => one.segment)}::text[]) as segment,
        unnest(${numbers(values, (one) => one.estimatedValue)}::float8[]) as estimated_value,
        unnest(${numbers(values, (one) => one.confidence)}::float8[]) as confidence,
        unnest(${column(values, (one) => one.valuedAt)}::text[])::timestamptz as valued_at,
        unnest(${numbers(
          values.map((_, index) => index),
          (index) => index,
        )}::float8[]) as place
    ), written as (
      insert into raw.avm_values as v (tenant_id, property_ref, market, segment, estimated_value, confidence, valued_at, load_id)
      select ${trx.tenantId}::uuid, property_ref, market, segment, estimated_value, confidence, valued_at, ${loadId}::uuid
      from incoming order by property_ref, valued_at
      on conflict (tenant_id, property_ref, valued_at) do update set market = excluded.market, segment = excluded.segment,
        estimated_value = excluded.estimated_value, confidence = excluded.confidence, load_id = excluded.load_id,
        ingested_at = now()
      where (v.market, v.segment, v.estimated_value, v.confidence)
        is distinct from (excluded.market, excluded.segment, excluded.estimated_value, excluded.confidence)
      returning property_ref, valued_at, xmax = 0 as is_new
    )
    select i.place, w.is_new from written w join incoming i using (property_ref, valued_at)`.execute(trx.db);
  return {
    accepted: new Set(rows.filter(({ isNew }) => isNew).map(({ place }) => place)),
    updated: new Set(rows.filter(({ isNew }) => !isNew).map(({ place }) => place)),
  };
}

function placesOf(written: ReadonlyArray<readonly [string, boolean]>, ids: readonly string[]): Merged {
  const isNew = new Map(written);
  const where = (wanted: boolean) => new Set(ids.flatMap((id, place) => (isNew.get(id) === wanted ? [place] : [])));
  return { accepted: where(true), updated: where(false) };
}

/** Rows of one hour that came over HTTP are one load: its counts grow. */
export interface HttpCounts {
  read: number;
  kept: number;
  repeated: number;
  rejected: ReadonlyArray<{ reference: string; reasons: readonly string[]; payload: unknown }>;
}

/** Adds to the load of the hour, and keeps what was refused with its reasons. */
export async function noteHttpRows(
  trx: TenantTrx,
  load: { id: string; feed: string },
  counts: HttpCounts,
): Promise<void> {
  const { tenantId } = trx;
  await sql`
    insert into raw.loads as l (tenant_id, id, feed, origin, layout, status, rows_read, rows_kept, rows_rejected, rows_repeated, completed_at)
    values (${tenantId}, ${load.id}, ${load.feed}, 'http', 'events', 'success', ${counts.read}, ${counts.kept},
      ${counts.rejected.length}, ${counts.repeated}, now())
    on conflict (tenant_id, id) do update set rows_read = l.rows_read + excluded.rows_read,
      rows_kept = l.rows_kept + excluded.rows_kept, rows_rejected = l.rows_rejected + excluded.rows_rejected,
      rows_repeated = l.rows_repeated + excluded.rows_repeated, completed_at = now()`.execute(trx.db);
  if (counts.rejected.length === 0) return;
  await trx.db
    .insertInto('raw.rejectedRows')
    .values(
      counts.rejected.map(({ reference, reasons, payload }) => ({
        tenantId,
        loadId: load.id,
        rowReference: reference,
        reasons: [...reasons],
        payload: sql`${JSON.stringify(payload ?? null).replaceAll('\\u0000', '')}::jsonb` as never,
      })),
    )
    .execute();
}
