import type { TenantTrx } from '../tenant.ts';

/** One measure of how good data or a model are. */
export interface QualityMetric {
  /** Such as `model_drift`. */
  metricType: string;
  metricName: string;
  value: number;
  /** Bound between passing and not; null where there is none. */
  threshold: number | null;
  isPassing: boolean;
  entityType: string;
  entityId: string;
}

/** Keeps measures as of now. */
export async function saveQualityMetrics(trx: TenantTrx, metrics: readonly QualityMetric[]): Promise<void> {
  if (metrics.length === 0) return;
  await trx.db
    .insertInto('dataQualityMetrics')
    .values(metrics.map((metric) => ({ tenantId: trx.tenantId, ...metric })))
    .execute();
}
