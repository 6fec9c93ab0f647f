import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { CHAIN_START, hashDetail, hashEntry, readHead } from './audit.ts';

/** Whether the chain is whole. */
export interface AuditVerdict {
  ok: boolean;
  /** Entries that were found good. */
  entries: number;
  /** Number of the first entry that is wrong or missing. */
  firstBroken: number | null;
  reason: string | null;
}

const BATCH_ROWS = 1000;

/**
 * Walks the tenant's audit chain from its start, and says the first entry that was changed, put in or taken out.
 * An entry whose detail was erased is good.
 */
export async function verifyAudit(trx: TenantTrx): Promise<AuditVerdict> {
  let last: { seq: number; hash: string } | null = null;
  const broken = (firstBroken: number, reason: string): AuditVerdict => ({
    ok: false,
    entries: last?.seq ?? 0,
    firstBroken,
    reason,
  });
  for (;;) {
    const rows: Row[] = await readBatch(trx, last?.seq ?? null);
    for (const row of rows) {
      const fault = faultOf(row, last ?? { seq: 0, hash: CHAIN_START });
      if (fault !== null) return broken(Math.min(row.seq, (last?.seq ?? 0) + 1), fault);
      last = { seq: row.seq, hash: row.hash };
    }
    if (rows.length === BATCH_ROWS) continue;
    // Read after the entries, so that it is never behind them; entries added since are looked at in another round.
    const end = (await readHead(trx)) ?? { seq: 0, hash: CHAIN_START };
    const seen = last ?? { seq: 0, hash: CHAIN_START };
    if (end.seq > seen.seq && rows.length > 0) continue;
    if (end.seq > seen.seq) return broken(seen.seq + 1, `Entries ${seen.seq + 1} to ${end.seq} are missing.`);
    if (end.seq < seen.seq) {
      return broken(end.seq + 1, `The chain ends with entry ${end.seq}; what follows was not written with it.`);
    }
    if (end.hash !== seen.hash) return broken(seen.seq, `Entry ${seen.seq} is not the one that the chain ended with.`);
    return { ok: true, entries: seen.seq, firstBroken: null, reason: null };
  }
}

type Row = Awaited<ReturnType<typeof readBatch>>[number];

function faultOf(row: Row, last: { seq: number; hash: string }): string | null {
  const { detail, detailSalt, hash, ...columns } = row;
  if (row.seq < 1) return `Entry ${row.seq} stands before the chain's start.`;
  if (row.seq !== last.seq + 1) return `Entry ${last.seq + 1} is missing.`;
  if (row.previousHash !== last.hash) return `Entry ${row.seq} does not follow from the entry before it.`;
  if (hashEntry(columns) !== hash) return `Entry ${row.seq} was changed: its hash does not fit its columns.`;
  const isErased = detail === null && detailSalt === null;
  if (!isErased && (detailSalt === null || hashDetail(detailSalt, detail) !== row.detailHash)) {
    return `The detail of entry ${row.seq} was changed: it does not fit its hash.`;
  }
  return null;
}

function readBatch(trx: TenantTrx, afterSeq: number | null) {
  return trx.db
    .selectFrom('auditLog')
    .select(['tenantId', 'seq', 'actorKind', 'actorId', 'action', 'resource', 'outcome', 'requestId', 'subjectId'])
    .select(['detail', 'detailSalt', 'detailHash', 'previousHash', 'hash'])
    .select(sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'))
    .where('tenantId', '=', trx.tenantId)
    .$if(afterSeq !== null, (query) => query.where('seq', '>', afterSeq!))
    .orderBy('seq')
    .limit(BATCH_ROWS)
    .execute();
}
