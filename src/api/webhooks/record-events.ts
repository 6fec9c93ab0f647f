import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import { findTenantsOfSends, type MessageEvent, recordMessageEvents } from '../../db/queries/outreach-events.ts';
import type { AutomaticPause } from '../../db/queries/sending-states.ts';
import { type TenantTrx, withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { groupBy } from '../../domain/outreach/provider-event-fold.ts';

/** What recording needs. */
export interface RecordDeps {
  db: Database;
  logger: Logger;
  clock: () => Date;
}

/** The counts of an answered batch. */
export interface WebhookReceipt {
  received: number;
  recorded: number;
  duplicates: number;
  /** Events of sends that we do not know: another system's messages through the same account, or deleted ones. */
  unknown_sends: number;
  invalid: number;
}

const TRIES = 3;
const CROSSED = new Set(['40P01', '40001']);

/**
 * Records events of any tenants, one transaction per tenant. Returning means that every event is committed, or known as a
 * duplicate, or of nobody.
 * @throws ReosError `transient` when the database is away: nothing is lost when the provider comes again
 */
export async function recordEvents(
  deps: RecordDeps,
  events: readonly MessageEvent[],
): Promise<Pick<WebhookReceipt, 'recorded' | 'duplicates' | 'unknown_sends'>> {
  const counts = { recorded: 0, duplicates: 0, unknown_sends: 0 };
  if (events.length === 0) return counts;
  const sendIds = [...new Set(events.map((event) => event.sendId))];
  const tenants = await withSystem(deps.db, 'find the tenants of reported sends', (trx) =>
    findTenantsOfSends(trx, sendIds),
  );
  for (const [tenantId, ofTenant] of groupBy(events, (event) => tenants.get(event.sendId))) {
    if (tenantId === undefined) {
      counts.unknown_sends += ofTenant.length;
      continue;
    }
    const done = await inTenant(deps, tenantId, (trx) => recordMessageEvents(trx, ofTenant, deps.clock()));
    warnOfPauses(deps, tenantId, done.pauses);
    counts.recorded += done.recorded;
    counts.duplicates += done.duplicates;
    counts.unknown_sends += done.unknownSends;
  }
  return counts;
}

/** One transaction for a tenant, tried again where two of them crossed. */
export async function inTenant<T>(
  deps: Pick<RecordDeps, 'db'>,
  tenantId: string,
  work: (trx: TenantTrx) => Promise<T>,
): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await withTenant(deps.db, tenantId, work);
    } catch (error) {
      if (left === 0 || !isCrossed(error)) throw error;
    }
  }
}

/** Says in the log that a channel was paused by its limits. */
export function warnOfPauses(
  { logger }: Pick<RecordDeps, 'logger'>,
  tenantId: string,
  pauses: readonly AutomaticPause[],
): void {
  for (const pause of pauses) {
    logger.warn({ tenantId, ...pause }, 'sending was paused by its limits; a person has to look and resume it');
  }
}

/** True for a deadlock or a serialization failure, which the next try does not meet. */
function isCrossed(error: unknown): boolean {
  const cause = error instanceof ReosError ? error.cause : error;
  return cause instanceof Error && CROSSED.has(String((cause as { code?: unknown }).code));
}
