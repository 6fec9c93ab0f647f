import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import type { Database } from '../../db/connect.ts';
import {
  type AttemptLimit,
  clearAttempts,
  countAttempt,
  forgiveAttempt,
  pruneAttempts,
} from '../../db/queries/login-attempts.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { peerOf } from '../client-address.ts';

/** What the throttle needs. `secret` keys the hashes: neither addresses nor networks are kept in clear. */
export interface ThrottleDeps {
  db: Database;
  secret: string;
}

const WINDOW_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
// An address has few owners; a network address may be a whole office, or a proxy.
const LOGINS_PER_ADDRESS = 10;
const LOGINS_PER_NETWORK = 100;
const REGISTRATIONS_PER_NETWORK = 20;
const FORGOTTEN_PER_ADDRESS = 3;
const RESETS_PER_NETWORK = 50;

/**
 * Counts a login attempt of an address and of where it comes from.
 * @throws ReosError `rate_limited` with the seconds to wait
 */
export async function admitLogin(deps: ThrottleDeps, email: string, network: string, now: Date): Promise<void> {
  await admit(deps, [addressLimit(deps, email), networkLimit(deps, network)], now);
}

/** A login that succeeded is no guess: its address starts anew, and its network has one less. */
export async function forgiveLogin(deps: ThrottleDeps, email: string, network: string): Promise<void> {
  await withSystem(deps.db, 'login attempts have no tenant', async (trx) => {
    await clearAttempts(trx, addressLimit(deps, email).keyHash);
    await forgiveAttempt(trx, networkLimit(deps, network).keyHash);
  });
}

/**
 * Counts a registration of a network address.
 * @throws ReosError `rate_limited`
 */
export async function admitRegistration(deps: ThrottleDeps, network: string, now: Date): Promise<void> {
  const keyHash = keyOf(deps, 'register', network);
  await admit(deps, [{ keyHash, limit: REGISTRATIONS_PER_NETWORK, windowMs: HOUR_MS }], now);
}

/**
 * Counts a link that is asked for by mail, of its address and of where it comes from: nobody's mailbox is flooded.
 * @throws ReosError `rate_limited`
 */
export async function admitForgotten(deps: ThrottleDeps, email: string, network: string, now: Date): Promise<void> {
  const address = { keyHash: keyOf(deps, 'forgotten', email), limit: FORGOTTEN_PER_ADDRESS, windowMs: HOUR_MS };
  await admit(deps, [address, resetLimit(deps, network)], now);
}

/**
 * Counts a try to use a link for a new password.
 * @throws ReosError `rate_limited`
 */
export async function admitReset(deps: ThrottleDeps, network: string, now: Date): Promise<void> {
  await admit(deps, [resetLimit(deps, network)], now);
}

/**
 * Where a request comes from; the first 64 bits of an IPv6 address, which one customer has.
 */
export function networkOf(c: Context): string {
  const address = (peerOf(c) ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')]
    .slice(0, 4)
    .join(':');
}

async function admit(deps: ThrottleDeps, limits: AttemptLimit[], now: Date): Promise<void> {
  // Thrown after the commit: the attempt stays counted. Keys in one order, so that two logins never wait for each other.
  const waits = await withSystem(deps.db, 'login attempts have no tenant', async (trx) => {
    const found: (number | null)[] = [];
    for (const limit of limits.toSorted((a, b) => (a.keyHash < b.keyHash ? -1 : 1))) {
      found.push(await countAttempt(trx, limit, now));
    }
    await pruneAttempts(trx, new Date(now.getTime() - 24 * HOUR_MS));
    return found;
  });
  const wait = Math.max(0, ...waits.map((seconds) => seconds ?? 0));
  if (wait === 0) return;
  throw new ReosError('rate_limited', `Too many attempts. Try again in ${Math.ceil(wait / 60)} minutes.`, {
    retryAfterSeconds: wait,
  });
}

function addressLimit(deps: ThrottleDeps, email: string): AttemptLimit {
  return { keyHash: keyOf(deps, 'address', email), limit: LOGINS_PER_ADDRESS, windowMs: WINDOW_MS };
}

function networkLimit(deps: ThrottleDeps, network: string): AttemptLimit {
  return { keyHash: keyOf(deps, 'network', network), limit: LOGINS_PER_NETWORK, windowMs: WINDOW_MS };
}

function resetLimit(deps: ThrottleDeps, network: string): AttemptLimit {
  return { keyHash: keyOf(deps, 'reset', network), limit: RESETS_PER_NETWORK, windowMs: HOUR_MS };
}

function keyOf(deps: ThrottleDeps, kind: string, value: string): string {
  return createHmac('sha256', deps.secret).update(`attempt:${kind}:${value}`).digest('hex');
}
