import { readSoldHouses, type SoldHouse } from '../../db/queries/sales-data.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { keepArmsLength } from '../../domain/valuation/arms-length.ts';
import type { SalesData } from '../../domain/valuation/sale-record.ts';
import { subjectOf } from '../../domain/valuation/subject.ts';
import { fingerprintSales } from '../discover/sales-file.ts';

/**
 * The tenant's arm's-length sales of a county as a training takes them, the filter of the files applied once more.
 * Without any, an empty set: the training says so.
 * @param before YYYY-MM-DD: only sales before it
 */
export async function salesOfCounty(trx: TenantTrx, county: { fips: string }, before?: string): Promise<SalesData> {
  const houses = await readSoldHouses(trx, { countyFips: county.fips, before });
  const kept = keepArmsLength(
    houses.map((house, at) => ({
      ...subjectOf(storedHouse(house)),
      row: at + 1,
      closeDate: house.closeDate,
      closePrice: house.closePriceCents / 100,
      closeDateIsExact: true,
      street: null,
    })),
  );
  return {
    source: 'postgres',
    sales: kept.sales,
    mapping: [],
    counts: { rows: houses.length, kept: kept.sales.length, leftOut: kept.leftOut },
    notes: kept.notes,
    fingerprint: fingerprintSales(kept.sales),
  };
}

function storedHouse(house: SoldHouse): Parameters<typeof subjectOf>[0] {
  const { propertyId, subdivision, extras, described } = house;
  return { propertyId, facts: house, subdivision, extras, described, simulated: new Set(house.simulated) };
}
