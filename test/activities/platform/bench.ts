import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { loadRecipes } from '../../../src/activities/discover/recipe-load.ts';
import { DEFAULT_BASE_URLS } from '../../../src/activities/enrich/registry.ts';
import type { OutreachDeps } from '../../../src/activities/outreach/deps.ts';
import type { LifecycleStart, LifecycleStarter } from '../../../src/activities/platform/lifecycle-starter.ts';
import { openCounties } from '../../../src/config/county-index.ts';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import type { MemoInput } from '../../../src/domain/memo/input.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { createLocalStore } from '../../../src/storage/local-store.ts';
import type { TestDatabase } from '../../support/database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const configDir = resolve(process.cwd(), 'config');
export const [counties, recipes] = await Promise.all([openCounties(configDir), loadRecipes(configDir)]);

/** What the lifecycles of a bench were asked, in order. */
export interface AskedOf {
  starts: LifecycleStart[];
  wakes: LifecycleStart[];
  campaigns: string[];
  requests: Array<{ propertyId: string; update: string }>;
  discoveries: Array<{ tenantId: string; county: string }>;
}

/** Remembers what activities ask of Temporal, and says each start was new. */
export function fakeLifecycles(): LifecycleStarter & { asked: AskedOf } {
  const asked: AskedOf = { starts: [], wakes: [], requests: [], discoveries: [], campaigns: [] };
  return {
    asked,
    start: async (lifecycle) => asked.starts.push(lifecycle) > 0,
    request: async ({ propertyId }, update) => void asked.requests.push({ propertyId, update }),
    wake: async (lifecycle) => void asked.wakes.push(lifecycle),
    runCampaign: async ({ campaignId }) => void asked.campaigns.push(campaignId),
    startDiscovery: async (input) => void asked.discoveries.push(input),
  };
}

/** A memo in a moment: bytes that depend on what it says, without a browser. */
export function fakeRenderer(seen: MemoInput[] = []): ActivityDeps['renderMemo'] {
  return async (input) => {
    seen.push(input);
    const pdf = Buffer.from(`%PDF-1.7 ${JSON.stringify(input)}`);
    return { pdf, pages: 4, sha256: createHash('sha256').update(pdf).digest('hex'), templateVersion: 'test-1' };
  };
}

const notHere = (what: string) => () => {
  throw new Error(`${what} has no part in these tests`);
};

/** Everything activities work with, on a test's database; the outside is loopback or absent. */
export function benchDeps(database: TestDatabase, more: Partial<ActivityDeps> = {}): ActivityDeps {
  const baseUrls = { ...DEFAULT_BASE_URLS, ...more.providerBaseUrls };
  const origins = [...Object.values(baseUrls), ...Object.values(more.sourceBaseUrls ?? {})];
  return {
    db: database.db,
    http: createHttpClient({ userAgent: 'reos-test', trustedOrigins: origins.map((url) => new URL(url).origin) }),
    clock: () => new Date(),
    logger: pino({ level: 'silent' }),
    storage: createLocalStore({
      directory: temporaryFolder('reos-bench-'),
      publicUrl: 'http://127.0.0.1:1',
      signer: { secret: 'a secret for the tests of activities' },
    }),
    counties,
    recipes,
    scoring: loadScoringConfig(join(configDir, 'scoring.yaml')),
    retryWindowMs: 1_800_000,
    providerApiKeys: {},
    providerRateScale: 1_000,
    sourceBaseUrls: {},
    permittedSites: [],
    userAgent: 'reos-test (+https://example.com/bot)',
    renderPage: notHere('a browser'),
    renderMemo: fakeRenderer(),
    outreach: {} as OutreachDeps,
    lifecycles: fakeLifecycles(),
    checks: {},
    ...more,
    providerBaseUrls: baseUrls,
  };
}

/** Runs one activity as a worker does, in a context of its own. */
export function runActivity<A extends unknown[], R>(fn: (...args: A) => Promise<R>, ...args: A): Promise<R> {
  return new MockActivityEnvironment().run<A, R, (...args: A) => Promise<R>>(fn, ...args);
}
