import { setShadow } from '../../db/queries/model-stages.ts';
import { findModel, listModels, servingModels } from '../../db/queries/models.ts';
import { countNewSales } from '../../db/queries/sales-data.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { MIN_PAIRED_SALES, type PromotionDecision } from '../../domain/valuation/promotion.ts';
import type { SaleRecord } from '../../domain/valuation/sale-record.ts';
import type { ActivityDeps } from '../deps.ts';
import type { AvmRoom } from '../score/value-deps.ts';
import { startHeartbeat } from './heartbeat.ts';
import { decideOnModel } from './model-decision.ts';
import { measureDrift, recordDrift } from './model-drift.ts';
import { saveTrainedModel } from './model-store.ts';
import { salesOfCounty } from './sales-of-county.ts';

type Deps = Pick<ActivityDeps, 'db' | 'counties' | 'storage' | 'clock'> & { avm?: AvmRoom };

/** Sales that a first model needs: fewer leave too little to test it on. */
export const MIN_TRAINING_SALES = 1_000;
/** The same seed every month: the same sales give the same model. */
const SEED = 7;

/** What became of a market's training. */
export interface TrainingOutcome {
  market: string;
  version: string;
  stage: 'champion' | 'shadow' | 'candidate' | 'unchanged';
  statement: string;
}

/** The monthly training: which markets are due, one market's model, and how far the champions have drifted. */
export function createTrainingActivities(deps: Deps) {
  return {
    /** County slugs with enough sales for a first model, or enough since the champion's for another. */
    planTraining: (input: { tenantId: string }): Promise<string[]> =>
      withTenant(deps.db, input.tenantId, async (trx) => {
        const champions = await listModels(trx, { kind: 'avm', stage: 'champion' });
        const due: string[] = [];
        for (const { slug, fips } of deps.counties.all) {
          const champion = champions.find(({ market }) => market === slug);
          const count = await countNewSales(trx, fips, champion?.dataTo ?? null);
          if (count >= (champion === undefined ? MIN_TRAINING_SALES : MIN_PAIRED_SALES)) due.push(slug);
        }
        return due;
      }),

    /**
     * Trains a market's model on the tenant's sales and promotes it when it wins. A challenger that has not won, and has
     * not clearly lost, goes into the champion's shadow when that is free.
     */
    trainModel: async (input: { tenantId: string; county: string; trials?: number }): Promise<TrainingOutcome> => {
      const heartbeat = startHeartbeat();
      try {
        return await trainMarket(deps, input, (message) => heartbeat.beat({ message }));
      } finally {
        heartbeat.stop();
      }
    },

    /** Measures the drift of every champion and keeps it. Returns the number of features that have moved far. */
    measureModelDrift: (input: { tenantId: string }): Promise<number> =>
      withTenant(deps.db, input.tenantId, async (trx) => {
        let moved = 0;
        for (const { id } of await listModels(trx, { kind: 'avm', stage: 'champion' })) {
          const model = await findModel(trx, id);
          const drift = await measureDrift(trx, model, deps.clock());
          await recordDrift(trx, model, drift);
          moved += drift.features.filter(({ level }) => level === 'large').length;
        }
        return moved;
      }),
  };
}

async function trainMarket(
  deps: Deps,
  { tenantId, county: slug, trials }: { tenantId: string; county: string; trials?: number },
  onProgress: (message: string) => void,
): Promise<TrainingOutcome> {
  const { avm } = deps;
  if (avm === undefined) throw new ReosError('missing_part', 'This worker has no valuation models to train.');
  const county = deps.counties.find(slug);
  const { data, champion } = await withTenant(deps.db, tenantId, async (trx) => ({
    data: await salesOfCounty(trx, county),
    champion: (await listModels(trx, { kind: 'avm', market: slug, stage: 'champion' }))[0],
  }));
  const testAfter = champion?.dataTo ? heldOutFrom(data.sales, champion.dataTo) : undefined;
  const trained = await avm.train(data, { market: slug, seed: SEED, testAfter, trials, onProgress });
  const { row, isNew } = await saveTrainedModel({ db: deps.db, storage: deps.storage }, tenantId, trained);
  const base = { market: slug, version: row.version };
  if (!isNew && row.stage !== 'candidate') {
    return { ...base, stage: 'unchanged', statement: 'Same sales, same model: nothing to decide.' };
  }
  const decision = await decideOnModel({ db: deps.db, storage: deps.storage, avm }, tenantId, row.id, {
    source: 'schedule',
    sales: data.sales,
    heldOut: trained.heldOut,
  });
  if (decision.promote) return { ...base, stage: 'champion', statement: decision.statement };
  const stage = (await intoShadow(deps, tenantId, slug, row.id, decision)) ? 'shadow' : 'candidate';
  return { ...base, stage, statement: decision.statement };
}

async function intoShadow(
  deps: Deps,
  tenantId: string,
  market: string,
  id: string,
  { difference }: PromotionDecision,
): Promise<boolean> {
  const hasLost = difference !== null && difference.low > 0;
  return withTenant(deps.db, tenantId, async (trx) => {
    const serving = await servingModels(trx, 'avm', market);
    const isFree = serving.length > 0 && !serving.some(({ isShadow }) => isShadow);
    if (hasLost || !isFree) return false;
    const statement = 'Into the shadow: later sales decide.';
    await setShadow(trx, id, true, { statement, source: 'schedule' });
    return true;
  });
}

/**
 * The day from which sales are held out beside a champion: the later half of those that it has not seen, at least 100.
 * The challenger learns from the earlier half, or it could know no more than the champion does. Undefined when there are
 * fewer than 100: then nothing can be compared.
 */
export function heldOutFrom(
  sales: ReadonlyArray<Pick<SaleRecord, 'closeDate'>>,
  championDataTo: string,
): string | undefined {
  const unseen = sales.flatMap(({ closeDate }) =>
    closeDate !== null && closeDate > championDataTo ? [closeDate] : [],
  );
  const count = Math.max(MIN_PAIRED_SALES, Math.floor(unseen.length / 2));
  return unseen.sort().at(-count);
}
