import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ContactDetails, ContactKind } from '../../domain/outreach/contact.ts';
import type { ContactPlace } from '../../domain/outreach/contact-place.ts';
import type { TenantTrx } from '../tenant.ts';
import { type ContactKeys, openDetails, sealDetails } from './contacts.ts';

/** A contact as a file has it. */
export interface IncomingContact {
  details: ContactDetails;
  place: ContactPlace;
  tags: readonly string[];
  source: string;
}

/**
 * What became of a row: `erased` is a person who asked to be forgotten and is not stored again; `archived` one that a
 * person has put away, which stays as it is.
 */
export type ImportOutcome = 'created' | 'updated' | 'unchanged' | 'archived' | 'erased';

/** A contact while a batch is merged. */
interface Held {
  id: string;
  details: ContactDetails;
  hashes: Hashes;
  tags: string[];
  place: ContactPlace;
  source: string | null;
  isArchived: boolean;
  change: 'new' | 'changed' | null;
}

type Hashes = Pick<ReturnType<typeof sealDetails>, 'emailHash' | 'phoneHash' | 'postalHash'>;

/**
 * Stores a batch of contacts of one kind: each is the known one with its e-mail address, else with its phone, else with
 * its postal address, unless a stronger address says that it is another person. What a known contact lacks is filled in;
 * nothing it has is overwritten. A second time nothing changes.
 * @returns per row, in order, the contact's id (null for `erased`) and what became of it
 */
export async function mergeContacts(
  trx: TenantTrx,
  keys: ContactKeys,
  kind: ContactKind,
  rows: readonly IncomingContact[],
): Promise<{ id: string | null; outcome: ImportOutcome }[]> {
  // Two imports at once would each find nothing and store the same person twice.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:contacts:${kind}`}, 0))`.execute(trx.db);
  const hashed = rows.map((row) => ({ row, hashes: sealDetails(keys, trx.tenantId, randomUUID(), row.details) }));
  const all = hashed.flatMap(({ hashes }) => listHashes(hashes));
  const erased = await findErased(trx, all);
  const index = indexContacts(await loadKnown(trx, keys, kind, all));
  const touched = new Set<Held>();
  const answers = hashed.map(({ row, hashes }): { id: string | null; outcome: ImportOutcome } => {
    if (listHashes(hashes).some((hash) => erased.has(hash))) return { id: null, outcome: 'erased' };
    const known = index.find(hashes);
    if (known === null) {
      const { details, place, tags, source } = row;
      const { emailHash, phoneHash, postalHash } = hashes;
      const made: Held = {
        id: randomUUID(),
        details,
        hashes: { emailHash, phoneHash, postalHash },
        tags: [...tags],
        place,
        source,
        isArchived: false,
        change: 'new',
      };
      index.add(made);
      touched.add(made);
      return { id: made.id, outcome: 'created' };
    }
    if (known.isArchived) return { id: known.id, outcome: 'archived' };
    const isChanged = fillIn(known, row, hashes);
    if (isChanged) {
      index.add(known);
      touched.add(known);
      known.change ??= 'changed';
    }
    return { id: known.id, outcome: isChanged ? 'updated' : 'unchanged' };
  });
  await writeContacts(trx, keys, kind, [...touched]);
  return answers;
}

const listHashes = ({ emailHash, phoneHash, postalHash }: Hashes) =>
  [emailHash, phoneHash, postalHash].filter((hash) => hash !== null);

/** Which of the addresses belong to people who asked to be erased. */
async function findErased(trx: TenantTrx, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await trx.db
    .selectFrom('suppressions')
    .select('addressHash')
    .where('tenantId', '=', trx.tenantId)
    .where('reason', '=', 'erased')
    .where('addressHash', '=', sql<string>`any(${[...hashes]}::text[])`)
    .execute();
  return new Set(rows.map((row) => row.addressHash));
}

async function loadKnown(
  trx: TenantTrx,
  keys: ContactKeys,
  kind: ContactKind,
  all: readonly string[],
): Promise<Held[]> {
  const isOne = sql<string>`any(${[...all]}::text[])`;
  const rows = await trx.db
    .selectFrom('contacts')
    .select(['id', 'status', 'sealed', 'emailHash', 'phoneHash', 'postalHash', 'timeZone', 'state', 'tags', 'source'])
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', kind)
    .where('erasedAt', 'is', null)
    .where((eb) => eb.or([eb('emailHash', '=', isOne), eb('phoneHash', '=', isOne), eb('postalHash', '=', isOne)]))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map(({ id, status, sealed, timeZone, state, tags, source, ...hashes }) => ({
    id,
    details: openDetails(keys, trx.tenantId, { id, sealed }),
    hashes,
    tags,
    place: { state, timeZone },
    source,
    isArchived: status === 'archived',
    change: null,
  }));
}

function indexContacts(known: readonly Held[]) {
  const maps = { emailHash: new Map<string, Set<Held>>(), phoneHash: new Map(), postalHash: new Map() };
  const names = ['emailHash', 'phoneHash', 'postalHash'] as const;
  const add = (held: Held) => {
    for (const name of names) {
      const hash = held.hashes[name];
      if (hash === null) continue;
      const same: Set<Held> = maps[name].get(hash) ?? new Set();
      maps[name].set(hash, same.add(held));
    }
  };
  for (const held of known) add(held);
  return {
    add,
    /** By the strongest address that is known; two that differ in a stronger one are two people. */
    find(hashes: Hashes): Held | null {
      for (const [at, name] of names.entries()) {
        const hash = hashes[name];
        const stronger = names.slice(0, at);
        const differs = (held: Held) =>
          stronger.some(
            (other) => hashes[other] !== null && held.hashes[other] !== null && hashes[other] !== held.hashes[other],
          );
        const candidates: Held[] = hash === null ? [] : [...(maps[name].get(hash) ?? [])];
        const found = candidates.find((held) => !differs(held));
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

/** Adds what the known contact lacks; returns whether that was anything. */
function fillIn(known: Held, { details, place, tags }: IncomingContact, hashes: Hashes): boolean {
  const before = JSON.stringify([known.details, known.tags, known.place.state]);
  known.details = {
    name: known.details.name === '' ? details.name : known.details.name,
    email: known.details.email ?? details.email,
    phone: known.details.phone ?? details.phone,
    postalAddress: known.details.postalAddress ?? details.postalAddress,
  };
  known.hashes = {
    emailHash: known.hashes.emailHash ?? hashes.emailHash,
    phoneHash: known.hashes.phoneHash ?? hashes.phoneHash,
    postalHash: known.hashes.postalHash ?? hashes.postalHash,
  };
  known.tags = [...new Set([...known.tags, ...tags])].sort();
  known.place = { ...known.place, state: known.place.state ?? place.state };
  return JSON.stringify([known.details, known.tags, known.place.state]) !== before;
}

async function writeContacts(
  trx: TenantTrx,
  keys: ContactKeys,
  kind: ContactKind,
  held: readonly Held[],
): Promise<void> {
  const made = held.filter((one) => one.change === 'new');
  const columns = (one: Held) => ({
    ...sealDetails(keys, trx.tenantId, one.id, one.details),
    timeZone: one.place.timeZone,
    state: one.place.state,
    tags: one.tags,
  });
  if (made.length > 0) {
    await trx.db
      .insertInto('contacts')
      .values(made.map((one) => ({ tenantId: trx.tenantId, id: one.id, kind, source: one.source, ...columns(one) })))
      .execute();
  }
  for (const one of held.filter(({ change }) => change === 'changed')) {
    await trx.db
      .updateTable('contacts')
      .set({ ...columns(one), updatedAt: sql<Date>`now()` })
      .where('tenantId', '=', trx.tenantId)
      .where('id', '=', one.id)
      .execute();
  }
}
