import { setTimeout as sleep } from 'node:timers/promises';
import { type ClaimedDelivery, claimDeliveries, forgetDeliveries } from '../../db/queries/webhook-claims.ts';
import { ensureWebhookCursor, fanOutEvents } from '../../db/queries/webhook-fan-out.ts';
import { withSystem } from '../../db/tenant.ts';
import { WEBHOOK_KEEP_MS } from '../../domain/webhook-schedule.ts';
import { type DeliverDeps, deliverOne } from './deliver.ts';

export interface WebhookRelayDeps extends DeliverDeps {
  /** Pause between two looks when nothing wakes it, ms; default 1,000. */
  pollMs?: number;
  /** How long a delivery belongs to the process that took it, ms; default 60,000: longer than an attempt can take. */
  leaseMs?: number;
}

export interface WebhookRelay {
  /** There is something new: look at once. */
  wake(): void;
  /** Ends when what is being sent has been answered. */
  stop(): Promise<void>;
}

const REASON = 'webhooks of every tenant';
const EVENTS_PER_ROUND = 500;
const AT_ONCE = 32;
const PER_ENDPOINT = 4;
const FORGET_EVERY_MS = 3_600_000;
const FORGET_ROWS = 5_000;

/**
 * Makes deliveries of new events and sends those that are due, at least once each. Any number of processes may run one:
 * the place in the event log and each delivery belong to one of them at a time, and to another when that one dies.
 */
export function startWebhookRelay(deps: WebhookRelayDeps): WebhookRelay {
  const pollMs = deps.pollMs ?? 1_000;
  const stopping = new AbortController();
  const running = new Map<Promise<void>, string>();
  let nap = new AbortController();
  let isWoken = false;
  let forgotAt = 0;
  const wake = () => {
    isWoken = true;
    nap.abort();
  };

  function send(claim: ClaimedDelivery): void {
    const work = deliverOne(deps, claim)
      .catch((error: unknown) => {
        deps.logger.warn(
          { err: error, deliveryId: claim.id },
          'what came of a webhook was not written down; it is sent again',
        );
      })
      .finally(() => {
        running.delete(work);
        wake();
      });
    running.set(work, claim.endpointId);
  }

  function busyEndpoints(): string[] {
    const counts = new Map<string, number>();
    for (const endpointId of running.values()) counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= PER_ENDPOINT).map(([endpointId]) => endpointId);
  }

  /** Whether there was something to do. */
  async function round(): Promise<boolean> {
    const passed = await withSystem(deps.db, REASON, (trx) => fanOutEvents(trx, EVENTS_PER_ROUND));
    const free = AT_ONCE - running.size;
    let claims: ClaimedDelivery[] = [];
    if (free > 0) {
      const page = { limit: free, perEndpoint: PER_ENDPOINT, busy: busyEndpoints(), leaseMs: deps.leaseMs ?? 60_000 };
      claims = await withSystem(deps.db, REASON, (trx) => claimDeliveries(trx, page, deps.clock()));
      for (const claim of claims) send(claim);
    }
    const now = deps.clock().getTime();
    if (now - forgotAt > FORGET_EVERY_MS) {
      const before = new Date(now - WEBHOOK_KEEP_MS);
      const gone = await withSystem(deps.db, REASON, (trx) => forgetDeliveries(trx, before, FORGET_ROWS));
      if (gone < FORGET_ROWS) forgotAt = now;
    }
    return passed > 0 || claims.length > 0;
  }

  async function pause(ms: number): Promise<void> {
    if (!isWoken && !stopping.signal.aborted) {
      nap = new AbortController();
      await sleep(ms, undefined, { signal: nap.signal }).catch(() => undefined);
    }
    isWoken = false;
  }

  async function run(): Promise<void> {
    let troubleMs = pollMs;
    let isReady = false;
    while (!stopping.signal.aborted) {
      try {
        if (!isReady) await withSystem(deps.db, REASON, ensureWebhookCursor);
        isReady = true;
        if (!(await round())) await pause(pollMs);
        troubleMs = pollMs;
      } catch (error) {
        deps.logger.warn({ err: error }, 'webhooks could not be looked after; it is tried again');
        await pause(troubleMs);
        troubleMs = Math.min(troubleMs * 2, 10_000);
      }
    }
    await Promise.all(running.keys());
  }

  const done = run();
  return {
    wake,
    stop: () => {
      stopping.abort();
      nap.abort();
      return done;
    },
  };
}
