import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

/** Active tenants with stale rows in the marts. */
export async function listStaleTenants(trx: SystemTrx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from tenants t where t.status = 'active' and (
      exists (select from mart.stale_weeks s where s.tenant_id = t.id)
      or exists (select from mart.stale_homes s where s.tenant_id = t.id))`.execute(trx.db);
  return rows.map(({ id }) => id);
}
