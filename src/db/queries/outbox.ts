import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

function selectMessages(trx: TenantTrx) {
  return trx.db
    .selectFrom('outreachMessages as m')
    .innerJoin('contacts as c', (join) => join.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.contactId'))
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'm.tenantId').onRef('p.id', '=', 'm.propertyId'),
    )
    .select([
      'm.sendId',
      'm.status',
      'm.channel',
      'm.provider',
      'm.sentAt',
      'm.createdAt',
      'm.openCount',
      'm.clickCount',
    ])
    .select(['m.error', 'm.heldReason', 'm.heldUntil', 'm.contactId', 'c.sealed', 'm.propertyId', 'p.apn'])
    .select(['m.campaignId', 'm.step', 'm.variant', 'm.deliveredAt', 'm.costMicros'])
    .select([knownText('p', 'address').as('address'), microsOf('m.createdAt').as('micros')])
    .where('m.tenantId', '=', trx.tenantId);
}

/** Messages with whom and what they are about, the newest first. */
export function listOutbox(
  trx: TenantTrx,
  filter: { status: string | undefined; campaignId: string | undefined; after: TimePlace | undefined; limit: number },
) {
  return selectMessages(trx)
    .$if(filter.status !== undefined, (query) => query.where('m.status', '=', filter.status!))
    .$if(filter.campaignId !== undefined, (query) => query.where('m.campaignId', '=', filter.campaignId!))
    .$if(filter.after !== undefined, (query) => query.where(isAfter('m.createdAt', 'm.sendId', filter.after!, 'desc')))
    .orderBy('m.createdAt', 'desc')
    .orderBy('m.sendId', 'desc')
    .limit(filter.limit)
    .execute();
}

/** One message; undefined when there is none of that id. */
export function findOutboxMessage(trx: TenantTrx, sendId: string) {
  return selectMessages(trx).where('m.sendId', '=', sendId).executeTakeFirst();
}
