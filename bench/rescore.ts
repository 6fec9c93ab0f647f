/**
 * Scores 100,000 generated properties of one county again, end to end: read, comparables, features, value, score, write,
 * with rows, events and the properties' columns, under the app's role. Makes its own Postgres in a temporary folder. The
 * first run gives first scores; the second, with other weights and after a vacuum, is the one that counts. Yardstick in the
 * same run: the single way (`computeScore` and `saveScore`) over 200 of the same properties.
 *
 * Run: `npx tsx bench/rescore.ts [--properties 100000] [--model FILE] [--processes 2]`. Aim: at most 60 s per 100,000. With a
 * model's file (`npx tsx bench/valuation.ts --keep FILE` makes one) it is the county's champion: every property is valued
 * by it too. `--processes 0` scores in this process alone. `cpu_seconds` is all of Node, its helpers included.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import pg from 'pg';
import pino from 'pino';
import { modelKey } from '../src/activities/platform/model-store.ts';
import { createRescoreActivities } from '../src/activities/score/rescore.ts';
import { computeScore } from '../src/activities/score/score.ts';
import { createValuers } from '../src/activities/score/value.ts';
import { createModelCache } from '../src/activities/score/value-models.ts';
import { openCounties } from '../src/config/county-index.ts';
import { loadScoringConfig } from '../src/config/scoring.ts';
import { connect } from '../src/db/connect.ts';
import { migrate, prepareServer } from '../src/db/migrate.ts';
import { readProperty } from '../src/db/queries/properties.ts';
import { saveScore } from '../src/db/queries/scores.ts';
import { withTenant } from '../src/db/tenant.ts';
import { reosHome } from '../src/runtime/home.ts';
import { preparePostgres } from '../src/runtime/postgres.ts';
import { knownDataDir } from '../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';
import { deriveKeys, readSecret } from '../src/secrets.ts';
import { openStore } from '../src/storage/open-store.ts';
import { createAvmRoom } from '../src/workers/avm.ts';
import { createRescoreHelpers } from '../src/workers/rescore-helpers.ts';
import { lightGbmPath } from '../test/avm/lightgbm/support.ts';

const TENANT = '00000000-0000-4000-8000-000000000001';
const { values } = parseArgs({
  options: { properties: { type: 'string' }, model: { type: 'string' }, processes: { type: 'string' } },
});
const count = Number(values.properties ?? 100_000);
const tell = (words: string) => void process.stderr.write(`${words}\n`);

const base = mkdtempSync(join(tmpdir(), 'reos rescore '));
chmodSync(base, 0o755);
const home = reosHome(join(base, 'home'));
const prepared = await preparePostgres(home, { port: 0, onProgress: tell });
if (prepared.process === null) throw new Error('the embedded Postgres was expected');
const server = await superviseProcess(home, prepared.process);
const settings = {
  home: join(base, 'home'),
  env: { ...process.env, ...(values.model === undefined ? {} : { LIGHTGBM_LIBRARY: await lightGbmPath() }) },
  s3: undefined,
  secretKey: undefined,
  logLevel: 'warn',
};
const storage = openStore(settings, deriveKeys(readSecret(settings.home, settings.secretKey)).fileLinks, '');
try {
  const url = await prepareServer(prepared.url, 'rescore');
  await migrate(url);
  const admin = new URL(prepared.url);
  admin.pathname = '/rescore';
  await fill(admin.toString());
  await measure(url, admin.toString());
} finally {
  await server.stop();
  const dataDir = knownDataDir(home);
  if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
  rmSync(base, { recursive: true, force: true });
}

/** Houses over a city's worth of land, each sold once in the last two years; a third is offered. */
async function fill(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const source = (name: string, fields: string[]) =>
    fields.map(
      (field) =>
        `'${field}', jsonb_build_object('source', '${name}', 'fetchedAt', '2026-06-01T00:00:00Z', 'confidence', 0.9, 'costMicros', 0, 'simulated', false)`,
    );
  const sources = [
    ...source('king-county-sales', ['sqft', 'bedrooms', 'bathrooms', 'yearBuilt', 'lotSizeSqft', 'grade', 'condition']),
    ...source('king-county-assessor', ['assessedValueCents', 'taxAnnualCents', 'lastSalePriceCents', 'lastSaleDate']),
    ...source('census-acs', ['medianIncomeCents', 'medianRentCents', 'medianHomeValueCents']),
    ...source('fema-nfhl', ['floodRisk', 'floodZone']),
  ].join(', ');
  await client.query(`select setseed(0.42)`);
  await client.query(`insert into tenants (id, slug, name) values ($1, 'bench', 'Bench')`, [TENANT]);
  await client.query(
    `insert into properties (tenant_id, id, county_fips, status, apn, address, city, state, zip_code, latitude, longitude, property_type,
       bedrooms, bathrooms, sqft, lot_size_sqft, year_built, condition, grade, list_price_cents, list_date,
       last_sale_price_cents, last_sale_date, assessed_value_cents, tax_annual_cents, flood_zone, flood_risk, median_income_cents,
       median_home_value_cents, median_rent_cents, field_sources)
     select $1, gen_random_uuid(), '53033', 'scored', lpad(n::text, 10, '0'), n || ' Bench St', 'Seattle', 'WA', '98' || lpad((n % 90)::text, 3, '0'),
       47.2 + random() * 0.5, -122.5 + random() * 0.6, 'Residential', 2 + (random() * 3)::int, 1 + (random() * 2)::int, s, 3000 + random() * 9000,
       1920 + (random() * 100)::int, 1 + (random() * 4)::int, 5 + (random() * 5)::int,
       case when n % 3 = 0 then (s * 30000 * (0.7 + random() * 0.5))::bigint end, case when n % 3 = 0 then date '2026-05-01' end,
       (s * 20000 * (0.6 + random() * 0.8))::bigint, date '2005-01-01' + (random() * 6000)::int, (s * 28000 * (0.8 + random() * 0.4))::bigint,
       (s * 250)::bigint, 'X', (array['low', 'low', 'low', 'moderate', 'high'])[1 + n % 5], 7000000 + (random() * 6000000)::bigint,
       50000000, 150000 + (random() * 100000)::bigint, jsonb_build_object(${sources})
     from (select n, (800 + random() * 2600)::int as s from generate_series(1, $2::int) n) h`,
    [TENANT, count],
  );
  await client.query(
    `insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, source)
     select tenant_id, id, date '2026-06-30' - (random() * 700)::int, (sqft * 30000 * (0.75 + random() * 0.5))::bigint, true, 'bench' from properties`,
  );
  if (values.model !== undefined) {
    const artifact = readFileSync(values.model);
    const sha256 = createHash('sha256').update(artifact).digest('hex');
    await storage.put(modelKey(TENANT, sha256), artifact, 'application/gzip');
    await client.query(
      `insert into ml_models (tenant_id, kind, market, version, stage, metrics, hyperparameters, feature_names, data_fingerprint,
         data_rows, seed, code_version, artifact_path, artifact_sha256, artifact_bytes)
       values ($1, 'avm', 'king-wa', 'bench', 'champion', '{}', '{}', '{}', '', 0, 1, 'bench', $2, $3, $4)`,
      [TENANT, modelKey(TENANT, sha256), sha256, artifact.byteLength],
    );
  }
  await client.query('analyze');
  await client.end();
  tell(`${count} properties and as many sales`);
}

/** Processor seconds of this run's Postgres and of this process with its helpers so far, ended processes included; NaN where there is no /proc. */
function cpuSeconds(): { postgres: number; node: number } {
  const ticks = new Map<number, { parent: number; sum: number }>();
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const fields = statOf(pid);
      if (fields === null) continue;
      const sum = [11, 12, 13, 14].reduce((all, at) => all + Number(fields[at]), 0);
      ticks.set(Number(pid), { parent: Number(fields[1]), sum });
    }
  } catch {
    return { postgres: Number.NaN, node: Number.NaN };
  }
  const of = (root: number): number => {
    let sum = ticks.get(root)?.sum ?? Number.NaN;
    for (const [pid, { parent }] of ticks) if (parent === root && pid !== postmaster) sum += of(pid);
    return sum;
  };
  const postmaster = server.pid() ?? -1;
  return { postgres: of(postmaster) / 100, node: of(process.pid) / 100 };
}

/** What /proc says of a process behind its name; null when it has ended meanwhile. */
function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** What autovacuum has long done when the next night's run begins. */
async function vacuum(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query('vacuum (analyze)');
  await client.end();
}

async function measure(url: string, adminUrl: string): Promise<void> {
  const db = connect({ url, logger: pino({ level: 'silent' }), max: 4, statementTimeoutMs: 120_000 });
  const counties = await openCounties(resolve('config'));
  const weights = loadScoringConfig(resolve('config/scoring.yaml'));
  const clock = () => new Date('2026-07-01T00:00:00Z');
  const logger = pino({ level: 'silent' });
  const models = createModelCache({ storage, avm: createAvmRoom(settings), logger });
  const valuers = values.model === undefined ? {} : createValuers({ models, counties, logger });
  const processes = Number(values.processes ?? 2);
  const helpers = processes === 0 ? undefined : createRescoreHelpers({ ...settings, databaseUrl: url }, { processes });
  /** Weights of their own for each version, each up to a third off: nearly every score is another one. */
  const otherWeights = (version: string) => {
    const salt = [...version].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
    const moved = <T extends { weight: number }>(list: readonly T[]) =>
      list.map((entry, at) => ({ ...entry, weight: entry.weight * (1 + Math.sin(salt * (at + 1)) / 3) }));
    const { asking, offMarket } = weights.profiles;
    return {
      ...weights,
      version,
      profiles: { asking: moved(asking), offMarket: moved(offMarket) },
      risk: moved(weights.risk),
    };
  };
  const run = async (version: string) => {
    const deps = {
      db,
      clock,
      counties,
      scoring: otherWeights(version),
      ...valuers,
      ...(helpers && { rescoreHelpers: helpers }),
    };
    const { planRescore, rescoreSlice } = createRescoreActivities(deps);
    const journal = { tenantId: TENANT, dagId: 'bench', dagRunId: version, mode: 'outdated' as const };
    const started = performance.now();
    const before = cpuSeconds();
    const [plan] = await planRescore(journal);
    let after: string | null = null;
    let [done, changed] = [0, 0];
    for (let isLast = false; !isLast; ) {
      const input: Parameters<typeof rescoreSlice>[0] = {
        ...journal,
        countyFips: '53033',
        after,
        // As the workflow asks.
        limit: 10_000,
        total: plan?.total ?? 0,
        done,
      };
      const slice: Awaited<ReturnType<typeof rescoreSlice>> = await new MockActivityEnvironment().run(
        rescoreSlice,
        input,
      );
      ({ after, isLast } = slice);
      done += slice.scored;
      changed += slice.changed;
    }
    const seconds = (performance.now() - started) / 1000;
    const used = cpuSeconds();
    return {
      version,
      properties: done,
      changed,
      seconds,
      cpu_seconds: used.node - before.node,
      postgres_cpu_seconds: used.postgres - before.postgres,
      load: loadavg()[0],
      model: values.model ?? null,
      processes,
      per_100000: (seconds / done) * 100_000,
    };
  };
  try {
    for (const version of ['2026.1.1', '2026.1.2']) {
      process.stdout.write(`${JSON.stringify(await run(version))}\n`);
      await vacuum(adminUrl);
    }
    const single = { db, clock, counties, scoring: { ...weights, version: '2026.1.3' }, ...valuers };
    const { rows } = await pgIds(url);
    const started = performance.now();
    for (const id of rows) {
      await withTenant(db, TENANT, async (trx) => {
        const property = await readProperty(trx, id, { lock: true });
        const { result, comparables, inputsHash } = await computeScore(single, trx, property);
        await saveScore(trx, { propertyId: id, inputsHash, result, comparables });
      });
    }
    const each = (performance.now() - started) / rows.length;
    process.stdout.write(`${JSON.stringify({ single_way: rows.length, ms_each: each, per_100000: each * 100 })}\n`);
  } finally {
    await helpers?.close();
    models.close();
    await db.close();
  }

  async function pgIds(_url: string): Promise<{ rows: string[] }> {
    const found = await withTenant(db, TENANT, (trx) =>
      trx.db.selectFrom('properties').select('id').limit(200).execute(),
    );
    return { rows: found.map(({ id }) => id) };
  }
}
