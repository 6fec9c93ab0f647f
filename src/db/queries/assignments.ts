import { type SqlBool, sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** A property that a user looks after. `assignedBy`: id of the user or key. `completedAt` is null while it is open. */
export interface Assignment {
  propertyId: string;
  userId: string;
  note: string | null;
  dueAt: Date | null;
  assignedBy: string;
  assignedAt: Date;
  completedAt: Date | null;
}

const COLUMNS = ['propertyId', 'userId', 'note', 'dueAt', 'assignedBy', 'assignedAt', 'completedAt'] as const;

/** The assignments of a user, newest first; `open`: only those that are (or are not) open. */
export function listAssignments(
  trx: TenantTrx,
  userId: string,
  page: { limit: number; after: TimePlace | undefined; open: boolean | undefined },
): Promise<(Assignment & { micros: number })[]> {
  return trx.db
    .selectFrom('assignments')
    .select([...COLUMNS, microsOf('assignedAt').as('micros')])
    .where('tenantId', '=', trx.tenantId)
    .where('userId', '=', userId)
    .$if(page.open !== undefined, (query) => query.where(sql<SqlBool>`(completed_at is null) = ${page.open}`))
    .$if(page.after !== undefined, (query) => query.where(isAfter('assignedAt', 'propertyId', page.after!, 'desc')))
    .orderBy('assignedAt', 'desc')
    .orderBy('propertyId', 'desc')
    .limit(page.limit)
    .execute();
}

/** Who looks after a property or did, by name (200 at most). */
export function listAssignees(trx: TenantTrx, propertyId: string): Promise<(Assignment & { userName: string })[]> {
  return trx.db
    .selectFrom('assignments as a')
    .innerJoin('userAccounts as u', (join) =>
      join.onRef('u.tenantId', '=', 'a.tenantId').onRef('u.id', '=', 'a.userId'),
    )
    .select([...COLUMNS.map((column) => `a.${column}` as const), 'u.name as userName'])
    .where('a.tenantId', '=', trx.tenantId)
    .where('a.propertyId', '=', propertyId)
    .orderBy('u.name')
    .orderBy('a.userId')
    .limit(200)
    .execute();
}

/** Assigns a property to a user, or changes that assignment; `isNew` when it was not open before. */
export async function putAssignment(
  trx: TenantTrx,
  one: { propertyId: string; userId: string; note: string | null; dueAt: Date | null; isCompleted: boolean },
  by: string,
  now: Date,
): Promise<Assignment & { isNew: boolean }> {
  const known = await trx.db
    .selectFrom('assignments')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', one.propertyId)
    .where('userId', '=', one.userId)
    .forUpdate()
    .executeTakeFirst();
  const isNew = !one.isCompleted && (known === undefined || known.completedAt !== null);
  const change = {
    note: one.note,
    dueAt: one.dueAt,
    assignedBy: isNew ? by : (known?.assignedBy ?? by),
    assignedAt: isNew ? now : (known?.assignedAt ?? now),
    completedAt: one.isCompleted ? (known?.completedAt ?? now) : null,
  };
  const row = await trx.db
    .insertInto('assignments')
    .values({ tenantId: trx.tenantId, propertyId: one.propertyId, userId: one.userId, ...change })
    .onConflict((oc) => oc.columns(['tenantId', 'propertyId', 'userId']).doUpdateSet(change))
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return { ...row, isNew };
}

/** Takes a property from a user; false when they did not have it. */
export async function deleteAssignment(trx: TenantTrx, propertyId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('assignments')
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
