import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import { countByStatus, listLifecycles, listQuarantine } from '../db/queries/reports.ts';
import { latestScore } from '../db/queries/scores.ts';
import type { TenantTrx } from '../db/tenant.ts';

/** The totals of the demo tenant: what `reos demo --json` prints, under the API's keys. */
export interface DemoSummary {
  properties: number;
  /** Properties per status. */
  stages: Record<string, number>;
  settled: number;
  memos: number;
  sent: number;
  /** Messages that reached one recipient more than once for one (campaign, step), and outbox files beyond one per send. */
  duplicates: number;
  failed: Array<{ property_id: string; stage: string | null; reason: string | null }>;
  refused: Array<{ source: string; row: string; kind: string; reasons: string[] }>;
  messages: Record<string, number>;
  /** Properties whose data holds simulated values. */
  simulated_properties: number;
  top: Array<{
    property_id: string;
    property: string;
    bird_dog_score: number | null;
    asking: boolean;
    status: string;
    reasons: string[];
  }>;
}

/** Reads the totals. `outboxFolder` is the tenant's folder of sent messages. */
export async function summarise(trx: TenantTrx, outboxFolder: string): Promise<DemoSummary> {
  const stages = await countByStatus(trx);
  const totals = await sql<{ memos: number; sent: number; settled: number; simulated: number; repeated: number }>`
    select
      (select count(*)::int from action_packets where tenant_id = ${trx.tenantId} and status = 'generated') as memos,
      (select count(*)::int from outreach_messages where tenant_id = ${trx.tenantId} and sent_at is not null) as sent,
      (select count(settled_at)::int from properties where tenant_id = ${trx.tenantId}) as settled,
      (select count(*)::int from properties where tenant_id = ${trx.tenantId}
        and exists (select from jsonb_each(field_sources) f where (f.value ->> 'simulated')::boolean)) as simulated,
      (select count(*)::int - count(distinct (contact_id, property_id, campaign_id, step))::int
        from outreach_messages where tenant_id = ${trx.tenantId} and sent_at is not null) as repeated`.execute(trx.db);
  const messages = await trx.db
    .selectFrom('outreachMessages')
    .select(['status', sql<number>`count(*)::int`.as('count')])
    .where('tenantId', '=', trx.tenantId)
    .groupBy('status')
    .orderBy('status')
    .execute();
  const failed = await listLifecycles(trx, { status: 'failed', limit: 1_000, offset: 0 });
  const { memos, sent, settled, simulated, repeated } = totals.rows[0]!;
  return {
    properties: Object.values(stages).reduce((sum, count) => sum + count, 0),
    stages,
    settled,
    memos,
    sent,
    duplicates: repeated + (await repeatedFiles(outboxFolder)),
    failed: failed.map(({ id, failedStage, reason }) => ({ property_id: id, stage: failedStage, reason })),
    refused: (await listQuarantine(trx, 100)).map((row) => ({
      source: row.source,
      row: row.rowReference,
      kind: row.kind,
      reasons: (row.reasons as Array<{ message?: string }>).map(({ message }) => message ?? ''),
    })),
    messages: Object.fromEntries(messages.map(({ status, count }) => [status, count])),
    simulated_properties: simulated,
    top: await topTen(trx),
  };
}

/** Files of one send id beyond the first. */
async function repeatedFiles(folder: string): Promise<number> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const ids = names.flatMap((name) => /([0-9a-f-]{36})\.eml$/.exec(name)?.[1] ?? []);
  return ids.length - new Set(ids).size;
}

async function topTen(trx: TenantTrx): Promise<DemoSummary['top']> {
  const rows = await listLifecycles(trx, { limit: 10, offset: 0 });
  const scores: Awaited<ReturnType<typeof latestScore>>[] = [];
  for (const row of rows) scores.push(await latestScore(trx, row.id));
  return rows.map((row, index) => ({
    property_id: row.id,
    property: [row.address ?? row.apn, row.city].filter(Boolean).join(', '),
    bird_dog_score: row.birdDogScore,
    asking: row.listPriceCents !== null,
    status: row.status,
    reasons: ((scores[index]?.reasons ?? []) as Array<{ label: string }>).slice(0, 3).map(({ label }) => label),
  }));
}
