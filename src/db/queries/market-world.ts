import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** Rows sent in one statement. */
const BATCH = 5_000;

/** What makes a row the same row again, besides the tenant. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'raw.mls_listings': ['listing_id'],
  'raw.offer_events': ['event_id'],
  'raw.funnel_activity': ['market', 'segment', 'week'],
  'raw.inventory_status': ['home_ref'],
  'raw.avm_values': ['property_ref', 'valued_at'],
  'raw.resales': ['home_ref'],
  'raw.macro': ['series', 'date'],
  'mart.market_metrics': ['market', 'segment', 'grain', 'week'],
};

/**
 * Writes rows of one raw or mart table, set by set; the same row again is replaced.
 * @param columns name and type of each column, as the rows have them
 * @returns rows written
 */
export async function writeWorldRows(
  trx: TenantTrx,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly object[],
): Promise<number> {
  const key = KEYS[table];
  if (key === undefined) throw new TypeError(`${table} takes no rows of a made-up world`);
  const names = Object.keys(columns);
  const list = sql.join(names.map((name) => sql.ref(name)));
  const typed = sql.join(names.map((name) => sql`${sql.ref(name)} ${sql.raw(columns[name]!)}`));
  const changed = names.filter((name) => !key.includes(name));
  const update = sql.join(changed.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = JSON.stringify(rows.slice(from, from + BATCH));
    await sql`INSERT INTO ${sql.table(table)} (tenant_id, ${list})
      SELECT ${trx.tenantId}::uuid, ${list} FROM jsonb_to_recordset(${batch}::jsonb) AS made (${typed})
      ON CONFLICT (tenant_id, ${sql.join(key.map((name) => sql.ref(name)))}) DO UPDATE SET ${update}`.execute(
      trx.db.withoutPlugins(),
    );
  }
  return rows.length;
}
