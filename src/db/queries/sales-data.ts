import { sql } from 'kysely';
import type { PropertyFacts } from '../../domain/property.ts';
import { VALUATION_FACTS, type ValuationFacts } from '../../domain/valuation/sale-record.ts';
import type { TenantTrx } from '../tenant.ts';

/** Facts that a valuation reads from the property's own columns; the neighbourhood's name comes from the record. */
export const VALUATION_COLUMNS = VALUATION_FACTS.filter(
  (field): field is Exclude<keyof ValuationFacts, 'subdivision'> => field !== 'subdivision',
);

/** What the newest record of a property says beyond the property's own columns. */
export interface RecordExtras {
  subdivision: string | null;
  /** Values under the source's own column names, as text. */
  extras: Record<string, string>;
  /** Fields that describe the house and are no column of the property, under their RESO names. */
  described: Record<string, string | number | boolean>;
}

/** A sale with the facts of its house. */
export interface SoldHouse
  extends Pick<PropertyFacts, Exclude<keyof ValuationFacts, 'subdivision'> | 'apn'>,
    RecordExtras {
  propertyId: string;
  closeDate: string;
  closePriceCents: number;
  armsLengthReason: string | null;
  /** Fields whose value an offline simulator made up. */
  simulated: string[];
}

/** RESO fields of a record that a valuation may use beside the property's own columns. */
const DESCRIBED = [
  'AboveGradeFinishedArea',
  'BelowGradeFinishedArea',
  'BuildingAreaTotal',
  'BathroomsFull',
  'BathroomsThreeQuarter',
  'BathroomsHalf',
  'RoomsTotal',
  'NumberOfUnitsTotal',
  'FireplacesTotal',
  'ParkingTotal',
  'GarageSpaces',
  'PoolPrivateYN',
  'NewConstructionYN',
  'YearBuiltEffective',
] as const;

// One record of the payload: each arrow into a large jsonb would unpack it anew. The names are ours, and keep their case.
const described = sql.raw(DESCRIBED.map((field) => `"${field}" jsonb`).join(', '));
const describedObject = sql.raw(DESCRIBED.map((field) => `'${field}', r."${field}"`).join(', '));
const recordExtras = sql`
  select r."SubdivisionName" as subdivision, coalesce(r.extras, '{}') as extras,
    jsonb_strip_nulls(jsonb_build_object(${describedObject})) as described
  from prospect_queue q, jsonb_to_record(q.payload) as r("SubdivisionName" text, extras jsonb, ${described})`;

/** Arm's-length sales of a county before a day (all when undefined), oldest first, with what is known of each house. */
export async function readSoldHouses(
  trx: TenantTrx,
  filter: { countyFips: string; before?: string },
): Promise<SoldHouse[]> {
  // A county of a million sales takes its time; nothing else waits for it.
  await sql`select set_config('statement_timeout', '600000', true)`.execute(trx.db);
  const columns = VALUATION_COLUMNS.map((field) => sql`p.${sql.ref(columnOf(field))}`);
  const before = filter.before === undefined ? sql`` : sql`and s.close_date < ${filter.before}::date`;
  const { rows } = await sql<SoldHouse>`
    select s.property_id, s.close_date, s.close_price_cents, s.arms_length_reason, p.apn, ${sql.join(columns)},
      x.subdivision, coalesce(x.extras, '{}') as extras, coalesce(x.described, '{}') as described,
      array(select f.key from jsonb_each(p.field_sources) f where f.value->>'simulated' = 'true') as simulated
    from sales s
    join properties p on p.tenant_id = s.tenant_id and p.id = s.property_id
    left join lateral (
      ${recordExtras} where q.tenant_id = s.tenant_id and q.property_id = s.property_id
      order by q.updated_at desc, q.id limit 1
    ) x on true
    where s.tenant_id = ${trx.tenantId} and s.county_fips = ${filter.countyFips} and s.arms_length
      and s.close_price_cents > 0 ${before}
    order by s.close_date, s.property_id, s.close_price_cents`.execute(trx.db);
  return rows;
}

/** What the newest record of each property says beyond the property's columns; properties without a record are left out. */
export async function readRecordExtras(
  trx: TenantTrx,
  propertyIds: readonly string[],
): Promise<Map<string, RecordExtras>> {
  if (propertyIds.length === 0) return new Map();
  const { rows } = await sql<RecordExtras & { propertyId: string }>`
    select i.id as property_id, x.*
    from unnest(${[...propertyIds]}::uuid[]) i(id)
    join lateral (
      ${recordExtras} where q.tenant_id = ${trx.tenantId} and q.property_id = i.id
      order by q.updated_at desc, q.id limit 1
    ) x on true`.execute(trx.db);
  return new Map(rows.map((row) => [row.propertyId, row]));
}

/** Sales by day and size of the house: what a market's price index is made of. */
export async function readSalePrices(
  trx: TenantTrx,
  countyFips: string,
): Promise<Array<{ propertyId: string; closeDate: string; closePriceCents: number; sqft: number | null }>> {
  return trx.db
    .selectFrom('sales')
    .select(['propertyId', 'closeDate', 'closePriceCents', 'sqft'])
    .where('tenantId', '=', trx.tenantId)
    .where('countyFips', '=', countyFips)
    .where('armsLength', '=', true)
    .where('closePriceCents', '>', 0)
    .orderBy('closeDate')
    .orderBy('propertyId')
    .execute();
}

/** Arm's-length sales of a county that closed after a day; all of them without one. */
export async function countNewSales(trx: TenantTrx, countyFips: string, after: string | null): Promise<number> {
  const row = await trx.db
    .selectFrom('sales')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('tenantId', '=', trx.tenantId)
    .where('countyFips', '=', countyFips)
    .where('armsLength', '=', true)
    .$if(after !== null, (query) => query.where('closeDate', '>', after!))
    .executeTakeFirstOrThrow();
  return row.count;
}

function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
