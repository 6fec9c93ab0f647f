import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { loadRecipes } from '../../src/activities/discover/recipe-load.ts';
import { createLocalOutbox } from '../../src/activities/outreach/local-outbox.ts';
import { createTemplates } from '../../src/activities/outreach/templates.ts';
import { createLifecycles, type Lifecycles } from '../../src/client/lifecycles.ts';
import { openCounties } from '../../src/config/county-index.ts';
import { loadQuietHours } from '../../src/config/quiet-hours.ts';
import { loadScoringConfig } from '../../src/config/scoring.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator/server.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { createLocalStore } from '../../src/storage/local-store.ts';
import { addTestContact, TEST_CONTACT_KEYS } from './contacts.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import {
  createTestTemporal,
  startTestWorkers,
  type TestTemporal,
  type TestWorkers,
  type WorkerHooks,
} from './temporal.ts';

const CONFIG = resolve('config');

/** The whole product in one process, on a database and a namespace of its own. */
export interface World {
  db: TestDatabase['db'];
  tenantId: string;
  temporal: TestTemporal;
  lifecycles: Lifecycles;
  /** What the workers' activities use: a test may change a part of it between two steps. */
  deps: ActivityDeps;
  simulator: Simulator;
  /** Empty folder of the world's own; the outbox is `outbox/<tenant>` in it. */
  folder: string;
  /** Runs SQL as superuser. */
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  /** Steps in before activities, while a test sets it. */
  hooks: WorkerHooks;
  /** Stops the workers; `startWorkers` brings new ones. */
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  /** Ends every failure of the simulator, and the rest that failing providers are given. */
  healProviders(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a world. Everything is the product's own but two things: providers are the simulator (over HTTP), and memos are
 * a line of text instead of a rendered PDF: rendering has tests with a real browser, in test/activities/memo.
 * @param options.sourceBaseUrls addresses of listing sites, by recipe
 */
export async function createWorld(options: { sourceBaseUrls?: Record<string, string> } = {}): Promise<World> {
  const [database, temporal, simulator, folder, counties, recipes] = await Promise.all([
    createTestDatabase(),
    createTestTemporal(),
    startSimulator(),
    mkdtemp(join(tmpdir(), 'reos-world-')),
    openCounties(CONFIG),
    loadRecipes(CONFIG),
  ]);
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  // Dropping the database cuts connections that are still saying goodbye.
  admin.on('error', () => undefined);
  const { db } = database;
  const logger = pino({ level: 'silent' });
  const clock = () => new Date();
  const sourceBaseUrls = options.sourceBaseUrls ?? {};
  const publicUrl = 'http://127.0.0.1:8080';
  const storage = createLocalStore({
    directory: join(folder, 'store'),
    publicUrl,
    signer: { secret: 'a test secret of more than 32 bytes' },
  });
  const lifecycles = createLifecycles(temporal.client);
  const outbox = createLocalOutbox({ outboxDir: join(folder, 'outbox') });
  const deps: ActivityDeps = {
    db,
    http: createHttpClient({
      userAgent: 'reos-test (test@example.com)',
      trustedOrigins: [simulator.url, ...Object.values(sourceBaseUrls)],
    }),
    clock,
    logger,
    storage,
    counties,
    recipes,
    scoring: loadScoringConfig(join(CONFIG, 'scoring.yaml')),
    // Tries come after 0, 1 and 3 s; the fourth would be late. The rest is room for a slow machine.
    retryWindowMs: 6_000,
    providerBaseUrls: simulator.baseUrls,
    providerApiKeys: {},
    providerRateScale: 1_000,
    sourceBaseUrls,
    permittedSites: [],
    userAgent: 'reos-test (test@example.com)',
    renderPage: async () => ({ status: 200, html: '' }),
    renderMemo: async (input) => {
      const pdf = Buffer.from(`%PDF-1.7 memo of ${input.property.id} at ${input.score.birdDogScore}`);
      return { pdf, pages: 1, sha256: createHash('sha256').update(pdf).digest('hex'), templateVersion: 'test' };
    },
    outreach: {
      db,
      logger,
      clock,
      storage: {
        get: async (key) => (await storage.get(key)) ?? Buffer.alloc(0),
        signedUrl: (key, expiresSeconds) => storage.signedUrl(key, { expiresSeconds }),
      },
      channels: { email: outbox, sms: outbox, mail: outbox },
      templates: createTemplates({ db, folder: join(CONFIG, 'templates', 'outreach') }),
      keys: TEST_CONTACT_KEYS,
      quietHours: loadQuietHours(CONFIG),
      isProduction: false,
      allowList: [],
      replyDomain: undefined,
      publicUrl,
      callToAction: { label: 'I am interested', url: `${publicUrl}/interested` },
    },
    lifecycles,
    checks: { database: async () => 'answers' },
  };
  const hooks: WorkerHooks = {};
  let workers: TestWorkers = await startTestWorkers(temporal, deps, hooks);
  const query: World['query'] = async (text, values) => (await admin.query(text, values)).rows;
  return {
    db,
    tenantId: database.tenantId,
    temporal,
    lifecycles,
    deps,
    simulator,
    folder,
    query,
    hooks,
    stopWorkers: () => workers.stop(),
    startWorkers: async () => {
      workers = await startTestWorkers(temporal, deps, hooks);
    },
    healProviders: async () => {
      simulator.recover();
      await query('delete from provider_health');
    },
    close: async () => {
      await workers.stop();
      await temporal.close();
      await simulator.stop();
      await admin.end();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Adds an investor of example.com with a buy box, and a campaign that writes to investors. */
export async function addBuyer(
  world: World,
  campaign: { needsApproval?: boolean; waitDays?: number } = {},
  box: { maxPriceDollars?: number } = {},
): Promise<{ campaignId: string; contactId: string }> {
  const { tenantId, query } = world;
  const campaignId = randomUUID();
  await query(
    `insert into campaigns (tenant_id, id, name, needs_approval, send_window, wait_days, sender, postal_address, kind, status, min_score,
      max_per_run, weekly_cap_per_recipient)
     values ($1, $2::uuid, 'Deals ' || $2::uuid, $3, null, $4, $5, '1 Example Way, Seattle WA 98101', 'investor', 'active', 60, 1000, 1000)`,
    [
      tenantId,
      campaignId,
      campaign.needsApproval ?? false,
      campaign.waitDays ?? 14,
      { name: 'Example Homes', email: 'deals@example.com' },
    ],
  );
  await query(`insert into campaign_steps values ($1, $2, 1, 'email', 'investor-email')`, [tenantId, campaignId]);
  const contactId = await addTestContact(world.db, tenantId, {
    email: `investor-${campaignId.slice(0, 8)}@example.com`,
  });
  await query(`insert into buy_boxes (tenant_id, contact_id, name, max_price_cents) values ($1, $2, 'box', $3)`, [
    tenantId,
    contactId,
    box.maxPriceDollars === undefined ? null : box.maxPriceDollars * 100,
  ]);
  return { campaignId, contactId };
}

/** Takes every campaign and investor away, for the next test. */
export async function removeBuyers(world: World): Promise<void> {
  await world.query(`update campaigns set status = 'ended' where tenant_id = $1`, [world.tenantId]);
  await world.query(`delete from buy_boxes where tenant_id = $1`, [world.tenantId]);
}
