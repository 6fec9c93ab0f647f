import { addKeyUse } from '../../db/queries/api-keys.ts';
import type { TenantTrx } from '../../db/tenant.ts';

// Between two writes for a key: a write per request would make its requests wait for each other.
const FLUSH_MS = 10_000;
const MOST_KEYS = 10_000;

/** Counts one request of a key, inside its transaction. */
export type KeyMeter = (trx: TenantTrx, keyId: string, now: Date) => Promise<void>;

/**
 * Counts requests of API keys in memory and adds them up in the database every 10 seconds of use. For people to see what
 * is used, not for bills: the last seconds of a process are lost with it.
 */
export function createKeyMeter(): KeyMeter {
  const pending = new Map<string, { requests: number; writtenAt: number }>();
  return async (trx, keyId, now) => {
    const state = pending.get(keyId) ?? { requests: 0, writtenAt: 0 };
    state.requests += 1;
    if (!pending.has(keyId) && pending.size >= MOST_KEYS) pending.clear();
    pending.set(keyId, state);
    if (now.getTime() - state.writtenAt < FLUSH_MS) return;
    const { requests } = state;
    state.writtenAt = now.getTime();
    state.requests = 0;
    if (!(await addKeyUse(trx, keyId, requests, now))) state.requests += requests;
  };
}
