import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ActivityDeps, RenderMemo } from '../activities/deps.ts';
import { loadRecipes } from '../activities/discover/recipe-load.ts';
import { renderPage } from '../activities/discover/render-page.ts';
import { DEFAULT_BASE_URLS, PROVIDER_NAMES } from '../activities/enrich/registry.ts';
import { loadFonts } from '../activities/memo/fonts.ts';
import { createPdfRenderer, type PdfRenderer } from '../activities/memo/pdf.ts';
import { renderMemo } from '../activities/memo/render-memo.ts';
import { meterStorage } from '../activities/platform/metered-store.ts';
import { createValuers } from '../activities/score/value.ts';
import { createModelCache } from '../activities/score/value-models.ts';
import { connectTemporal } from '../client/connect.ts';
import { createLifecycles } from '../client/lifecycles.ts';
import { openCounties } from '../config/county-index.ts';
import { loadMarketRules } from '../config/market.ts';
import { loadProviderBaseUrls } from '../config/providers.ts';
import { loadScoringConfig } from '../config/scoring.ts';
import { connect } from '../db/connect.ts';
import { contactKeys } from '../db/contact-keys.ts';
import { ReosError } from '../domain/errors.ts';
import { createHttpClient } from '../http/client.ts';
import { createAddressReader } from '../runtime/addresses.ts';
import { findBrowser, launchOptions } from '../runtime/browser.ts';
import { reosHome } from '../runtime/home.ts';
import { deriveKeys, readSecret } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { openStore } from '../storage/open-store.ts';
import { createAvmRoom } from './avm.ts';
import { createChecks } from './checks.ts';
import { openEmbedder } from './embeddings.ts';
import { openDropStore, openMarketSources } from './market-sources.ts';
import { openModel } from './model.ts';
import { createOutreachDeps } from './outreach-deps.ts';
import { createRescoreHelpers } from './rescore-helpers.ts';
import { openSlack } from './slack.ts';

/**
 * Puts together everything activities work with.
 * @throws ReosError for configuration that is wrong, a database or Temporal server that is not there
 */
export async function createDeps(
  settings: Settings,
  logger: Logger,
): Promise<{ deps: ActivityDeps; close: () => Promise<void> }> {
  if (settings.databaseUrl === undefined) {
    throw new ReosError(
      'missing_part',
      'DATABASE_URL is not set. Start everything with `reos up`, or name a database.',
    );
  }
  const publicUrl = settings.publicUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
  const keys = deriveKeys(readSecret(settings.home, settings.secretKey));
  const clock = () => new Date();
  const [counties, recipes] = await Promise.all([openCounties(settings.configDir), loadRecipes(settings.configDir)]);
  const scoring = loadScoringConfig(join(settings.configDir, 'scoring.yaml'));
  const db = connect({ url: settings.databaseUrl, logger, max: 16, applicationName: 'reos worker' });
  const client = await connectTemporal({ address: settings.temporalAddress, env: settings.env });
  const lent = createAddressReader(settings.home);
  const configured = {
    ...(await loadProviderBaseUrls(settings.configDir, PROVIDER_NAMES)),
    ...settings.providerBaseUrls,
  };
  const providerBaseUrls = () => ({ ...DEFAULT_BASE_URLS, ...configured, ...lent()?.providers });
  const sourceBaseUrls = () => ({ ...settings.sourceBaseUrls, ...lent()?.sources });
  const http = createHttpClient({
    userAgent: settings.userAgent,
    trustedOrigins: () => [
      ...Object.values(providerBaseUrls()),
      ...Object.values(sourceBaseUrls()),
      settings.twilio.baseUrl,
      settings.lob.baseUrl,
    ],
  });
  const storage = meterStorage({ db, clock }, openStore(settings, keys.fileLinks, publicUrl));
  const browser = createBrowserAccess(settings, logger);
  const avm = createAvmRoom(settings, { isolated: true, onProgress: (message) => logger.info(message) });
  const models = createModelCache({ storage, avm, logger });
  const marketSources = await openMarketSources(settings);
  const dropStore = openDropStore(settings);
  const rescoreHelpers = createRescoreHelpers({ ...settings, databaseUrl: settings.databaseUrl });
  const deps: ActivityDeps = {
    db,
    http,
    clock,
    logger,
    storage,
    counties,
    recipes,
    scoring,
    get retryWindowMs() {
      return lent()?.retryWindowMs ?? settings.retryWindowMs;
    },
    retentionDays: settings.retentionDays,
    get providerBaseUrls() {
      return providerBaseUrls();
    },
    providerApiKeys: { 'census-acs': settings.censusApiKey },
    get providerRateScale() {
      return lent()?.rateScale ?? settings.providerRateScale;
    },
    get sourceBaseUrls() {
      return sourceBaseUrls();
    },
    permittedSites: settings.permittedSites,
    marketDrop: settings.marketDrop,
    marketDropStore: dropStore,
    marketSources,
    marketRules: loadMarketRules(settings.configDir),
    userAgent: settings.userAgent,
    renderPage: async (url) => renderPage(http, await browser.launch(), url, settings.userAgent),
    renderMemo: browser.renderMemo,
    embeddings: openEmbedder(settings),
    outreach: createOutreachDeps(settings, { db, logger, clock, http, storage, keys: contactKeys(keys), publicUrl }),
    model: openModel(settings),
    slack: openSlack(settings, contactKeys(keys).sealer),
    lifecycles: createLifecycles(client),
    avm,
    ...createValuers({ models, counties, logger }),
    rescoreHelpers,
    checks: createChecks({ db, client, storage, browser: browser.launch }),
  };
  const close = async (): Promise<void> => {
    await browser.close();
    await rescoreHelpers.close();
    models.close();
    dropStore?.close();
    await db.close();
    await client.connection.close();
  };
  return { deps, close };
}

/** The browser is looked for when it is first needed, and then kept. */
function createBrowserAccess(settings: Settings, logger: Logger) {
  let launching: Promise<ReturnType<typeof launchOptions>> | undefined;
  let renderer: Promise<PdfRenderer> | undefined;
  let fonts: ReturnType<typeof loadFonts> | undefined;
  const launch = () => {
    launching ??= findBrowser({ home: reosHome(settings.home), env: settings.env }).then((found) =>
      launchOptions(found, settings.env),
    );
    return launching;
  };
  const renderMemoPdf: RenderMemo = async (input) => {
    renderer ??= launch().then((options) => createPdfRenderer({ ...options, logger }));
    fonts ??= loadFonts();
    return renderMemo({ renderer: await renderer, fonts: await fonts }, input);
  };
  const close = async (): Promise<void> => {
    await (await renderer?.catch(() => undefined))?.close();
  };
  return { launch, renderMemo: renderMemoPdf, close };
}
