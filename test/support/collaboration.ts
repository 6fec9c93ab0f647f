import { randomUUID } from 'node:crypto';
import type { TestApi } from './api.ts';

/** Makes a property of a tenant (the database's own one when left out); returns its id. */
export async function addProperty(
  api: Pick<TestApi, 'database'>,
  tenantId = api.database.tenantId,
  more: { city?: string; listPriceCents?: number } = {},
): Promise<string> {
  const id = randomUUID();
  await api.database.query(
    `insert into properties (tenant_id, id, county_fips, apn, city, list_price_cents) values ($1, $2::uuid, '04013', $2::text, $3, $4)`,
    [tenantId, id, more.city ?? 'Mesa', more.listPriceCents ?? null],
  );
  return id;
}
