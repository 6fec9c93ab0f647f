import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { PROPERTY_FIELDS, type Property, type PropertyFacts } from '../../domain/property.ts';
import type { SourcedFacts } from '../../domain/provenance.ts';
import type { TenantTrx } from '../tenant.ts';

const NAMED_COLUMNS = sql.raw(
  ['tenantId', 'id', 'countyFips', 'fieldSources', ...PROPERTY_FIELDS]
    .map((field) => `${columnOf(field)} as "${field}"`)
    .join(', '),
);

/** The property with its facts and their sources. @throws ReosError `not_found` */
export async function readProperty(trx: TenantTrx, id: string, options: { lock?: boolean } = {}): Promise<Property> {
  const found = (await readProperties(trx, [id], options)).get(id);
  if (found === undefined) throw new ReosError('not_found', `The tenant has no property ${id}.`);
  return found;
}

/** The properties with these ids that exist, by id. `lock` holds them for update, in the order of their ids. */
export async function readProperties(
  trx: TenantTrx,
  ids: readonly string[],
  options: { lock?: boolean } = {},
): Promise<Map<string, Property>> {
  if (ids.length === 0) return new Map();
  // Named as they are wanted by Postgres itself: renaming every field of every row here is half the time of reading them.
  const { rows } = await sql<Property>`
    select ${NAMED_COLUMNS} from properties where tenant_id = ${trx.tenantId} and id = any(${[...ids]}::uuid[])
    order by id ${options.lock === true ? sql`for update` : sql``}`.execute(trx.db.withoutPlugins());
  return new Map(rows.map((row) => [row.id, row]));
}

/** A property's facts and sources, as `mergeFields` takes them. */
export function sourcedFacts(property: Property): SourcedFacts {
  const facts = Object.fromEntries(PROPERTY_FIELDS.map((field) => [field, property[field]]));
  return { facts: facts as unknown as PropertyFacts, sources: property.fieldSources };
}

/** One property's merged facts, ready to be written. */
export interface PropertyWrite extends SourcedFacts {
  id: string;
  countyFips: string;
  apnHash: string | null;
  addressKey: string | null;
}

/** Writes merged facts of new and known properties in one statement. A new one starts as `ready`: it passed validation. */
export async function upsertProperties(trx: TenantTrx, writes: readonly PropertyWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.map((write) => ({
    tenant_id: trx.tenantId,
    id: write.id,
    county_fips: write.countyFips,
    status: 'ready',
    apn_hash: write.apnHash,
    address_key: write.addressKey,
    field_sources: write.sources,
    ...Object.fromEntries(PROPERTY_FIELDS.map((field) => [columnOf(field), write.facts[field] ?? null])),
  }));
  const columns = [
    'tenant_id',
    'id',
    'county_fips',
    'status',
    'apn_hash',
    'address_key',
    'field_sources',
    ...PROPERTY_FIELDS.map(columnOf),
  ];
  const updated = columns.filter(
    (name) => !['tenant_id', 'id', 'county_fips', 'status', 'apn_hash', 'address_key'].includes(name),
  );
  await sql`
    insert into properties (${sql.join(columns.map((name) => sql.ref(name)))})
    select ${sql.join(columns.map((name) => sql.ref(`r.${name}`)))}
    from jsonb_populate_recordset(null::properties, ${JSON.stringify(rows)}::jsonb) r
    on conflict (tenant_id, id) do update set
      ${sql.join(updated.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`))},
      apn_hash = coalesce(properties.apn_hash, excluded.apn_hash),
      address_key = coalesce(properties.address_key, excluded.address_key),
      updated_at = now()`.execute(trx.db);
}

function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
