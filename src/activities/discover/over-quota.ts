import type { QuarantinedRow } from '../../db/queries/discovery.ts';
import type { IngestCounts } from '../../db/queries/ingest.ts';
import { keyOf } from '../../db/queries/ingest-writes.ts';
import type { DiscoveredItem } from './source.ts';

/** Rows that were fine but for the plan, as they wait in the quarantine: whole, each with the reason. */
export function overQuota(
  items: readonly DiscoveredItem[],
  counts: Pick<IngestCounts, 'overQuota' | 'quotaRefusal'>,
): QuarantinedRow[] {
  if (counts.quotaRefusal === null) return [];
  const reason = { field: '(row)', code: 'quota_exceeded', message: counts.quotaRefusal, value: null };
  return items.flatMap((item) =>
    item.type === 'record' && counts.overQuota.has(keyOf(item.record))
      ? [{ rowReference: item.rowReference, kind: 'quota' as const, reasons: [reason], payload: { ...item.record } }]
      : [],
  );
}

/** Why a job that met the end of the plan is marked failed. What it stored before stays. */
export function quotaProblem(source: string, over: { rows: number; reason: string | null }): string {
  return `${source}: ${over.rows} rows were not stored. ${over.reason ?? ''} The quarantine keeps them.`;
}
