import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { SearchTrial, TrainingReport, ValuationMetrics } from '../../domain/valuation/training-result.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** avm: value of a house. lead_score: will this lead answer. */
export type ModelKind = 'avm' | 'lead_score';
export type ModelStage = 'candidate' | 'champion' | 'retired';

/** Bin edges and shares of the training rows of one feature; the last share is that of missing values. */
export type FeatureHistograms = Record<string, { edges: number[]; shares: number[] }>;

/** A trained model as it enters the registry; its bytes lie in the object store. */
export interface NewModel {
  kind: ModelKind;
  market: string;
  version: string;
  metrics: object;
  baselines: TrainingReport['baselines'];
  hyperparameters: Record<string, unknown>;
  trials: readonly SearchTrial[];
  featureNames: readonly string[];
  featureHistograms: FeatureHistograms;
  dataFingerprint: string;
  dataRows: number;
  dataFrom: string | null;
  dataTo: string | null;
  seed: number;
  codeVersion: string;
  artifactPath: string;
  artifactSha256: string;
  artifactBytes: number;
  decision: string;
}

const SHORT = [
  'id',
  'kind',
  'market',
  'version',
  'stage',
  'isShadow',
  'metrics',
  'dataRows',
  'dataFrom',
  'dataTo',
  'seed',
  'codeVersion',
  'artifactPath',
  'artifactSha256',
  'artifactBytes',
  'decision',
  'createdAt',
  'promotedAt',
  'retiredAt',
  'previousChampionId',
] as const;

/** A model as lists show it: without the long documents. */
export interface ModelRow {
  id: string;
  kind: ModelKind;
  market: string;
  version: string;
  stage: ModelStage;
  isShadow: boolean;
  metrics: ValuationMetrics;
  dataRows: number;
  dataFrom: string | null;
  dataTo: string | null;
  seed: number;
  codeVersion: string;
  artifactPath: string;
  artifactSha256: string;
  artifactBytes: number;
  /** Every decision on it, one a line, newest last. */
  decision: string | null;
  createdAt: Date;
  promotedAt: Date | null;
  retiredAt: Date | null;
  previousChampionId: string | null;
}

/** A model with all that its training left. */
export interface ModelDetail extends ModelRow {
  baselines: TrainingReport['baselines'];
  hyperparameters: Record<string, unknown>;
  trials: SearchTrial[];
  featureNames: string[];
  featureHistograms: FeatureHistograms;
  dataFingerprint: string;
}

/**
 * Enters a model as candidate. The same bytes under the same name are the model that is there already; other bytes
 * under a version that is taken get the beginning of their hash behind it, so that nothing is lost.
 */
export async function insertModel(trx: TenantTrx, model: NewModel): Promise<{ row: ModelRow; isNew: boolean }> {
  const same = await trx.db
    .selectFrom('mlModels')
    .select(SHORT)
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', model.kind)
    .where('market', '=', model.market)
    .where('version', 'in', [model.version, distinct(model)])
    .where('artifactSha256', '=', model.artifactSha256)
    .executeTakeFirst();
  if (same !== undefined) return { row: same as unknown as ModelRow, isNew: false };
  const insert = (version: string) =>
    trx.db
      .insertInto('mlModels')
      .values({
        ...model,
        version,
        tenantId: trx.tenantId,
        stage: 'candidate',
        metrics: json(model.metrics),
        baselines: json(model.baselines),
        hyperparameters: json(model.hyperparameters),
        trials: json(model.trials),
        featureNames: [...model.featureNames],
        featureHistograms: json(model.featureHistograms),
      })
      .onConflict((oc) => oc.columns(['tenantId', 'kind', 'market', 'version']).doNothing())
      .returning(SHORT)
      .executeTakeFirst();
  const row = (await insert(model.version)) ?? (await insert(distinct(model)));
  if (row !== undefined) return { row: row as unknown as ModelRow, isNew: true };
  throw new ReosError('conflict', `Another process entered model ${model.version} just now. Train again.`);
}

const distinct = (model: NewModel): string => `${model.version}-${model.artifactSha256.slice(0, 8)}`;

/** Models, newest first. */
export async function listModels(
  trx: TenantTrx,
  filter: { kind?: ModelKind; market?: string; stage?: ModelStage } = {},
): Promise<ModelRow[]> {
  const rows = await trx.db
    .selectFrom('mlModels')
    .select(SHORT)
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.kind !== undefined, (query) => query.where('kind', '=', filter.kind!))
    .$if(filter.market !== undefined, (query) => query.where('market', '=', filter.market!))
    .$if(filter.stage !== undefined, (query) => query.where('stage', '=', filter.stage!))
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
  return rows as unknown as ModelRow[];
}

/**
 * One model by its id, the beginning of its id, or its version.
 * @throws ReosError `not_found`; `validation` when several fit, naming them
 */
export async function findModel(trx: TenantTrx, key: string): Promise<ModelDetail> {
  const rows = await trx.db
    .selectFrom('mlModels')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where((eb) => eb.or([eb('version', '=', key), eb(sql<string>`id::text`, 'like', `${likeText(key)}%`)]))
    .limit(5)
    .execute();
  const exact = rows.filter(({ id, version }) => id === key || version === key);
  const found = exact.length === 1 ? exact : rows;
  if (found.length === 1) return found[0] as unknown as ModelDetail;
  if (found.length === 0) {
    throw new ReosError('not_found', `There is no model '${key}'. List them with: reos models list`);
  }
  const names = found.map(({ id, version, market }) => `${id} (${market} ${version})`).join(', ');
  throw new ReosError('validation', `'${key}' fits several models: ${names}. Name one by its id.`);
}

const likeText = (key: string): string => key.toLowerCase().replace(/[\\%_]/g, (c) => `\\${c}`);

/** What valuing needs of the market's champion and of the challenger in its shadow; no row where there is none. */
export async function servingModels(
  trx: TenantTrx,
  kind: ModelKind,
  market: string,
): Promise<Array<{ id: string; version: string; isShadow: boolean; artifactPath: string; artifactSha256: string }>> {
  return trx.db
    .selectFrom('mlModels')
    .select(['id', 'version', 'isShadow', 'artifactPath', 'artifactSha256'])
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', kind)
    .where('market', '=', market)
    .where((eb) => eb.or([eb('stage', '=', 'champion'), eb('isShadow', '=', true)]))
    .orderBy('isShadow')
    .execute();
}
