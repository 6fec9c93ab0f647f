import type { TenantTrx } from '../tenant.ts';

/** Messages in order of their send ids, those after `afterId`. Never whom they went to: that is sealed. */
export function listMessagePage(
  trx: TenantTrx,
  filter: {
    campaignId?: string | undefined;
    propertyId?: string | undefined;
    status?: string | undefined;
    afterId: string | undefined;
    limit: number;
  },
) {
  return trx.db
    .selectFrom('outreachMessages')
    .select(['sendId', 'channel', 'contactId', 'propertyId', 'campaignId', 'step', 'variant', 'status', 'provider'])
    .select(['error', 'heldReason', 'heldUntil', 'costMicros', 'createdAt', 'sentAt', 'deliveredAt'])
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.campaignId !== undefined, (query) => query.where('campaignId', '=', filter.campaignId!))
    .$if(filter.propertyId !== undefined, (query) => query.where('propertyId', '=', filter.propertyId!))
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.afterId !== undefined, (query) => query.where('sendId', '>', filter.afterId!))
    .orderBy('sendId')
    .limit(filter.limit)
    .execute();
}
