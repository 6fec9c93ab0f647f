import { promoteModel, recordDecision } from '../../db/queries/model-stages.ts';
import { findModel, type ModelDetail, servingModels } from '../../db/queries/models.ts';
import { outcomePairs } from '../../db/queries/valuations.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import {
  decidePromotion,
  type HeldOutValue,
  MIN_PAIRED_SALES,
  type PairedSale,
  type PromotionDecision,
  type PromotionEvidence,
} from '../../domain/valuation/promotion.ts';
import type { SaleRecord } from '../../domain/valuation/sale-record.ts';
import type { AvmModel } from '../../domain/valuation/valuation.ts';
import type { AvmRoom } from '../score/value-deps.ts';
import { loadArtifact, type ModelStoreDeps } from './model-store.ts';

export type DecisionDeps = ModelStoreDeps & { avm: Pick<AvmRoom, 'open'> };

/** What is at hand when a model is decided on. */
export interface DecisionInput {
  /** Who asks: `train`, `schedule`, `operator`. */
  source: string;
  /** The sales of the training, when it has just been done. */
  sales?: readonly SaleRecord[];
  /** What the training itself said of the held-out ones. */
  heldOut?: readonly HeldOutValue[];
  /** A person promotes in spite of the rule, and says why. */
  forceReason?: string;
}

/**
 * Promotes the model when the rule says so, or a person does; keeps the decision with its reason either way. Evidence
 * is what closed since champion and challenger valued it, when that is enough; else the sales held out in training that
 * neither had learned from.
 */
export async function decideOnModel(
  deps: DecisionDeps,
  tenantId: string,
  key: string,
  input: DecisionInput,
): Promise<PromotionDecision & { modelId: string; version: string }> {
  const model = await withTenant(deps.db, tenantId, (trx) => findModel(trx, key));
  if (model.stage === 'champion') {
    throw new ReosError('conflict', `${model.version} is the champion of ${model.market} already.`);
  }
  const decision = await decide(deps, tenantId, model, input);
  await withTenant(deps.db, tenantId, (trx) => {
    const kept = { statement: decision.statement, source: input.source };
    return decision.promote ? promoteModel(trx, model.id, kept) : recordDecision(trx, model.id, kept);
  });
  return { ...decision, modelId: model.id, version: model.version };
}

async function decide(
  deps: DecisionDeps,
  tenantId: string,
  model: ModelDetail,
  input: DecisionInput,
): Promise<PromotionDecision> {
  if (input.forceReason !== undefined) {
    return { promote: true, statement: `Promoted by force: ${input.forceReason}`, difference: null };
  }
  const evidence = await gatherEvidence(deps, tenantId, model, input);
  return decidePromotion(evidence, { seed: model.seed });
}

async function gatherEvidence(
  deps: DecisionDeps,
  tenantId: string,
  model: ModelDetail,
  input: DecisionInput,
): Promise<PromotionEvidence> {
  const { champion, outcomes } = await withTenant(deps.db, tenantId, async (trx) => {
    const serving = await servingModels(trx, model.kind, model.market);
    const found = serving.find(({ isShadow }) => !isShadow);
    return { champion: found, outcomes: found === undefined ? [] : await outcomePairs(trx, model.id, found.id) };
  });
  if (champion === undefined) return { kind: 'first', metrics: model.metrics, baselines: model.baselines };
  const base = { kind: 'against_champion' as const, championVersion: champion.version };
  if (outcomes.length >= MIN_PAIRED_SALES) {
    const inside = outcomes.filter(({ inside80 }) => inside80).length;
    return { ...base, basis: 'outcomes', pairs: outcomes, coverage80: inside / outcomes.length };
  }
  const coverage80 = model.metrics.coverage_80;
  if (input.sales === undefined) return { ...base, basis: 'outcomes', pairs: outcomes, coverage80 };
  const values = input.heldOut ?? (await ownValues(deps, model, input.sales));
  try {
    const opened = await deps.avm.open(await loadArtifact(deps.storage, champion));
    try {
      return { ...base, basis: 'held_out', pairs: pairUp(opened, input.sales, values), coverage80 };
    } finally {
      opened.free();
    }
  } catch (error) {
    // No library says nothing about the champion. One that older code wrote, or whose bytes are gone, values nothing now.
    if (error instanceof ReosError && ['missing_part', 'transient'].includes(error.code)) throw error;
    return { kind: 'first', metrics: model.metrics, baselines: model.baselines, replaces: champion.version };
  }
}

/** Without values from the training: what the challenger says of the sales after the newest one it learned from. */
async function ownValues(
  deps: DecisionDeps,
  model: ModelDetail,
  sales: readonly SaleRecord[],
): Promise<HeldOutValue[]> {
  const opened = await deps.avm.open(await loadArtifact(deps.storage, model));
  try {
    return valueLater(opened, sales);
  } finally {
    opened.free();
  }
}

/** The sales that the challenger valued unseen and the champion had not learned from either, with both values. */
export function pairUp(
  champion: AvmModel,
  sales: readonly SaleRecord[],
  challenger: readonly HeldOutValue[],
): PairedSale[] {
  const ours = new Map(challenger.map(({ row, value }) => [row, value]));
  const wanted = sales.filter(({ row }) => ours.has(row));
  return valueLater(champion, wanted).map(({ row, price, value }) => ({
    price,
    challenger: ours.get(row)!,
    champion: value,
  }));
}

/** What a model says, each as of its own day, of the sales after the newest one it learned from. Refused ones are left out. */
function valueLater(model: AvmModel, sales: readonly SaleRecord[]): HeldOutValue[] {
  const { newestSale } = model;
  if (newestSale === null) return [];
  const byDay = new Map<string, SaleRecord[]>();
  for (const sale of sales) {
    if (sale.closeDate === null || sale.closeDate <= newestSale) continue;
    const day = byDay.get(sale.closeDate);
    if (day === undefined) byDay.set(sale.closeDate, [sale]);
    else day.push(sale);
  }
  return [...byDay].flatMap(([asOf, day]) => {
    const values = model.valueBatch(day, asOf);
    return day.flatMap(({ row, closePrice }, at) => {
      const value = values[at];
      return value === undefined || 'refused' in value ? [] : [{ row, price: closePrice, value: value.value }];
    });
  });
}
