import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { meterStorage } from '../activities/platform/metered-store.ts';
import { startSearchAlerts } from '../activities/platform/search-alerts.ts';
import { likenessOf } from '../activities/score/likeness.ts';
import { createModelCache } from '../activities/score/value-models.ts';
import { predictPrices } from '../activities/score/value-predict.ts';
import { createIdentity } from '../api/auth/identity.ts';
import { readTokenKeys } from '../api/auth/token-keys.ts';
import type { ApiDeps, ComponentHealth } from '../api/deps.ts';
import { startRequestMeter } from '../api/kit/request-meter.ts';
import { serveApi } from '../api/serve.ts';
import { createApi } from '../api/server.ts';
import { startSignalRelay } from '../api/signal-relay.ts';
import { connectTemporal } from '../client/connect.ts';
import { createLifecycles, type Lifecycles } from '../client/lifecycles.ts';
import { createPipelines } from '../client/pipelines.ts';
import { declareSchedules } from '../client/schedules.ts';
import { openCounties } from '../config/county-index.ts';
import { connect, type Database } from '../db/connect.ts';
import { contactKeys } from '../db/contact-keys.ts';
import { ReosError } from '../domain/errors.ts';
import { findBrowser, launchOptions } from '../runtime/browser.ts';
import { reosHome } from '../runtime/home.ts';
import { deriveKeys, outboxEventKeys, readSecret } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { openStore } from '../storage/open-store.ts';
import { verifySignedPath } from '../storage/signing.ts';
import { createAnalysisDoors } from './api-analysis.ts';
import { createBriefingDoors } from './api-briefings.ts';
import { startEvents } from './api-events.ts';
import { createIntakeDoors } from './api-intake.ts';
import { openWarehouse } from './api-market.ts';
import { createOutreachDoors } from './api-outreach.ts';
import { createTemplateDoors } from './api-templates.ts';
import { startWebhooks } from './api-webhooks.ts';
import { createAvmRoom } from './avm.ts';
import { createChecks } from './checks.ts';
import { openEmbedder } from './embeddings.ts';
import { callToActionUrl } from './outreach-deps.ts';

/**
 * Puts the API together and serves it, with the relay that brings its signals to the workflows.
 * @param more parts and limits instead of those that the settings make
 * @throws ReosError `missing_part` without a database, `conflict` when the port is taken
 */
export async function runApi(
  settings: Settings,
  logger: Logger,
  more: Partial<ApiDeps> = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  if (settings.databaseUrl === undefined) {
    throw new ReosError(
      'missing_part',
      'DATABASE_URL is not set. Start everything with `reos up`, or name a database.',
    );
  }
  const publicUrl = settings.publicUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
  const db = connect({
    url: settings.databaseUrl,
    logger,
    max: 10,
    // A caller rather tries again than waits for long.
    connectTimeoutMs: 1_500,
    applicationName: 'reos api',
  });
  const client = await connectTemporal({ address: settings.temporalAddress, env: settings.env });
  const { deps, lifecycles, close } = await createApiParts(settings, logger, { db, client, publicUrl });
  const events = startEvents({
    db,
    url: settings.databaseDirectUrl ?? settings.databaseUrl,
    logger,
    redisUrl: settings.redisUrl,
  });
  const meter = startRequestMeter({ db, logger, clock: deps.clock });
  const webhooks = startWebhooks({ ...deps, feed: events.feed, settings });
  const app = createApi({
    ...deps,
    feed: events.feed,
    cache: events.cache,
    callers: events.callers,
    webhooks,
    meter,
    ...more,
  });
  const server = await serveApi(app, { port: settings.ports.api, host: settings.apiHost });
  const relay = startSignalRelay({
    db,
    logger,
    deliver: (tenantId, propertyId, signal, payload) =>
      lifecycles.signal(tenantId, propertyId, signal as Parameters<typeof lifecycles.signal>[2], payload),
  });
  const alerts = startSearchAlerts({ db, logger });
  logger.info({ url: server.url }, 'api started');
  return {
    url: server.url,
    close: async () => {
      // Streams end first: they would hold the server open.
      await events.stop();
      await server.close();
      await meter.stop();
      await relay.stop();
      await webhooks.stop();
      await alerts.stop();
      close();
      await db.close();
      await client.connection.close();
    },
  };
}

/**
 * What the API is put together from, on connections that the caller opened and closes.
 * @param parts.modelPatienceMs how long an answer waits for a model that is being loaded, when other than 10 s
 */
export async function createApiParts(
  settings: Settings,
  logger: Logger,
  {
    db,
    client,
    publicUrl,
    modelPatienceMs,
  }: {
    db: Database;
    client: Client;
    publicUrl: string;
    modelPatienceMs?: number;
  },
): Promise<{ deps: ApiDeps; lifecycles: Lifecycles; close: () => void }> {
  const keys = deriveKeys(readSecret(settings.home, settings.secretKey));
  const lifecycles = createLifecycles(client);
  const clock = () => new Date();
  const storage = meterStorage({ db, clock }, openStore(settings, keys.fileLinks, publicUrl));
  const launch = async () =>
    launchOptions(await findBrowser({ home: reosHome(settings.home), env: settings.env }), settings.env);
  const checks = createChecks({ db, client, storage, browser: launch });
  const healthOf = (check: (() => Promise<string>) | undefined) => async (): Promise<ComponentHealth> => ({
    status: 'healthy',
    detail: await check?.(),
  });
  const counties = await openCounties(settings.configDir);
  const models = createModelCache({
    storage,
    avm: createAvmRoom(settings),
    logger,
    ...(modelPatienceMs && { patienceMs: modelPatienceMs }),
  });
  const auth = { tokens: await readTokenKeys(settings.jwt, keys.apiTokens, publicUrl), keySecret: keys.apiTokens };
  const deps: ApiDeps = {
    db,
    logger,
    clock,
    identity: createIdentity(auth),
    auth,
    hashKey: keys.addressHash,
    sendgridPublicKey: settings.sendgrid.webhookPublicKey ?? outboxKey(settings),
    sendgridInboundKey: settings.sendgrid.inboundPublicKey,
    twilioAuthToken: settings.twilio.authToken,
    lobWebhookSecret: settings.lob.webhookSecret,
    publicUrl,
    dashboard: {
      folder: settings.dashboardDir,
      tiles: settings.mapTiles,
      temporalUiUrl: settings.temporalUiUrl,
      temporalNamespace: settings.env.TEMPORAL_NAMESPACE,
    },
    corsOrigins: settings.corsOrigins,
    trustedProxies: settings.trustedProxies,
    embedder: openEmbedder(settings)?.embedder,
    ...openWarehouse(settings),
    sealer: contactKeys(keys).sealer,
    callToActionUrl: callToActionUrl(publicUrl),
    files: {
      check: (pathAndQuery, now) => {
        const verdict = verifySignedPath({ secret: keys.fileLinks, now: () => now.getTime() }, pathAndQuery);
        return verdict.ok
          ? { ok: true, key: verdict.key, fileName: verdict.fileName ?? undefined }
          : { ok: false, reason: verdict.reason };
      },
      get: async (key) => {
        const bytes = await storage.get(key);
        if (bytes === null) throw new ReosError('not_found', 'There is no such file any more.');
        return bytes;
      },
    },
    ...createOutreachDoors(settings, {
      db,
      logger,
      clock,
      client,
      lifecycles,
      counties,
      storage,
      keys: contactKeys(keys),
      publicUrl,
    }),
    ...(await createAnalysisDoors(settings, { db, storage, counties, models, logger })),
    ...createTemplateDoors(settings, { storage }),
    ...createBriefingDoors(settings, { db, logger, clock, storage, keys: contactKeys(keys), publicUrl }),
    ...createIntakeDoors(settings, { counties, db, storage, clock, client }),
    pipelines: createPipelines(client, declareSchedules(counties.all)),
    prices: {
      predict: (tenantId, question) => predictPrices({ db, models, counties, clock }, tenantId, question),
      likeness: (trx, property, asOf) => likenessOf({ models, counties, logger }, trx, property, asOf),
    },
    checks: {
      database: healthOf(checks.database),
      temporal: healthOf(checks.temporal),
      storage: healthOf(checks.storage),
      browser: healthOf(checks.browser),
    },
  };
  return { deps, lifecycles, close: () => models.close() };
}

/** Without a mail provider the local outbox's own key signs events. With one, only the provider's does. */
function outboxKey(settings: Settings): string | undefined {
  return settings.sendgrid.apiKey === undefined ? outboxEventKeys(settings.home).publicKey : undefined;
}
