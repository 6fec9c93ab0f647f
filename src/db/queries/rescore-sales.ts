import { sql } from 'kysely';
import { monthsBefore } from '../../domain/comparables/dates.ts';
import type { MeasuredSale } from '../../domain/comparables/sale-numbers.ts';
import type { TenantTrx } from '../tenant.ts';

/** Further than the 25 km that count, in degrees; longitudes are widened by the latitude in the query. */
const MARGIN_DEGREES = 0.3;
const MONTHS_BACK = 24;

/** Degrees; null for a county none of whose properties has a place. */
interface Box {
  south: number | null;
  north: number | null;
  west: number | null;
  east: number | null;
}

/**
 * Every sale that could be a comparable of any property of the county: arm's length, within two years before the date,
 * inside the box around the county's properties and a margin. The same sales that `nearestSales` looks among.
 */
export async function salesAroundCounty(trx: TenantTrx, countyFips: string, asOf: string): Promise<MeasuredSale[]> {
  // Asked first and apart: of a box that it knows, Postgres can tell how many sales lie in it, and joins them at once.
  const { south, north, west, east } = await boxAround(trx, countyFips);
  const { rows } = await sql<MeasuredSale>`
    select p.id as property_id, p.latitude, p.longitude, s.close_date, s.close_price_cents, p.sqft, p.bathrooms,
      p.year_built, p.lot_size_sqft, p.grade, p.condition
    from sales s
    join properties p on p.tenant_id = s.tenant_id and p.id = s.property_id
    where s.tenant_id = ${trx.tenantId} and s.arms_length and s.close_date < ${asOf}::date
      and s.close_date >= ${monthsBefore(asOf, MONTHS_BACK)}::date and p.sqft > 0
      and p.latitude between ${south}::float8 and ${north}::float8
      and p.longitude between ${west}::float8 and ${east}::float8`.execute(trx.db);
  return rows;
}

async function boxAround(trx: TenantTrx, countyFips: string): Promise<Box> {
  const { rows } = await sql<Box>`
    select min(latitude) - ${MARGIN_DEGREES}::float8 as south, max(latitude) + ${MARGIN_DEGREES}::float8 as north,
      min(longitude) - ${MARGIN_DEGREES}::float8 / cos(radians(least(80, max(abs(latitude)) + 1))) as west,
      max(longitude) + ${MARGIN_DEGREES}::float8 / cos(radians(least(80, max(abs(latitude)) + 1))) as east
    from properties where tenant_id = ${trx.tenantId} and county_fips = ${countyFips}`.execute(trx.db);
  return rows[0]!;
}
