import { sql } from 'kysely';
import type { BuyBox } from '../../domain/outreach/buy-box.ts';
import type { TenantTrx } from '../tenant.ts';

/** A buy box as it is stored: of a contact, or (contactId null) of the tenant itself. */
export interface StoredBuyBox extends BuyBox {
  id: string;
  contactId: string | null;
  name: string;
  createdAt: Date;
}

const COLUMNS = [
  'countyFips',
  'propertyTypes',
  'zipCodes',
  'minPriceCents',
  'maxPriceCents',
  'minScore',
  'minBedrooms',
  'minSqft',
] as const;

/** The boxes of a contact, or of everybody; by contact and age. */
export async function listBuyBoxes(trx: TenantTrx, contactId?: string): Promise<StoredBuyBox[]> {
  return trx.db
    .selectFrom('buyBoxes')
    .select(['id', 'contactId', 'name', 'createdAt', ...COLUMNS])
    .where('tenantId', '=', trx.tenantId)
    .$if(contactId !== undefined, (query) => query.where('contactId', '=', contactId!))
    .orderBy('contactId')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

/**
 * Writes the contact's box of that name: a new one, or the known one as it is said now.
 * @returns what became of it, and its id
 */
export async function setBuyBox(
  trx: TenantTrx,
  contactId: string,
  name: string,
  box: BuyBox,
): Promise<{ id: string; outcome: 'created' | 'updated' | 'unchanged' }> {
  const columns = {
    ...box,
    countyFips: box.countyFips === null ? null : [...box.countyFips],
    propertyTypes: box.propertyTypes === null ? null : [...box.propertyTypes],
    zipCodes: box.zipCodes === null ? null : [...box.zipCodes],
  };
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:boxes:${contactId}`}, 0))`.execute(trx.db);
  const known = (await listBuyBoxes(trx, contactId)).find((one) => one.name === name);
  if (known === undefined) {
    const made = await trx.db
      .insertInto('buyBoxes')
      .values({ tenantId: trx.tenantId, contactId, name, ...columns })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id: made.id, outcome: 'created' };
  }
  const isSame = COLUMNS.every((column) => JSON.stringify(known[column]) === JSON.stringify(columns[column]));
  if (isSame) return { id: known.id, outcome: 'unchanged' };
  await trx.db
    .updateTable('buyBoxes')
    .set(columns)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', known.id)
    .execute();
  return { id: known.id, outcome: 'updated' };
}

/** Removes a box. Returns false when there is none of that id. */
export async function removeBuyBox(trx: TenantTrx, id: string): Promise<boolean> {
  const gone = await trx.db
    .deleteFrom('buyBoxes')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .returning('id')
    .execute();
  return gone.length > 0;
}
