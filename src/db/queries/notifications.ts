import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** Something that a user was told of. `readAt` is null until they have read it. */
export interface Notification {
  id: string;
  kind: string;
  title: string;
  body: string;
  propertyId: string | null;
  reference: string;
  createdAt: Date;
  readAt: Date | null;
}

/** A user's notifications, newest first. */
export function listNotifications(
  trx: TenantTrx,
  userId: string,
  page: { limit: number; after: TimePlace | undefined; unreadOnly: boolean },
): Promise<(Notification & { micros: number })[]> {
  return trx.db
    .selectFrom('notifications as n')
    .select(['n.id', 'n.kind', 'n.title', 'n.body', 'n.propertyId', 'n.reference', 'n.createdAt', 'n.readAt'])
    .select(microsOf('n.createdAt').as('micros'))
    .where('n.tenantId', '=', trx.tenantId)
    .where('n.userId', '=', userId)
    .$if(page.unreadOnly, (query) => query.where('n.readAt', 'is', null))
    .$if(page.after !== undefined, (query) => query.where(isAfter('n.createdAt', 'n.id', page.after!, 'desc')))
    .orderBy('n.createdAt', 'desc')
    .orderBy('n.id', 'desc')
    .limit(page.limit)
    .execute();
}

/** Marks one of a user's notifications as read, once; false when the user has none of that id. */
export async function readNotification(trx: TenantTrx, userId: string, noticeId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('notifications')
    .set((value) => ({ readAt: value.fn.coalesce('readAt', value.val(now)) }))
    .where('tenantId', '=', trx.tenantId)
    .where('userId', '=', userId)
    .where('id', '=', noticeId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Marks all of a user's notifications as read; returns how many were not. */
export async function readNotifications(trx: TenantTrx, userId: string, now: Date): Promise<number> {
  const { numUpdatedRows } = await trx.db
    .updateTable('notifications')
    .set({ readAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('userId', '=', userId)
    .where('readAt', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
