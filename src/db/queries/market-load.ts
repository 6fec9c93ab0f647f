import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** A column of rows that are loaded: its name and Postgres type. */
export interface LoadColumn {
  name: string;
  type: 'text' | 'float8' | 'int' | 'date' | 'timestamptz' | 'boolean';
}

/** Where staged rows go. */
export interface LoadTarget {
  /** Such as `raw.resales`. */
  table: string;
  columns: readonly LoadColumn[];
  /** What makes a row the same row again, without the tenant. */
  key: readonly string[];
  /** The column by which the newer of two rows wins. */
  newest?: string | undefined;
  /** Only rows that are there are changed. */
  isUpdate?: boolean | undefined;
  /** Columns that alone make no row a changed one. */
  unweighed?: readonly string[];
}

/** A file's row in `raw.loads`. */
export interface LoadOutcome {
  status: 'success' | 'failed';
  rowsRead: number;
  rowsKept: number;
  rowsRejected: number;
  rowsRepeated: number;
  gate: readonly unknown[];
  dataFrom: string | null;
  dataTo: string | null;
  message: string | null;
}

/** The load that brought exactly these bytes to the feed before; undefined when none did. */
export async function findLoad(trx: TenantTrx, feed: string, contentSha256: string) {
  return trx.db
    .selectFrom('raw.loads')
    .select(['id', 'origin', 'completedAt'])
    .where('feed', '=', feed)
    .where('contentSha256', '=', contentSha256)
    .where('status', '=', 'success')
    .executeTakeFirst();
}

/** Opens a load; returns its id. */
export async function openLoad(
  trx: TenantTrx,
  load: { feed: string; origin: string; layout: string; contentSha256: string | null; startedAt: Date },
): Promise<string> {
  const { id } = await trx.db
    .insertInto('raw.loads')
    .values({ tenantId: trx.tenantId, ...load })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Closes a load with what it did. */
export async function closeLoad(
  trx: TenantTrx,
  id: string,
  { gate, ...outcome }: LoadOutcome,
  at: Date,
): Promise<void> {
  await trx.db
    .updateTable('raw.loads')
    .set({ ...outcome, gate: JSON.stringify(gate), completedAt: at })
    .where('id', '=', id)
    .execute();
}

/** Keeps rows that were refused, each with its place in the file and why. */
export async function keepRejectedRows(
  trx: TenantTrx,
  loadId: string,
  rows: ReadonlyArray<{ reference: string; reasons: readonly string[]; payload: Record<string, string> }>,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into raw.rejected_rows (tenant_id, load_id, row_reference, reasons, payload)
    select ${trx.tenantId}, ${loadId}, r.reference, r.reasons, r.payload
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(reference text, reasons text[], payload jsonb)`.execute(
    trx.db,
  );
}

const name = (text: string) => sql.id(...text.split('.'));
const names = (columns: readonly string[], prefix?: string) =>
  sql.join(columns.map((column) => (prefix === undefined ? sql.id(column) : sql.id(prefix, column))));

/** Makes the table that rows wait in until the gate has seen all of them. It ends with the transaction. */
export async function openStage(trx: TenantTrx, { columns }: LoadTarget): Promise<void> {
  // A file of millions of rows is one statement; who waits for it has a time limit of its own.
  await sql`select set_config('statement_timeout', '20min', true), set_config('work_mem', '128MB', true)`.execute(
    trx.db,
  );
  const typed = sql.join(columns.map((column) => sql`${sql.id(column.name)} ${sql.raw(column.type)}`));
  // A file of a million values is grouped in memory, not on disk.
  await sql`select set_config('work_mem', '64MB', true)`.execute(trx.db);
  await sql`create temp table market_stage (place bigint not null, ${typed}) on commit drop`.execute(trx.db);
}

/**
 * Adds rows to the stage. COPY is refused under row-level security and cannot share a transaction of the pool; one array
 * per column costs the same, as the merge takes most of the time.
 * @param rows values in the order of the target's columns
 * @param from the place of the first
 */
export async function stageRows(
  trx: TenantTrx,
  { columns }: LoadTarget,
  rows: ReadonlyArray<ReadonlyArray<string | number | boolean | null>>,
  from: number,
): Promise<void> {
  if (rows.length === 0) return;
  const places = rows.map((_, i) => from + i);
  const arrays = columns.map((column, i) => sql`${rows.map((row) => row[i] ?? null)}::${sql.raw(column.type)}[]`);
  await sql`insert into market_stage select * from unnest(${sql.join([sql`${places}::bigint[]`, ...arrays])})`.execute(
    trx.db,
  );
}

/** What is on the stage: how many distinct keys, and the first and last day of a column. */
export async function describeStage(
  trx: TenantTrx,
  target: LoadTarget,
  dayColumn: string | null,
): Promise<{ distinct: number; from: string | null; to: string | null }> {
  const day = dayColumn === null ? sql`null::date` : sql`${sql.id(dayColumn)}::date`;
  const { rows } = await sql<{ distinct: number; from: string | null; to: string | null }>`
    select (select count(*) from (select from market_stage group by ${names(target.key)}) k) as "distinct",
      min(${day})::text as "from", max(${day})::text as "to"
    from market_stage`.execute(trx.db);
  return rows[0] ?? { distinct: 0, from: null, to: null };
}

/** Rows that were new, and that changed what was there. */
export interface MergeCounts {
  inserted: number;
  changed: number;
}

/**
 * Merges the stage into its table: of rows with one key the last wins (or the newest, where a column says so); a value that
 * a row does not state does not erase one that is there. What must be computed anew is marked by the database.
 * @param hasDoubles whether two rows of the stage have one key, as `describeStage` counted them
 */
export async function mergeStage(
  trx: TenantTrx,
  target: LoadTarget,
  loadId: string,
  hasDoubles: boolean,
): Promise<MergeCounts> {
  const columns = target.columns.map((column) => column.name);
  const open = columns.filter((column) => !target.key.includes(column));
  const weighed = open.filter((column) => !(target.unweighed ?? []).includes(column));
  const merged = (column: string, from: string) => sql`coalesce(${sql.id(from, column)}, ${sql.id('t', column)})`;
  const differs = (from: string) =>
    sql`(${names(weighed, 't')}) is distinct from (${sql.join(weighed.map((column) => merged(column, from)))})`;
  const isNewer = (from: string) =>
    target.newest === undefined ? sql`true` : sql`${sql.id(from, target.newest)} >= ${sql.id('t', target.newest)}`;
  const assigned = (from: string) => sql.join(open.map((column) => sql`${sql.id(column)} = ${merged(column, from)}`));
  const order = sql.join([
    names(target.key),
    ...(target.newest === undefined ? [] : [sql`${sql.id(target.newest)} desc`]),
    sql`place desc`,
  ]);
  const write =
    target.isUpdate === true
      ? sql`update ${name(target.table)} t set ${assigned('s')}, load_id = ${loadId}, ingested_at = now() from s
          where ${sameKey(target)} and t.tenant_id = ${trx.tenantId} and ${isNewer('s')} and ${differs('s')}
          returning false as is_new`
      : sql`insert into ${name(target.table)} as t (tenant_id, ${names(columns)}, load_id)
          select ${trx.tenantId}::uuid, ${names(columns)}, ${loadId}::uuid from s
          on conflict (tenant_id, ${names(target.key)}) do update
            set ${assigned('excluded')}, load_id = excluded.load_id, ingested_at = now()
            where ${differs('excluded')} and ${isNewer('excluded')}
          returning xmax = 0 as is_new`;
  // Sorting a million names by the rules of a language takes longer than storing them.
  const single = !hasDoubles
    ? sql`select * from market_stage`
    : sql`select distinct on (${names(target.key)}) * from market_stage order by ${order}`;
  const { rows } = await sql<MergeCounts>`
    with s as materialized (${single}),
    m as (${write})
    select (count(*) filter (where is_new))::int as inserted, (count(*) filter (where not is_new))::int as changed from m`.execute(
    trx.db,
  );
  return rows[0] ?? { inserted: 0, changed: 0 };
}

/**
 * Takes off the stage values of which the file has two different ones under one key: nobody knows which is right, or which
 * place each is of. Nothing is done for tables that do not keep the row.
 * @returns the rows of the file that they were in, and their keys, up to 20
 */
export async function dropConflicts(
  trx: TenantTrx,
  { key }: LoadTarget,
): Promise<{ values: number; rows: number; examples: Array<{ reference: string; key: string }> }> {
  const { rows } = await sql<{ values: number; rows: number; examples: Array<{ reference: string; key: string }> }>`
    with bad as materialized (
      select ${names(key)} from market_stage group by ${names(key)} having min(value) is distinct from max(value)
    ), gone as (
      delete from market_stage s using bad t where ${sameKeys(key)}
      returning s.place, s.row_reference, concat_ws(', ', ${names(key, 's')}) as key
    ), first as (
      select distinct on (row_reference) row_reference as reference, key from gone order by row_reference, place
    )
    select (select count(*) from gone)::int as "values", (select count(*) from first)::int as "rows",
      (select coalesce(jsonb_agg(jsonb_build_object('reference', f.reference, 'key', f.key)), '[]')
       from (select * from first order by reference limit 20) f) as examples`.execute(trx.db);
  return rows[0] ?? { values: 0, rows: 0, examples: [] };
}

/** Takes off the stage what an update finds no row for; returns the places of these rows. */
export async function dropHomelessRows(trx: TenantTrx, target: LoadTarget): Promise<number[]> {
  const { rows } = await sql<{ place: number }>`
    delete from market_stage s where not exists (select from ${name(target.table)} t where ${sameKey(target)})
    returning place`.execute(trx.db);
  return rows.map(({ place }) => place).sort((a, b) => a - b);
}

const sameKey = ({ key }: LoadTarget) => sameKeys(key);
const sameKeys = (key: readonly string[]) =>
  sql.join(
    key.map((column) => sql`${sql.id('t', column)} = ${sql.id('s', column)}`),
    sql` and `,
  );
