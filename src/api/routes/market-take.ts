import { v5 as uuidV5 } from 'uuid';
import { type Merged, noteHttpRows } from '../../db/queries/market-offers.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { joinProblems, ReosError } from '../../domain/errors.ts';
import type { ReadRow } from './market-rows.ts';

interface Refused {
  index: number;
  id: string | null;
  reasons: string[];
}

/** A kind of rows that machines send, and what they are merged with. */
export interface EventFeed<T> {
  feed: string;
  read(value: unknown, now: Date): ReadRow<T>;
  keyOf(row: T): string;
  /** The two rows of one key as one: what the second adds; or why it cannot be the same thing. */
  join(first: T, second: T): { row: T; isNew: boolean } | { reason: string };
  merge(trx: TenantTrx, rows: readonly T[], loadId: string): Promise<Merged>;
  /** Of rows that the merge left as they were: those that are something else under the same key. */
  differing(trx: TenantTrx, rows: readonly T[]): Promise<Map<T, string>>;
}

/** What became of the rows that were sent. */
export interface Taken {
  accepted: number;
  repeated: number;
  updated: number;
  rejected: Refused[];
}

/** Takes a single row. @throws ReosError `validation` with every reason when it is refused */
export async function takeOne<T>(trx: TenantTrx, feed: EventFeed<T>, value: unknown, now: Date): Promise<Taken> {
  const taken = await merge(trx, feed, [value], now);
  const [refused] = taken.rejected;
  if (refused !== undefined) {
    const field = refused.reasons[0]?.split(':')[0] ?? 'body';
    throw new ReosError('validation', joinProblems(refused.reasons), { details: { field } });
  }
  await note(trx, feed, [value], taken, now);
  return taken;
}

/** Takes rows: the good ones are kept, the others told of and kept aside with their reasons. */
export async function takeEvents<T>(
  trx: TenantTrx,
  feed: EventFeed<T>,
  values: readonly unknown[],
  now: Date,
): Promise<Taken> {
  const taken = await merge(trx, feed, values, now);
  await note(trx, feed, values, taken, now);
  return taken;
}

async function merge<T>(trx: TenantTrx, feed: EventFeed<T>, values: readonly unknown[], now: Date): Promise<Taken> {
  const taken: Taken = { accepted: 0, repeated: 0, updated: 0, rejected: [] };
  const refuse = (index: number, reasons: string[]) => taken.rejected.push({ index, id: idOf(values[index]), reasons });
  const good = [...gather(feed, values, now, taken, refuse).values()];
  if (good.length > 0) {
    const rows = good.map(({ row }) => row);
    const { accepted, updated } = await feed.merge(trx, rows, loadOf(trx, feed, now).id);
    taken.accepted = accepted.size;
    taken.updated += updated.size;
    const rest = good.filter((_, place) => !accepted.has(place) && !updated.has(place));
    const others =
      rest.length === 0
        ? new Map<T, string>()
        : await feed.differing(
            trx,
            rest.map(({ row }) => row),
          );
    for (const { row, index } of rest) {
      const reason = others.get(row);
      if (reason === undefined) taken.repeated += 1;
      else refuse(index, [reason]);
    }
  }
  taken.rejected.sort((a, b) => a.index - b.index);
  return taken;
}

/** The rows by their keys; a key that comes twice is one row. */
function gather<T>(
  feed: EventFeed<T>,
  values: readonly unknown[],
  now: Date,
  taken: Taken,
  refuse: (index: number, reasons: string[]) => void,
): Map<string, { row: T; index: number }> {
  const rows = new Map<string, { row: T; index: number }>();
  for (const [index, value] of values.entries()) {
    const read = feed.read(value, now);
    if ('reasons' in read) {
      refuse(index, read.reasons);
      continue;
    }
    const key = feed.keyOf(read.row);
    const first = rows.get(key);
    if (first === undefined) {
      rows.set(key, { row: read.row, index });
      continue;
    }
    const joined = feed.join(first.row, read.row);
    if ('reason' in joined) {
      refuse(index, [joined.reason]);
      continue;
    }
    first.row = joined.row;
    if (joined.isNew) taken.updated += 1;
    else taken.repeated += 1;
  }
  return rows;
}

/** Rows of an hour are one load: some thousand batches in it would say no more. */
function loadOf(trx: TenantTrx, { feed }: { feed: string }, now: Date) {
  return { id: uuidV5(`http:${feed}:${now.toISOString().slice(0, 13)}`, trx.tenantId), feed };
}

function note(
  trx: TenantTrx,
  feed: { feed: string },
  values: readonly unknown[],
  taken: Taken,
  now: Date,
): Promise<void> {
  return noteHttpRows(trx, loadOf(trx, feed, now), {
    read: values.length,
    kept: taken.accepted + taken.updated,
    repeated: taken.repeated,
    rejected: taken.rejected.map(({ index, reasons }) => ({
      reference: `${now.toISOString()} event ${index}`,
      reasons,
      payload: values[index],
    })),
  });
}

function idOf(value: unknown): string | null {
  const { event_id: event, property_ref: home } = (value ?? {}) as { event_id?: unknown; property_ref?: unknown };
  const id = event ?? home;
  return typeof id === 'string' ? id.slice(0, 200) : null;
}
