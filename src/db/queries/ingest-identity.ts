import { sql } from 'kysely';
import { propertyId } from '../../domain/ids.ts';
import { identitiesOf } from '../../domain/record-facts.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvents } from './events.ts';
import { type IncomingRecord, keyOf, type ResolvedRecord } from './ingest-writes.ts';

/** The stored prospects among a batch's records, by source key. */
export type KnownProspects = ReadonlyMap<string, { hash: string; propertyId: string | null }>;

/** Two properties that a record says are one house. Which facts to keep is a person's decision. */
export interface PossibleDuplicate {
  propertyId: string;
  otherId: string;
  record: IncomingRecord;
}

interface Identified {
  item: IncomingRecord;
  identities: string[];
  apn: string | undefined;
  address: string | undefined;
  known: string | undefined;
}

/**
 * Finds the property of each record: the one its (source, source_id) has, else its parcel number's, else its address's.
 * Rows of one batch help each other, so their order does not matter. An address does not join two parcel numbers: units
 * of one building often share it.
 */
export async function resolveProperties(
  trx: TenantTrx,
  countyFips: string,
  records: readonly IncomingRecord[],
  known: KnownProspects,
): Promise<{ resolved: ResolvedRecord[]; duplicates: PossibleDuplicate[] }> {
  const all = records.map((item): Identified => {
    const identities = identitiesOf(item.record, countyFips);
    const named = (kind: string) => identities.find((identity) => identity.startsWith(`${kind}:`));
    const stored = known.get(keyOf(item.record))?.propertyId ?? undefined;
    return { item, identities, apn: named('apn'), address: named('address'), known: stored };
  });
  const lookUp = resolver(trx.tenantId, countyFips, all, await storedIdentities(trx, countyFips, all));
  const seen = new Set<string>();
  const duplicates = new Map<string, PossibleDuplicate>();
  const resolved = all.map((one): ResolvedRecord => {
    const { id, isNew, others } = lookUp(one);
    const isNewProperty = isNew && !seen.has(id);
    seen.add(id);
    for (const otherId of others) {
      duplicates.set([id, otherId].sort().join(), { propertyId: id, otherId, record: one.item });
    }
    return { ...one.item, identities: one.identities, propertyId: id, isNewProperty };
  });
  return { resolved, duplicates: [...duplicates.values()] };
}

interface StoredIdentity {
  propertyId: string;
  /** Parcel number of the property, as an identity; null while none is known. */
  apn: string | null;
}

async function storedIdentities(
  trx: TenantTrx,
  countyFips: string,
  all: readonly Identified[],
): Promise<Map<string, StoredIdentity>> {
  const rows = await trx.db
    .selectFrom('propertyAliases as a')
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'a.tenantId').onRef('p.id', '=', 'a.propertyId'),
    )
    .select([
      'a.identity',
      'a.propertyId',
      // A made-up parcel number identifies nothing.
      sql<string | null>`case when (p.field_sources -> 'apn' ->> 'simulated')::boolean then null else p.apn end`.as(
        'apn',
      ),
    ])
    .where('a.tenantId', '=', trx.tenantId)
    .where('a.countyFips', '=', countyFips)
    .where('a.identity', '=', sql<string>`any(${all.flatMap(({ identities }) => identities)}::text[])`)
    .execute();
  return new Map(
    rows.map((row) => [row.identity, { propertyId: row.propertyId, apn: row.apn === null ? null : `apn:${row.apn}` }]),
  );
}

type Found = { id: string; isNew: boolean; others: string[] };

function resolver(
  tenantId: string,
  countyFips: string,
  all: readonly Identified[],
  stored: ReadonlyMap<string, StoredIdentity>,
): (one: Identified) => Found {
  const newId = (identity: string) => propertyId(tenantId, countyFips, identity.replace(/^(apn|address):/, ''));
  const addressesOf = group(all, 'apn', 'address');
  const apnsOf = group(all, 'address', 'apn');
  const knownOf = new Map(all.flatMap(({ apn, known }) => (apn && known ? [[apn, known] as const] : [])));
  const knownAt = new Map(
    all.flatMap(({ apn, address, known }) => (!apn && address && known ? [[address, known] as const] : [])),
  );
  /** The property at an address, when it may be this parcel: it has this number, or none and no other claims it first. */
  const atAddress = (address: string, apn: string): string | undefined => {
    const there = stored.get(address);
    const isFree = there !== undefined && there.apn === null && apnsOf.get(address)?.[0] === apn;
    return isFree || there?.apn === apn ? there!.propertyId : undefined;
  };
  const ofApn = (apn: string): string | undefined => {
    const near = (addressesOf.get(apn) ?? []).map((address) => atAddress(address, apn));
    return stored.get(apn)?.propertyId ?? near.find((id) => id !== undefined) ?? knownOf.get(apn);
  };
  return ({ item, apn, address, known }) => {
    if (apn !== undefined) {
      const id = known ?? ofApn(apn) ?? newId(apn);
      const claims = [ofApn(apn), address === undefined ? undefined : atAddress(address, apn)];
      const others = [...new Set(claims.flatMap((other) => (other === undefined || other === id ? [] : [other])))];
      return { id, isNew: known === undefined && ofApn(apn) === undefined, others };
    }
    if (known !== undefined) return { id: known, isNew: false, others: [] };
    if (address === undefined) return { id: newId(`source:${keyOf(item.record)}`), isNew: true, others: [] };
    const parcel = apnsOf.get(address)?.[0];
    const existing = stored.get(address)?.propertyId ?? (parcel && ofApn(parcel)) ?? knownAt.get(address);
    return { id: existing ?? newId(parcel ?? address), isNew: existing === undefined, others: [] };
  };
}

/** For each value of one identity, the values of the other that stand beside it, sorted: the same in any order of rows. */
function group(all: readonly Identified[], by: 'apn' | 'address', of: 'apn' | 'address'): Map<string, string[]> {
  const groups = new Map<string, Set<string>>();
  for (const one of all) {
    const [key, value] = [one[by], one[of]];
    if (key === undefined || value === undefined) continue;
    groups.set(key, (groups.get(key) ?? new Set()).add(value));
  }
  return new Map([...groups].map(([key, values]) => [key, [...values].sort()]));
}

/** Asks a person to look at pairs that are probably one house; both keep their own lifecycle until then. */
export async function tellDuplicates(
  trx: TenantTrx,
  jobId: string,
  duplicates: readonly PossibleDuplicate[],
): Promise<void> {
  if (duplicates.length === 0) return;
  const ids = duplicates.flatMap(({ propertyId: id, otherId }) => [id, otherId]);
  await trx.db
    .updateTable('properties')
    .set({ needsReview: true })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  await appendEvents(
    trx,
    duplicates.map(({ propertyId: id, otherId, record: { record } }) => ({
      eventType: 'timeline.updated' as const,
      propertyId: id,
      correlationId: jobId,
      payload: { what: 'possible_duplicate', other: otherId, source: record.source, source_id: record.source_id },
      source: 'discover',
    })),
  );
}
