import { sql } from 'kysely';
import { monthsBefore } from '../../domain/comparables/dates.ts';
import type { ComparableSale } from '../../domain/property.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';

/** A sale with the facts of its house, before its distance to anything is known. */
export type PlacedSaleRow = Omit<ComparableSale, 'distanceMetres'>;

/** Further than the 25 km that count, in degrees; longitudes are widened by the latitude in the query. */
const MARGIN_DEGREES = 0.3;
const MONTHS_BACK = 24;

/**
 * Every sale that could be a comparable of any property of the county: arm's length, within two years before the date,
 * inside the box around the county's properties and a margin. The same sales that `nearestSales` looks among.
 */
export async function salesAroundCounty(trx: TenantTrx, countyFips: string, asOf: string): Promise<PlacedSaleRow[]> {
  const { rows } = await sql<PlacedSaleRow>`
    with box as (
      select min(latitude) - ${MARGIN_DEGREES}::float8 as south, max(latitude) + ${MARGIN_DEGREES}::float8 as north,
        min(longitude) - ${MARGIN_DEGREES}::float8 / cos(radians(least(80, max(abs(latitude)) + 1))) as west,
        max(longitude) + ${MARGIN_DEGREES}::float8 / cos(radians(least(80, max(abs(latitude)) + 1))) as east
      from properties where tenant_id = ${trx.tenantId} and county_fips = ${countyFips}
    )
    select p.id as property_id, ${knownText('p', 'address')} as address, p.apn, p.zip_code, p.latitude, p.longitude,
      s.close_date, s.close_price_cents, p.sqft, p.bedrooms, p.bathrooms, p.year_built, p.lot_size_sqft, p.grade, p.condition
    from box, sales s
    join properties p on p.tenant_id = s.tenant_id and p.id = s.property_id
    where s.tenant_id = ${trx.tenantId} and s.arms_length and s.close_date < ${asOf}::date
      and s.close_date >= ${monthsBefore(asOf, MONTHS_BACK)}::date and p.sqft > 0
      and p.latitude between box.south and box.north and p.longitude between box.west and box.east`.execute(trx.db);
  return rows;
}
