import { createHash } from 'node:crypto';
import type { Database } from '../../db/connect.ts';
import { insertModel, type ModelKind, type ModelRow, type NewModel } from '../../db/queries/models.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { TrainedModel } from '../../domain/valuation/training-result.ts';
import { checkKey, type ObjectStore } from '../../storage/object-store.ts';

/** Where models are kept: rows and bytes. */
export interface ModelStoreDeps {
  db: Database;
  storage: Pick<ObjectStore, 'put' | 'get'>;
}

/** The key of a model's bytes: under its tenant, named by their SHA-256 (hex). */
export function modelKey(tenantId: string, sha256: string): string {
  return checkKey(`tenants/${tenantId.toLowerCase()}/models/${sha256}.json.gz`);
}

/** Stores the model's bytes under their hash and enters it as candidate. Saving the same model twice changes nothing. */
export async function saveTrainedModel(
  deps: ModelStoreDeps,
  tenantId: string,
  trained: TrainedModel,
): Promise<{ row: ModelRow; isNew: boolean }> {
  const { report } = trained;
  return saveModel(deps, tenantId, trained.artifact, {
    kind: 'avm',
    market: trained.market,
    version: trained.version,
    metrics: report.metrics,
    baselines: report.baselines,
    hyperparameters: report.hyperparameters,
    trials: report.trials,
    featureNames: trained.featureNames,
    featureHistograms: trained.featureHistograms,
    dataFingerprint: trained.dataFingerprint,
    dataRows: trained.dataRows,
    dataFrom: trained.dataFrom,
    dataTo: trained.dataTo,
    seed: report.seed,
    codeVersion: trained.codeVersion,
  });
}

/** Stores the bytes of a model of any kind and enters it as candidate. */
export async function saveModel(
  deps: ModelStoreDeps,
  tenantId: string,
  artifact: Buffer,
  model: Omit<NewModel, 'artifactPath' | 'artifactSha256' | 'artifactBytes' | 'decision'> & { kind: ModelKind },
): Promise<{ row: ModelRow; isNew: boolean }> {
  const sha256 = createHash('sha256').update(artifact).digest('hex');
  const path = modelKey(tenantId, sha256);
  // Bytes first: a row never names what is not there.
  await deps.storage.put(path, artifact, 'application/gzip');
  return withTenant(deps.db, tenantId, (trx) =>
    insertModel(trx, {
      ...model,
      artifactPath: path,
      artifactSha256: sha256,
      artifactBytes: artifact.byteLength,
      decision: `${new Date().toISOString().slice(0, 10)} Trained on ${model.dataRows} sales; candidate.`,
    }),
  );
}

/**
 * The bytes of a model, as they were saved.
 * @throws ReosError `not_found` when the store has lost them, `validation` when they were changed
 */
export async function loadArtifact(
  storage: Pick<ObjectStore, 'get'>,
  model: Pick<ModelRow, 'version' | 'artifactPath' | 'artifactSha256'>,
): Promise<Buffer> {
  const bytes = await storage.get(model.artifactPath);
  if (bytes === null) {
    throw new ReosError(
      'not_found',
      `The bytes of model ${model.version} (${model.artifactPath}) are not in the store. Restore them, or train again: reos train`,
    );
  }
  if (createHash('sha256').update(bytes).digest('hex') !== model.artifactSha256) {
    throw new ReosError(
      'validation',
      `The bytes of model ${model.version} (${model.artifactPath}) are not those that were saved. Restore them, or train again: reos train`,
    );
  }
  return bytes;
}
