import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadRecipes } from '../activities/discover/recipe-load.ts';
import { decideOnModel } from '../activities/platform/model-decision.ts';
import { measureDrift, recordDrift } from '../activities/platform/model-drift.ts';
import { computeScore } from '../activities/score/score.ts';
import { createValuers } from '../activities/score/value.ts';
import type { ModelCache } from '../activities/score/value-models.ts';
import type { KnownSource } from '../api/analysis-doors.ts';
import type { ApiDeps } from '../api/deps.ts';
import { withAssumptionOverrides } from '../config/assumption-overrides.ts';
import { loadComparableRules } from '../config/comparables.ts';
import type { Counties } from '../config/county-index.ts';
import { loadMarketRules } from '../config/market.ts';
import { loadScoringConfig } from '../config/scoring.ts';
import type { Database } from '../db/connect.ts';
import type { Settings } from '../settings.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createAvmRoom } from './avm.ts';

/** The parts of the API that answer questions about properties, models and sources, put together. */
export async function createAnalysisDoors(
  settings: Settings,
  parts: { db: Database; storage: ObjectStore; counties: Counties; models: ModelCache; logger: Logger },
): Promise<Pick<ApiDeps, 'analysis' | 'modelDesk' | 'sources' | 'marketRules'>> {
  const { counties, models, logger } = parts;
  const weights = loadScoringConfig(join(settings.configDir, 'scoring.yaml'));
  const { valueProperty } = createValuers({ models, counties, logger, isRecorded: false });
  return {
    analysis: {
      weights,
      comparableRules: loadComparableRules(join(settings.configDir, 'comparables.yaml')),
      withAssumptions: (pairs) => ({ ...weights, assumptions: withAssumptionOverrides(weights.assumptions, pairs) }),
      score: (trx, property, scoring, now) =>
        computeScore({ clock: () => now, counties, scoring, valueProperty }, trx, property),
    },
    modelDesk: {
      measureDrift: async (trx, model, now) => {
        const drift = await measureDrift(trx, model, now);
        await recordDrift(trx, model, drift);
        return drift;
      },
      promote: (tenantId, modelId, { source, forceReason }) =>
        decideOnModel({ db: parts.db, storage: parts.storage, avm: createAvmRoom(settings) }, tenantId, modelId, {
          source,
          ...(forceReason === undefined ? {} : { forceReason }),
        }),
    },
    marketRules: loadMarketRules(settings.configDir),
    sources: await knownSources(settings),
  };
}

/** The sites and file layouts under `config/recipes`, and whether each may be read. */
async function knownSources(settings: Settings): Promise<KnownSource[]> {
  const { sites, files } = await loadRecipes(settings.configDir);
  const blockedReason = (site: (typeof sites)[number]): string | null => {
    if (site.permission === 'saved_pages_only') return 'Only pages saved by a person are read.';
    if (site.permission !== 'allowed' && !settings.permittedSites.includes(site.name)) {
      return 'Off until the operator states that the site permits it (SITES_PERMITTED).';
    }
    return (settings.sourceBaseUrls[site.name] ?? site.base_url) ? null : 'The recipe has no address.';
  };
  return [
    ...sites.map((site): KnownSource => {
      const reason = blockedReason(site);
      const countyFips = site.county_fips ?? null;
      return { name: site.name, kind: 'listing_site', countyFips, enabled: reason === null, blockedReason: reason };
    }),
    ...files.map(
      (file): KnownSource => ({
        name: file.name,
        kind: 'file',
        countyFips: file.county_fips ?? null,
        enabled: true,
        blockedReason: null,
      }),
    ),
  ];
}
