import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import {
  listSignalsBehind,
  lockOldestSignals,
  markSignalDelivered,
  markSignalFailed,
  type WaitingSignal,
} from '../db/queries/outreach-signals.ts';
import { type SystemTrx, withSystem } from '../db/tenant.ts';
import { messageOf } from '../domain/errors.ts';

export interface SignalRelayDeps {
  db: Database;
  logger: Logger;
  /**
   * Hands one signal to the property's workflow. It may be called again for a signal that arrived: the payload's
   * eventId tells. Rejecting keeps the signal for another try.
   */
  deliver(tenantId: string, propertyId: string, signal: string, payload: unknown): Promise<void>;
  /** Pause between two looks when nothing waits, ms; default 500. */
  pollMs?: number;
  /** Limit of one delivery, ms; default 5,000. */
  deliverTimeoutMs?: number;
  /** First back-off of a signal that failed, ms, doubled each time up to five minutes; default 1,000. */
  backoffMs?: number;
}

export interface SignalRelay {
  /** Ends after the round in progress. */
  stop(): Promise<void>;
}

const PROPERTIES_PER_ROUND = 20;
const SIGNALS_PER_PROPERTY = 20;
/** Below the database's idle-in-transaction limit, with room for the last delivery. */
const ROUND_MS = 10_000;
const MAX_BACKOFF_MS = 300_000;

/**
 * Delivers the signals that transactions left in the outbox, at least once and in order per property. A failed one
 * stays with its attempts and last error and holds back only its own property. Outlives the absence of Postgres and of
 * the receiver.
 */
export function startSignalRelay(deps: SignalRelayDeps): SignalRelay {
  const stopping = new AbortController();
  const done = run(deps, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

async function run(deps: SignalRelayDeps, stopping: AbortSignal): Promise<void> {
  const pollMs = deps.pollMs ?? 500;
  let troubleMs = pollMs;
  while (!stopping.aborted) {
    let waitMs = pollMs;
    try {
      const handled = await withSystem(deps.db, 'relay signals', (trx) => relayRound(deps, trx, stopping));
      if (handled > 0) waitMs = 0;
      troubleMs = pollMs;
    } catch (error) {
      deps.logger.warn({ err: error }, 'the signal relay could not read the outbox; it tries again');
      waitMs = troubleMs;
      troubleMs = Math.min(troubleMs * 2, 10_000);
    }
    await pause(waitMs, stopping);
  }
}

/** One transaction: as many properties as fit, each in order until its first failure. Returns the signals handled. */
async function relayRound(deps: SignalRelayDeps, trx: SystemTrx, stopping: AbortSignal): Promise<number> {
  const deadline = Date.now() + ROUND_MS;
  const heads = await lockOldestSignals(trx, PROPERTIES_PER_ROUND, new Date());
  // All settle before the transaction ends, or a late one would write on a connection that is no longer ours.
  const handled = await Promise.allSettled(
    heads.map(async (head) => {
      let count = 0;
      const queue = [head, ...(await listSignalsBehind(trx, head, SIGNALS_PER_PROPERTY - 1))];
      for (const signal of queue) {
        if (count > 0 && (stopping.aborted || Date.now() > deadline)) break;
        count += 1;
        if (!(await relayOne(deps, trx, signal))) break;
      }
      return count;
    }),
  );
  return handled.reduce((sum, one) => {
    if (one.status === 'rejected') throw one.reason;
    return sum + one.value;
  }, 0);
}

async function relayOne(deps: SignalRelayDeps, trx: SystemTrx, signal: WaitingSignal): Promise<boolean> {
  try {
    await within(
      deps.deliverTimeoutMs ?? 5_000,
      deps.deliver(signal.tenantId, signal.propertyId, signal.signal, signal.payload),
    );
  } catch (error) {
    const backoffMs = Math.min((deps.backoffMs ?? 1_000) * 2 ** Math.min(signal.attempts, 20), MAX_BACKOFF_MS);
    deps.logger.warn(
      { err: error, propertyId: signal.propertyId, signal: signal.signal, attempts: signal.attempts + 1 },
      'a signal was not delivered; it is kept',
    );
    await markSignalFailed(trx, signal, messageOf(error), new Date(Date.now() + backoffMs));
    return false;
  }
  await markSignalDelivered(trx, signal, new Date());
  return true;
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}
