import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

/** How often something may be tried within a window. */
export interface AttemptLimit {
  keyHash: string;
  limit: number;
  windowMs: number;
}

/**
 * Counts one attempt, before it is made, so that parallel ones count too.
 * @returns seconds until the next may be made; null when this one may
 */
export async function countAttempt(trx: SystemTrx, { keyHash, limit, windowMs }: AttemptLimit, now: Date) {
  const isOver = sql<boolean>`login_attempts.window_started_at <= ${new Date(now.getTime() - windowMs)}`;
  const row = await trx.db
    .insertInto('loginAttempts')
    .values({ keyHash, failures: 1, windowStartedAt: now })
    .onConflict((oc) =>
      oc.column('keyHash').doUpdateSet({
        failures: sql<number>`case when ${isOver} then 1 else least(login_attempts.failures + 1, 1000000) end`,
        windowStartedAt: sql<Date>`case when ${isOver} then excluded.window_started_at else login_attempts.window_started_at end`,
      }),
    )
    .returning(['failures', 'windowStartedAt'])
    .executeTakeFirstOrThrow();
  if (row.failures <= limit) return null;
  return Math.max(1, Math.ceil((row.windowStartedAt.getTime() + windowMs - now.getTime()) / 1_000));
}

/** Forgets the attempts of a key that succeeded. */
export async function clearAttempts(trx: SystemTrx, keyHash: string): Promise<void> {
  await trx.db.deleteFrom('loginAttempts').where('keyHash', '=', keyHash).execute();
}

/** Takes one attempt back. */
export async function forgiveAttempt(trx: SystemTrx, keyHash: string): Promise<void> {
  await trx.db
    .updateTable('loginAttempts')
    .set({ failures: sql`greatest(failures - 1, 0)` })
    .where('keyHash', '=', keyHash)
    .execute();
}

/** Deletes up to a hundred keys whose window began before the time. */
export async function pruneAttempts(trx: SystemTrx, before: Date): Promise<void> {
  const old = trx.db
    .selectFrom('loginAttempts')
    .select('keyHash')
    .where('windowStartedAt', '<', before)
    .limit(100)
    .forUpdate()
    .skipLocked();
  await trx.db.deleteFrom('loginAttempts').where('keyHash', 'in', old).execute();
}
