import { z } from '@hono/zod-openapi';
import { retireModel, rollBackChampion, setShadow } from '../../db/queries/model-stages.ts';
import { findModel, listModels, type ModelRow } from '../../db/queries/models.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { id, idParams, instant, text } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';

const model = z
  .object({
    id,
    kind: z.string(),
    market: z.string(),
    version: z.string(),
    stage: z.string(),
    is_shadow: z.boolean(),
    metrics: z.unknown(),
    data_rows: z.int(),
    data_from: z.string().nullable(),
    data_to: z.string().nullable(),
    seed: z.int(),
    code_version: z.string(),
    artifact_path: z.string().openapi({ description: 'Key of its bytes in the object store' }),
    artifact_sha256: z.string(),
    artifact_bytes: z.int(),
    decision: z.string().nullable().openapi({ description: 'Every decision on it, one a line' }),
    created_at: instant,
    promoted_at: instant.nullable(),
    retired_at: instant.nullable(),
    previous_champion_id: id.nullable(),
  })
  .openapi('Model');
const detail = model
  .extend({
    data_fingerprint: z.string(),
    baselines: z.unknown(),
    hyperparameters: z.unknown(),
    trials: z.unknown(),
    feature_names: z.array(z.string()),
    feature_histograms: z.unknown(),
  })
  .openapi('ModelDetail');
const reason = text(300).default('a person asked for it');

/** `/api/v1/models`: valuation models and which of them counts. */
export function modelEndpoints(deps: Pick<ApiDeps, 'modelDesk'>): Endpoint[] {
  const about = { tag: 'Models' } as const;
  const change = { ...about, method: 'post', params: idParams, permission: 'models:update', answer: model } as const;
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/models',
        operationId: 'listModels',
        summary: 'Models, the newest first',
        permission: 'models:read',
        query: z.object({
          market: text(60).optional(),
          stage: z.enum(['candidate', 'champion', 'retired']).optional(),
          kind: z.enum(['avm', 'lead_score']).optional(),
        }),
        answer: z.object({ items: z.array(model) }),
      },
      async ({ trx, query }) => {
        const { market, stage, kind } = query;
        const filter = { ...(market && { market }), ...(stage && { stage }), ...(kind && { kind }) };
        return { items: (await listModels(trx, filter)).map(modelOf) };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/models/{id}',
        operationId: 'readModel',
        summary: 'A model with everything its training left',
        permission: 'models:read',
        params: idParams,
        answer: detail,
      },
      async ({ trx, params }) => {
        const row = await modelOfId(trx, params.id);
        return {
          ...modelOf(row),
          data_fingerprint: row.dataFingerprint,
          baselines: row.baselines,
          hyperparameters: row.hyperparameters,
          trials: row.trials,
          feature_names: row.featureNames,
          feature_histograms: row.featureHistograms,
        };
      },
    ),
    ownEndpoint(
      {
        ...change,
        path: '/api/v1/models/{id}/promote',
        operationId: 'promoteModel',
        summary: 'Make a model the champion of its market, if it wins on sales that it had not seen',
        body: z.strictObject({
          force_reason: text(300).optional().openapi({ description: 'Promote it whatever the rule says, and why' }),
        }),
        answer: z.object({
          promoted: z.boolean(),
          decision: z.string(),
          difference: z.record(z.string(), z.unknown()).nullable().openapi({
            description: 'Its median error less the champion’s, with an interval; null where none is known',
          }),
          model,
        }),
      },
      async ({ principal, params, body, inTenant }) => {
        await inTenant((trx) => modelOfId(trx, params.id));
        const desk = partOf(deps.modelDesk, 'Models');
        const by = { source: principal.name, forceReason: body.force_reason };
        const decision = await desk.promote(principal.tenantId, params.id, by);
        const row = await inTenant((trx) => modelOfId(trx, params.id));
        const difference = decision.difference === null ? null : { ...decision.difference };
        return { promoted: decision.promote, decision: decision.statement, difference, model: modelOf(row) };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/models/rollback',
        operationId: 'rollBackModel',
        summary: 'Return to the champion before the present one of a market',
        permission: 'models:update',
        body: z.strictObject({ market: text(60), reason }),
        answer: z.object({ market: z.string(), model_id: id, version: z.string(), replaced: z.string() }),
      },
      async ({ trx, body, principal }) => {
        const decision = { statement: `Rolled back: ${body.reason}`, source: principal.name };
        const result = await rollBackChampion(trx, { kind: 'avm', market: body.market }, decision).catch(
          (error: unknown) => {
            if (!(error instanceof ReosError) || error.code !== 'not_found') throw error;
            throw new ReosError('not_found', `There is no champion of ${body.market}.`, { cause: error });
          },
        );
        return { market: body.market, model_id: result.id, version: result.version, replaced: result.replaced };
      },
    ),
    endpoint(
      {
        ...change,
        path: '/api/v1/models/{id}/retire',
        operationId: 'retireModel',
        summary: 'Take a model out of use; a market without a champion is valued by comparable sales',
        body: z.strictObject({ reason }),
      },
      async ({ trx, params, body, principal }) => {
        await modelOfId(trx, params.id);
        await retireModel(trx, params.id, { statement: `Retired: ${body.reason}`, source: principal.name });
        return modelOf(await modelOfId(trx, params.id));
      },
    ),
    endpoint(
      {
        ...change,
        path: '/api/v1/models/{id}/shadow',
        operationId: 'shadowModel',
        summary: 'Put a candidate into the champion’s shadow, or take it out',
        body: z.strictObject({ on: z.boolean().default(true) }),
      },
      async ({ trx, params, body, principal }) => {
        await modelOfId(trx, params.id);
        const statement = body.on ? 'Into the shadow.' : 'Out of the shadow.';
        await setShadow(trx, params.id, body.on, { statement, source: principal.name });
        return modelOf(await modelOfId(trx, params.id));
      },
    ),
  ];
}

/** The model of an id. @throws ReosError `not_found` */
export async function modelOfId(trx: TenantTrx, modelId: string) {
  return findModel(trx, modelId).catch((error: unknown) => {
    if (!(error instanceof ReosError) || error.code !== 'not_found') throw error;
    throw new ReosError('not_found', `There is no model ${modelId}.`, { cause: error });
  });
}

function modelOf(row: ModelRow): z.input<typeof model> {
  return {
    id: row.id,
    kind: row.kind,
    market: row.market,
    version: row.version,
    stage: row.stage,
    is_shadow: row.isShadow,
    metrics: row.metrics,
    data_rows: row.dataRows,
    data_from: row.dataFrom,
    data_to: row.dataTo,
    seed: row.seed,
    code_version: row.codeVersion,
    artifact_path: row.artifactPath,
    artifact_sha256: row.artifactSha256,
    artifact_bytes: row.artifactBytes,
    decision: row.decision,
    created_at: row.createdAt,
    promoted_at: row.promotedAt,
    retired_at: row.retiredAt,
    previous_champion_id: row.previousChampionId,
  };
}
