import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';
import type { ModelKind, ModelRow } from './models.ts';

type Slot = Pick<ModelRow, 'id' | 'kind' | 'market' | 'version' | 'stage' | 'isShadow' | 'previousChampionId'>;

/** Who decides and why, as it is kept with the model and in the log. */
export interface Decision {
  /** One sentence. */
  statement: string;
  /** Who: `schedule`, `train`, a person's word from the command line. */
  source: string;
}

/** Makes the model champion of its market; the present one is retired and remembered as the one to return to. */
export async function promoteModel(trx: TenantTrx, id: string, decision: Decision): Promise<void> {
  const { model, champion } = await lockMarket(trx, id);
  if (model.stage === 'champion') {
    throw new ReosError('conflict', `${model.version} is the champion of ${model.market} already.`);
  }
  if (champion !== undefined) {
    await set(trx, champion.id, sql`stage = 'retired', retired_at = now()`, `Retired: ${model.version} took over.`);
  }
  await set(
    trx,
    id,
    sql`stage = 'champion', is_shadow = false, promoted_at = now(), retired_at = null,
      previous_champion_id = ${champion?.id ?? null}::uuid`,
    decision.statement,
  );
  await tell(trx, model, 'model_promoted', decision);
}

/**
 * Returns to the champion before the present one.
 * @returns the model that is champion again
 * @throws ReosError `not_found` without a champion, `conflict` when it took over from none
 */
export async function rollBackChampion(
  trx: TenantTrx,
  slot: { kind: ModelKind; market: string },
  decision: Decision,
): Promise<{ id: string; version: string; replaced: string }> {
  const models = await lock(trx, slot.kind, slot.market);
  const champion = models.find(({ stage }) => stage === 'champion');
  if (champion === undefined) {
    throw new ReosError('not_found', `${slot.market} has no champion to roll back from. See: reos models list`);
  }
  const before = models.find(({ id }) => id === champion.previousChampionId);
  if (before === undefined) {
    throw new ReosError(
      'conflict',
      `${champion.version} is the first champion of ${slot.market}: there is none to return to. To value by comparable sales alone: reos models retire ${champion.id}`,
    );
  }
  await set(trx, champion.id, sql`stage = 'retired', retired_at = now()`, decision.statement);
  await set(
    trx,
    before.id,
    sql`stage = 'champion', is_shadow = false, promoted_at = now(), retired_at = null`,
    `Champion again: ${decision.statement}`,
  );
  await tell(trx, before, 'model_rolled_back', decision);
  return { id: before.id, version: before.version, replaced: champion.version };
}

/** Takes a model out of use. A champion leaves its market without one: comparable sales value it then. */
export async function retireModel(trx: TenantTrx, id: string, decision: Decision): Promise<void> {
  const { model } = await lockMarket(trx, id);
  await set(trx, id, sql`stage = 'retired', is_shadow = false, retired_at = now()`, decision.statement);
  await tell(trx, model, 'model_retired', decision);
}

/** Puts a candidate into the champion's shadow, in place of the one that is there; or takes it out. */
export async function setShadow(trx: TenantTrx, id: string, isShadow: boolean, decision: Decision): Promise<void> {
  const { model, models } = await lockMarket(trx, id);
  if (isShadow && model.stage === 'champion') {
    throw new ReosError(
      'conflict',
      `${model.version} is the champion of ${model.market}: it has no shadow to stand in.`,
    );
  }
  for (const other of models.filter((row) => isShadow && row.isShadow && row.id !== id)) {
    await set(trx, other.id, sql`is_shadow = false`, `Out of the shadow: ${model.version} took its place.`);
  }
  const stage = isShadow ? sql`is_shadow = true, stage = 'candidate', retired_at = null` : sql`is_shadow = false`;
  await set(trx, id, stage, decision.statement);
  await tell(trx, model, isShadow ? 'model_in_shadow' : 'model_out_of_shadow', decision);
}

/** Keeps a decision that changed nothing, such as a refused promotion. */
export async function recordDecision(trx: TenantTrx, id: string, decision: Decision): Promise<void> {
  const { model } = await lockMarket(trx, id);
  await set(trx, id, sql`stage = stage`, decision.statement);
  await tell(trx, model, 'model_decision', decision);
}

/** All models of a market, held until the transaction ends: of two promotions at once one waits for the other. */
async function lock(trx: TenantTrx, kind: ModelKind, market: string): Promise<Slot[]> {
  const rows = await trx.db
    .selectFrom('mlModels')
    .select(['id', 'kind', 'market', 'version', 'stage', 'isShadow', 'previousChampionId'])
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', kind)
    .where('market', '=', market)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows as Slot[];
}

async function lockMarket(trx: TenantTrx, id: string) {
  const where = await trx.db
    .selectFrom('mlModels')
    .select(['kind', 'market'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
  const models = where === undefined ? [] : await lock(trx, where.kind as ModelKind, where.market);
  const model = models.find((row) => row.id === id);
  if (model === undefined)
    throw new ReosError('not_found', `There is no model ${id}. List them with: reos models list`);
  return { model, models, champion: models.find(({ stage }) => stage === 'champion') };
}

/** One change of a model with the line that says why, under the day it was made. */
async function set(trx: TenantTrx, id: string, change: ReturnType<typeof sql>, statement: string): Promise<void> {
  await sql`
    update ml_models set ${change},
      decision = concat_ws(E'\n', decision, to_char(now() at time zone 'utc', 'YYYY-MM-DD') || ' ' || ${statement}::text)
    where tenant_id = ${trx.tenantId} and id = ${id}`.execute(trx.db);
}

function tell(trx: TenantTrx, model: Slot, what: string, decision: Decision): Promise<void> {
  return appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId: null,
    correlationId: model.id,
    payload: {
      what,
      model_id: model.id,
      market: model.market,
      version: model.version,
      decision: decision.statement,
    },
    source: decision.source,
  });
}
