import type { ModelDetail } from '../../db/queries/models.ts';
import { type QualityMetric, saveQualityMetrics } from '../../db/queries/quality-metrics.ts';
import { type OutcomeRow, readFeatureRows, readOutcomes } from '../../db/queries/valuations.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { driftReport, type FeatureDrift, PSI_BOUNDS } from '../../domain/valuation/drift.ts';
import { FEW_OUTCOMES, type Track, trackOf, type ValuedSale } from '../../domain/valuation/scoreboard.ts';

/** Newest feature rows that are looked at, at most. */
const MAX_ROWS = 20_000;
/** Median error on newly closed sales beyond this multiple of the held-out one: the model has aged. */
const ERROR_GROWTH = 1.25;

/** Sales of so many days count as newly closed: a champion of years must not hide behind its first ones. */
const NEWLY_CLOSED_DAYS = 180;

/** How far the world has moved from what a model learned. */
export interface ModelDrift {
  rows: number;
  /** Largest first; empty without rows. */
  features: FeatureDrift[];
  /** On newly closed sales of houses that the model had valued before; null without any. */
  outcomes: Track | null;
  /** Median error that the model had on its held-out sales. */
  heldOutError: number;
  /** Sentences for the reader. */
  statements: string[];
}

/** Compares the newest feature rows with the training's, and the errors on newly closed sales with the held-out ones. */
export async function measureDrift(trx: TenantTrx, model: ModelDetail, now: Date): Promise<ModelDrift> {
  const rows = await readFeatureRows(trx, model.id, MAX_ROWS);
  const known = model.featureNames.filter((name) => model.featureHistograms[name] !== undefined);
  const at = known.map((name) => model.featureNames.indexOf(name));
  const values = rows.map((row) => at.map((index) => row.values[index] ?? Number.NaN));
  const features = rows.length === 0 ? [] : driftReport(model.featureHistograms, known, values);
  const closedFrom = new Date(now.getTime() - NEWLY_CLOSED_DAYS * 86_400_000).toISOString().slice(0, 10);
  const outcomes = trackOf((await readOutcomes(trx, { modelId: model.id, closedFrom })).map(valuedSale));
  const heldOutError = model.metrics.mdape;
  return {
    rows: rows.length,
    features,
    outcomes,
    heldOutError,
    statements: statementsOf(rows.length, features, outcomes, heldOutError),
  };
}

/** Keeps a measured drift under `data_quality_metrics`, metric_type `model_drift`. */
export async function recordDrift(trx: TenantTrx, model: ModelDetail, drift: ModelDrift): Promise<void> {
  const entity = { metricType: 'model_drift', entityType: 'model', entityId: model.id };
  const metrics: QualityMetric[] = drift.features.map(({ feature, psi, level }) => ({
    ...entity,
    metricName: `psi:${feature}`,
    value: psi,
    threshold: PSI_BOUNDS.large,
    isPassing: level !== 'large',
  }));
  if (drift.outcomes !== null) {
    metrics.push({
      ...entity,
      metricName: 'median_error',
      value: drift.outcomes.median_error,
      threshold: drift.heldOutError * ERROR_GROWTH,
      isPassing: !hasAged(drift.outcomes, drift.heldOutError),
    });
  }
  await saveQualityMetrics(trx, metrics);
}

/** An outcome as the scoreboard counts it, in whole cents. */
export function valuedSale(row: OutcomeRow): ValuedSale {
  return {
    price: row.priceCents,
    value: row.valueCents,
    low50: row.low50Cents,
    high50: row.high50Cents,
    low80: row.low80Cents,
    high80: row.high80Cents,
    low90: row.low90Cents,
    high90: row.high90Cents,
  };
}

const hasAged = (outcomes: Track, heldOutError: number): boolean =>
  outcomes.count >= FEW_OUTCOMES && outcomes.median_error > heldOutError * ERROR_GROWTH;

function statementsOf(
  rows: number,
  features: readonly FeatureDrift[],
  outcomes: Track | null,
  heldOutError: number,
): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const moved = features.filter(({ level }) => level === 'large').map(({ feature }) => feature);
  const ofFeatures =
    rows === 0
      ? 'No property has been valued by this model yet: there is nothing to compare with its training.'
      : moved.length === 0
        ? `No feature has moved far (PSI above ${PSI_BOUNDS.large}) on ${rows} properties.`
        : `Moved far on ${rows} properties: ${moved.join(', ')}.`;
  if (outcomes === null)
    return [ofFeatures, `None of the houses it valued has sold since, in the last ${NEWLY_CLOSED_DAYS} days.`];
  const { count, median_error: error } = outcomes;
  const compared = `Median error ${percent(error)} on ${count} sales since (the last ${NEWLY_CLOSED_DAYS} days), ${percent(heldOutError)} in training`;
  const advice = hasAged(outcomes, heldOutError) ? '. It has aged: train again.' : '.';
  return [ofFeatures, `${compared}${count < FEW_OUTCOMES ? `; ${count} sales say little.` : advice}`];
}
