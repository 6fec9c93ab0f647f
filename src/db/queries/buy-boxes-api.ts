import { ReosError } from '../../domain/errors.ts';
import type { TenantTrx } from '../tenant.ts';
import type { StoredBuyBox } from './buy-boxes.ts';

const COLUMNS = [
  'id',
  'contactId',
  'name',
  'createdAt',
  'countyFips',
  'propertyTypes',
  'zipCodes',
  'minPriceCents',
  'maxPriceCents',
  'minScore',
  'minBedrooms',
  'minSqft',
] as const;

/** Buy boxes in order of their ids, those after `afterId`. */
export function listBuyBoxPage(
  trx: TenantTrx,
  filter: { contactId?: string | undefined; afterId: string | undefined; limit: number },
): Promise<StoredBuyBox[]> {
  return trx.db
    .selectFrom('buyBoxes')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.contactId !== undefined, (query) => query.where('contactId', '=', filter.contactId!))
    .$if(filter.afterId !== undefined, (query) => query.where('id', '>', filter.afterId!))
    .orderBy('id')
    .limit(filter.limit)
    .execute();
}

/**
 * The buy box of an id.
 * @throws ReosError `not_found`, the same for an id of another tenant
 */
export async function buyBoxOfId(trx: TenantTrx, boxId: string): Promise<StoredBuyBox> {
  const found = await trx.db
    .selectFrom('buyBoxes')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', boxId)
    .executeTakeFirst();
  if (found !== undefined) return found;
  throw new ReosError('not_found', `There is no buy box ${boxId}.`);
}
