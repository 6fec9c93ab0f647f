/** The product as `reos up` runs it, on a home of its own, with scored properties that wait for their memo. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import pino from 'pino';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { loadFonts } from '../../src/activities/memo/fonts.ts';
import { createMemoActivities } from '../../src/activities/memo/memo.ts';
import { createPdfRenderer } from '../../src/activities/memo/pdf.ts';
import { renderMemo } from '../../src/activities/memo/render-memo.ts';
import { computeScore } from '../../src/activities/score/score.ts';
import { ownCommand } from '../../src/cli/context.ts';
import { connectTemporal } from '../../src/client/connect.ts';
import { createLifecycles } from '../../src/client/lifecycles.ts';
import { readProperty } from '../../src/db/queries/properties.ts';
import { saveScore } from '../../src/db/queries/scores.ts';
import { ensureTenant } from '../../src/db/queries/tenants.ts';
import { withSystem, withTenant } from '../../src/db/tenant.ts';
import { workflowIds } from '../../src/domain/ids.ts';
import { findBrowser, launchOptions } from '../../src/runtime/browser.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';
import { startSystem } from '../../src/runtime/system.ts';
import { findTemporalBinary } from '../../src/runtime/temporal-binary.ts';
import { readSettings } from '../../src/settings.ts';
import { createDeps } from '../../src/workers/deps.ts';

const TENANT = '00000000-0000-4000-8000-000000000001';
/** Above the threshold of a memo and below that of outreach, so that a lifecycle ends with its memo. */
const SCORE = 55;
const silent = pino({ level: 'silent' });

/** What the browser is started with, here and in the system's workers. */
export async function openBrowser(tell: (words: string) => void) {
  const cache = reosHome(process.env['REOS_TEST_HOME'] ?? join(homedir(), '.reos'));
  const found = await findBrowser({ home: cache, env: process.env, onProgress: tell });
  return { cache, found, launch: launchOptions(found, process.env) };
}

export type Browser = Awaited<ReturnType<typeof openBrowser>>;

/** A running system: properties to write memos of, and the HTML of the first of them. */
export interface MemoSystem {
  client: Client;
  /** Ids of scored properties without a memo. */
  waiting: string[];
  htmls: string[];
  /** Memos that are recorded, and failed properties with their reasons. */
  state(): Promise<{ memos: number; failures: string[] }>;
  close(): Promise<void>;
}

/** @param count properties that wait for their memo; `samples` more give their HTML */
export async function startMemoSystem(
  { cache, found, launch }: Browser,
  count: number,
  samples: number,
  tell: (words: string) => void,
): Promise<MemoSystem> {
  const base = mkdtempSync(join(tmpdir(), 'reos memo bench '));
  chmodSync(base, 0o755);
  const closing: Array<() => Promise<unknown>> = [async () => rmSync(base, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const temporal = await findTemporalBinary(cache, { env: process.env, onProgress: tell });
    const bin = join(base, 'bin');
    mkdirSync(bin);
    symlinkSync(temporal.path, join(bin, 'temporal'));
    const home = join(base, 'home');
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...found.env,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      PUPPETEER_EXECUTABLE_PATH: found.executablePath,
      REOS_HOME: home,
      REOS_LOG_LEVEL: 'warn',
    };
    const settings = readSettings(env);
    const own = { ...settings, databaseUrl: undefined, databaseDirectUrl: undefined, temporalAddress: undefined };
    const system = await startSystem({
      ...own,
      ports: { postgres: 0, temporal: 0, temporalUi: 0, api: 0 },
      services: true,
      command: ownCommand(),
      logger: silent,
      onProgress: tell,
    });
    closing.push(async () => {
      await system.stop();
      const dataDir = knownDataDir(reosHome(home));
      if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    });
    const { databaseUrl, temporalAddress } = system;
    const client = await connectTemporal({ address: temporalAddress, env });
    closing.push(() => client.connection.close());
    const { deps, close: closeDeps } = await createDeps({ ...own, databaseUrl, temporalAddress }, silent);
    closing.push(closeDeps);
    const state = () =>
      withTenant(deps.db, TENANT, async (trx) => {
        const packets = await trx.db.selectFrom('actionPackets').select('propertyId').execute();
        const failed = await trx.db
          .selectFrom('properties')
          .select('failureReason')
          .where('status', '=', 'failed')
          .execute();
        return { memos: packets.length, failures: failed.map(({ failureReason }) => failureReason ?? '') };
      });
    const ids = await fill(deps, count + samples);
    const htmls = await printSamples(deps, launch, ids.slice(0, samples));
    tell(`${ids.length} scored properties`);
    return { client, waiting: ids.slice(samples), htmls, state, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Houses within a few kilometres, each offered for sale and sold once in the last two years, with scores. */
async function fill(deps: ActivityDeps, count: number): Promise<string[]> {
  await withSystem(deps.db, 'tenant of the measurement', (trx) =>
    ensureTenant(trx, { id: TENANT, slug: 'bench', name: 'Harbor Street Capital' }),
  );
  const from = (source: string, fields: string) =>
    sql`(select coalesce(jsonb_object_agg(f, jsonb_build_object('source', ${source}::text, 'fetchedAt', '2026-06-01T00:00:00Z',
      'confidence', 0.9, 'costMicros', 0, 'simulated', false)), '{}') from unnest(string_to_array(${fields}, ' ')) f)`;
  return withTenant(deps.db, TENANT, async (trx) => {
    await sql`select setseed(0.42)`.execute(trx.db);
    await sql`insert into properties (tenant_id, id, county_fips, status, apn, address, city, state, zip_code, latitude, longitude,
        property_type, bedrooms, bathrooms, sqft, lot_size_sqft, year_built, condition, grade, list_price_cents, list_date,
        last_sale_price_cents, last_sale_date, assessed_value_cents, tax_annual_cents, flood_zone, flood_risk,
        median_income_cents, median_home_value_cents, median_rent_cents, public_remarks, field_sources)
      select ${TENANT}::uuid, gen_random_uuid(), '53033', 'scored', lpad(n::text, 10, '0'), n || ' Bench Street', 'Kirkland', 'WA', '98033',
        47.66 + random() * 0.03, -122.2 + random() * 0.04, 'Residential', 2 + n % 3, 1 + n % 2, s, 5000 + n % 3000, 1950 + n % 60,
        1 + n % 5, 6 + n % 4, s * 26000, date '2026-05-01', s * 20000, date '2012-01-01' + n % 3000, s * 27000, s * 250, 'X', 'low',
        11000000, 70000000, 230000, 'Sunny home on a quiet street near the lake. Original kitchen, newer roof, fenced yard.',
        ${from('county-assessor', 'sqft lotSizeSqft bedrooms bathrooms yearBuilt condition grade assessedValueCents taxAnnualCents lastSalePriceCents lastSaleDate')}
        || ${from('census-acs', 'medianIncomeCents medianHomeValueCents medianRentCents')}
        || ${from('fema-nfhl', 'floodZone floodRisk')} || ${from('sample-listings', 'listPriceCents listDate publicRemarks')}
      from (select n, (1200 + random() * 1600)::int as s from generate_series(1, ${count}::int) n) h`.execute(trx.db);
    await sql`insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, source)
      select tenant_id, id, date '2026-06-30' - (random() * 700)::int, (sqft * 30000 * (0.9 + random() * 0.2))::bigint, true, 'sample-sales'
      from properties`.execute(trx.db);
    const ids = await trx.db.selectFrom('properties').select('id').orderBy('apn').execute();
    for (const { id } of ids) {
      const { result, comparables, inputsHash } = await computeScore(deps, trx, await readProperty(trx, id));
      const scored = { ...result, birdDogScore: SCORE, needsReview: false };
      await saveScore(trx, { propertyId: id, inputsHash, result: scored, comparables });
    }
    return ids.map(({ id }) => id);
  });
}

/** The HTML of some properties' memos, as the activity makes it. */
async function printSamples(deps: ActivityDeps, launch: Browser['launch'], ids: readonly string[]): Promise<string[]> {
  const renderer = createPdfRenderer({ ...launch, logger: silent });
  const fonts = await loadFonts();
  const htmls: string[] = [];
  const caught = {
    render: async (html: string) => {
      htmls.push(html);
      return renderer.render(html);
    },
  };
  const { generateMemo } = createMemoActivities({
    ...deps,
    renderMemo: (input) => renderMemo({ renderer: caught, fonts }, input),
  });
  try {
    for (const propertyId of ids)
      await new MockActivityEnvironment().run(generateMemo, { tenantId: TENANT, propertyId });
  } finally {
    await renderer.close();
  }
  return htmls;
}

/** Starts a lifecycle for each property and waits for their ends. Each writes its memo and settles. */
export async function writeMemos(client: Client, ids: readonly string[]): Promise<void> {
  const lifecycles = createLifecycles(client);
  await Promise.all(
    ids.map(async (propertyId) => {
      await lifecycles.start({
        tenantId: TENANT,
        propertyId,
        county: 'king-wa',
        apn: null,
        source: null,
        summary: 'measurement',
      });
      await client.workflow.getHandle(workflowIds.property(TENANT, propertyId)).result();
    }),
  );
}
