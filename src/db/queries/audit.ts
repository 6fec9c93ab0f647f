import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** What goes into the audit log. */
export interface AuditEntry {
  at: Date;
  actorKind: 'user' | 'api_key' | 'system';
  /** The user's or key's id; a part's name. */
  actorId: string;
  /** `noun:verb`. */
  action: string;
  /** What was acted on: the operation, with the id of the thing after a colon. */
  resource: string;
  outcome: 'ok' | 'refused' | 'failed';
  requestId: string | null;
  /** Whose data the detail holds: a contact's or user's id, for erasure. */
  subjectId: string | null;
  /** Facts beside; never secrets. */
  detail: Record<string, unknown>;
}

/** An entry as it is in the log; `detail` is null when it was erased. */
export interface AuditRow extends Omit<AuditEntry, 'detail' | 'actorKind' | 'outcome'> {
  seq: number;
  actorKind: string;
  outcome: string;
  detail: unknown;
  hash: string;
}

const CHAIN = 'audit';
/** `previous_hash` of the first entry. */
export const CHAIN_START = '0'.repeat(64);

/** What an entry's hash is made of: every column but the detail and its salt, for which `detailHash` stands. */
export interface HashedColumns extends Omit<AuditEntry, 'at' | 'detail' | 'actorKind' | 'outcome'> {
  tenantId: string;
  seq: number;
  /** UTC with six decimals, as Postgres keeps it. */
  at: string;
  actorKind: string;
  outcome: string;
  detailHash: string;
  previousHash: string;
}

/** The hash of an entry (SHA-256, hex). */
export function hashEntry(columns: HashedColumns): string {
  const { tenantId, seq, at, actorKind, actorId, action, resource, outcome, requestId, subjectId } = columns;
  const parts = [tenantId, seq, at, actorKind, actorId, action, resource, outcome, requestId, subjectId];
  return createHash('sha256')
    .update(JSON.stringify([...parts, columns.detailHash, columns.previousHash]))
    .digest('hex');
}

/** The salted hash of a detail (SHA-256, hex). */
export function hashDetail(salt: string, detail: unknown): string {
  return createHash('sha256')
    .update(`${salt}\n${canonicalJson(detail)}`)
    .digest('hex');
}

/**
 * Adds an entry to the tenant's chain, in the transaction of what it tells of. The chain is held until the transaction
 * ends, so this comes last in it.
 */
export async function appendAudit(trx: TenantTrx, entry: AuditEntry): Promise<void> {
  const { tenantId } = trx;
  // A statement of its own: the next one must see what the one before in the chain has committed.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit:${tenantId}`}, 0))`.execute(trx.db);
  const head = await readHead(trx);
  const { at, detail, ...plain } = entry;
  const detailSalt = randomBytes(16).toString('hex');
  const columns = {
    ...plain,
    tenantId,
    seq: (head?.seq ?? 0) + 1,
    detailHash: hashDetail(detailSalt, detail),
    previousHash: head?.hash ?? CHAIN_START,
  };
  const hash = hashEntry({ ...columns, at: at.toISOString().replace('Z', '000Z') });
  await trx.db
    .with('entry', (db) =>
      db
        .insertInto('auditLog')
        .values({ ...columns, at, detail: json(detail), detailSalt, hash })
        .returning('seq'),
    )
    .insertInto('auditHeads')
    .values({ tenantId, chain: CHAIN, seq: columns.seq, hash })
    .onConflict((oc) => oc.columns(['tenantId', 'chain']).doUpdateSet({ seq: columns.seq, hash }))
    .execute();
}

/** Where the tenant's chain ends, as it was written with the last entry. */
export function readHead(trx: TenantTrx): Promise<{ seq: number; hash: string } | undefined> {
  return trx.db
    .selectFrom('auditHeads')
    .select(['seq', 'hash'])
    .where('tenantId', '=', trx.tenantId)
    .where('chain', '=', CHAIN)
    .executeTakeFirst();
}

/** Which entries, and from where on. */
export interface AuditPage {
  limit: number;
  beforeSeq: number | undefined;
  /** The id of a user or key, or a part's name. */
  actor?: string | undefined;
  /** `noun:verb`, or all of a noun as `noun:*`. */
  action?: string | undefined;
  /** Of this moment and later. */
  from?: Date | undefined;
  /** Of before this moment. */
  to?: Date | undefined;
}

/** Entries, newest first, those before `beforeSeq`. */
export function listAudit(trx: TenantTrx, page: AuditPage): Promise<AuditRow[]> {
  const { beforeSeq, actor, action, from, to } = page;
  const noun = action?.endsWith(':*') === true ? action.slice(0, -1) : undefined;
  return trx.db
    .selectFrom('auditLog')
    .select(['seq', 'at', 'actorKind', 'actorId', 'action', 'resource', 'outcome', 'requestId', 'subjectId'])
    .select(['detail', 'hash'])
    .where('tenantId', '=', trx.tenantId)
    .$if(beforeSeq !== undefined, (query) => query.where('seq', '<', beforeSeq!))
    .$if(actor !== undefined, (query) => query.where('actorId', '=', actor!))
    .$if(noun !== undefined, (query) => query.where(sql<boolean>`starts_with(action, ${noun})`))
    .$if(action !== undefined && noun === undefined, (query) => query.where('action', '=', action!))
    .$if(from !== undefined, (query) => query.where('at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('at', '<', to!))
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .execute();
}

/** Erases what the log's details hold of a person; the chain stays verifiable. Returns how many entries. */
export async function eraseAuditSubject(trx: TenantTrx, subjectId: string): Promise<number> {
  const { numUpdatedRows } = await trx.db
    .updateTable('auditLog')
    .set({ detail: null, detailSalt: null })
    .where('tenantId', '=', trx.tenantId)
    .where('subjectId', '=', subjectId)
    .where('detailSalt', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
