/**
 * Comparables of one property among 1,000,000, under the app's role through row-level security. Makes its own Postgres in
 * a temporary folder and 1,000,000 properties with 1,500,000 sales of ten years (three dense cities, the rest scattered
 * over the land), asks for 300 of them and prints p50, p95 and p99 of the whole question: property, newest sale,
 * comparables, by the door that the route takes. The yardstick in the same run is the plain query: sales joined to houses
 * in the circle's bounding box.
 *
 * Run: `npx tsx bench/comparables-scale.ts [--properties 1000000] [--years 10]`. Aim: p95 below 30 ms.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import pino from 'pino';
import { loadComparableRules } from '../src/config/comparables.ts';
import { connect, type Database } from '../src/db/connect.ts';
import { migrate, prepareServer } from '../src/db/migrate.ts';
import { findComparables } from '../src/db/queries/comparables.ts';
import { readProperty } from '../src/db/queries/properties.ts';
import { newestSaleDate } from '../src/db/queries/scores.ts';
import { type TenantTrx, withTenant, withTenantReader } from '../src/db/tenant.ts';
import { closestMarketDate } from '../src/domain/comparables.ts';
import { boxAround } from '../src/domain/geo.ts';
import { reosHome } from '../src/runtime/home.ts';
import { preparePostgres } from '../src/runtime/postgres.ts';
import { knownDataDir } from '../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';

const TENANT = '00000000-0000-4000-8000-000000000001';
const SUBJECTS = 300;
const TODAY = '2026-07-01';

const { values } = parseArgs({ options: { properties: { type: 'string' }, years: { type: 'string' } } });
const properties = Number(values.properties ?? 1_000_000);
const years = Number(values.years ?? 10);

const tell = (words: string) => void process.stderr.write(`${words}\n`);
const seconds = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

await withServer(async (adminUrl) => {
  const url = await prepareServer(adminUrl, 'scale');
  await migrate(url);
  const database = new URL(adminUrl);
  database.pathname = '/scale';
  await fill(database.toString());
  const db = connect({ url, logger: pino({ level: 'silent' }), max: 2, statementTimeoutMs: 60_000 });
  try {
    await measureAll(db);
  } finally {
    await db.close();
  }
});

/** A Postgres of this run alone, gone afterwards. */
async function withServer(work: (adminUrl: string) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'reos scale '));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0, onProgress: tell });
  if (prepared.process === null) throw new Error('the embedded Postgres was expected');
  const server = await superviseProcess(home, prepared.process);
  try {
    await work(prepared.url);
  } finally {
    await server.stop();
    const dataDir = knownDataDir(home);
    if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
}

/** Fills the tables set-based. Triggers rest meanwhile, so the sales' copies are written here as the trigger would. */
async function fill(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const started = performance.now();
  try {
    await client.query(`set synchronous_commit = off; set session_replication_role = replica; select setseed(0.42)`);
    await client.query(`insert into tenants (id, slug, name) values ($1, 'scale', 'Scale')`, [TENANT]);
    await client.query(
      `insert into properties (tenant_id, id, county_fips, status, apn, address, zip_code, latitude, longitude,
         property_type, property_sub_type, bedrooms, bathrooms, sqft, lot_size_sqft, year_built, grade, condition)
       select $1, md5(i::text)::uuid, case when i % 10 < 8 then '53033' else '53061' end, 'ready', i::text, i || ' Main St', '98' || (i % 900 + 100),
         case when i % 10 < 5 then 47.6 + 0.05 * z1 when i % 10 < 7 then 47.25 + 0.03 * z1 else 46.5 + 2.4 * u1 end,
         case when i % 10 < 5 then -122.3 + 0.06 * z2 when i % 10 < 7 then -122.45 + 0.04 * z2 else -123.5 + 3.5 * u2 end,
         'Residential', case when i % 7 = 0 then 'Condominium' else 'Single Family Residence' end,
         1 + i % 5, 1 + (i % 7) * 0.5, round(1700 * exp(0.4 * z3)), round(6000 * exp(0.6 * z1)), 1900 + i % 120, 5 + i % 6, 1 + i % 5
       from (select i, random() u1, random() u2, sqrt(-2 * ln(1 - random())) * cos(6.283 * random()) z1,
         sqrt(-2 * ln(1 - random())) * cos(6.283 * random()) z2, sqrt(-2 * ln(1 - random())) * cos(6.283 * random()) z3
         from generate_series(1, $2::int) i) drawn`,
      [TENANT, properties],
    );
    tell(`properties: ${seconds(started)}`);
    for (const share of [1, 0.5]) {
      await client.query(
        `insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, source,
           county_fips, latitude, longitude, sqft, property_kind)
         select tenant_id, id, date '${TODAY}' - 1 - (random() * 365 * $1)::int,
           round(30000 * sqft * exp(0.3 * (random() - 0.5))), random() < 0.93, 'scale',
           county_fips, latitude, longitude, sqft, lower(property_sub_type)
         from properties where random() < $2 on conflict do nothing`,
        [years, share],
      );
    }
    tell(`and sales: ${seconds(started)}`);
    for (const table of ['properties', 'sales']) await vacuumWhole(client, table);
    tell(`vacuumed and analysed: ${seconds(started)}`);
  } finally {
    await client.end();
  }
}

/**
 * Vacuums until every page is known to be visible to all, as autovacuum leaves a table that rests: while another transaction
 * is open, such as autovacuum's own look at the table, one vacuum alone may not.
 */
async function vacuumWhole(client: pg.Client, table: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    await client.query(`vacuum (analyze) ${table}`);
    const { rows } = await client.query(
      `select relallvisible >= 0.99 * relpages as is_whole from pg_class where oid = $1::regclass`,
      [table],
    );
    if (rows[0].is_whole === true) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  throw new Error(`the pages of ${table} are still not visible to all: does another transaction run?`);
}

async function measureAll(db: Database): Promise<void> {
  const rules = loadComparableRules(resolve('config/comparables.yaml'));
  const subjects = Array.from({ length: SUBJECTS }, (_, i) => 1 + ((i * 7_919 + 13) % properties));
  const ids = await withTenant(db, TENANT, async (trx) => {
    const { rows } = await sql<{
      id: string;
    }>`select md5(i::text)::uuid as id from unnest(${subjects}::int[]) i`.execute(trx.db);
    return rows.map(({ id }) => id);
  });
  const counts = { none: 0, widened: 0, included: 0 };
  const product = async (trx: TenantTrx, id: string) => {
    const subject = await readProperty(trx, id);
    const { asOf } = closestMarketDate(await newestSaleDate(trx, subject.countyFips), TODAY);
    const found = await findComparables(trx, subject, rules, { asOf, annualTrend: 0.04 });
    counts.included += found.included.length;
    if (found.estimate === null) counts.none += 1;
    if (found.stepsWidened.length > 0) counts.widened += 1;
  };
  const warm = await measure(db, ids, product);
  counts.none = counts.widened = counts.included = 0;
  const figures = await measure(db, ids, product);
  const yardstick = await measure(db, ids.slice(0, 30), plainQuery);
  process.stdout.write(
    `${JSON.stringify({ properties, years, subjects: SUBJECTS, first_round_ms: warm, comparables_ms: figures, plain_query_ms: yardstick, without_value: counts.none, widened: counts.widened, mean_included: counts.included / SUBJECTS })}\n`,
  );
}

/** What one would write first: the houses of the bounding box, their sales, the nearest ten of like size. */
async function plainQuery(trx: TenantTrx, id: string): Promise<void> {
  const subject = await readProperty(trx, id);
  const place = { latitude: subject.latitude ?? 0, longitude: subject.longitude ?? 0 };
  const box = boxAround(place, 805);
  await sql`
    select p.*, s.close_date, s.close_price_cents from properties p join sales s using (tenant_id)
    where s.property_id = p.id and s.arms_length and s.close_date >= date '2025-07-01'
      and p.latitude between ${box.south} and ${box.north} and p.longitude between ${box.west} and ${box.east}
      and p.sqft between ${(subject.sqft ?? 0) * 0.8} and ${(subject.sqft ?? 0) * 1.2}
    order by point(p.longitude, p.latitude) <-> point(${place.longitude}, ${place.latitude}) limit 10`.execute(trx.db);
}

async function measure(db: Database, ids: readonly string[], ask: (trx: TenantTrx, id: string) => Promise<void>) {
  const times: number[] = [];
  for (const id of ids) {
    const started = performance.now();
    await withTenantReader(db, TENANT, (trx) => ask(trx, id));
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (q: number) => Number((times[Math.ceil(q * times.length) - 1] ?? Number.NaN).toFixed(1));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
