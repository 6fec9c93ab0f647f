import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { PLAN_LIMITS, type Plan } from '../../domain/plans.ts';
import { peerOf } from '../client-address.ts';
import type { ApiEnv } from '../problem.ts';
import type { Credential } from './principal.ts';

/** Requests in a minute. */
export interface RateLimits {
  /** Of a tenant, all its callers together, by its plan. */
  tenant: Readonly<Record<Plan, number>>;
  /** Of one network address, where no credential is asked for or none is proven. */
  address: number;
}

/** The limits of the plans; 120 requests a minute from one address. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  tenant: {
    free: PLAN_LIMITS.free.requestsPerMinute,
    professional: PLAN_LIMITS.professional.requestsPerMinute,
    enterprise: PLAN_LIMITS.enterprise.requestsPerMinute,
  },
  address: 120,
};

/** Where a request stands: its limit, what is left of it, and the seconds until it is full again. */
export interface RateStanding {
  limit: number;
  remaining: number;
  resetSeconds: number;
  isOver: boolean;
  /** Whose limit it is; null for an address, or while the plan is not known. */
  plan: Plan | null;
}

/** Counts requests, in this process. */
export interface RateLimiter {
  /** Counts a request of somebody without a proven credential. */
  ofAddress(address: string): Promise<RateStanding>;
  /** Counts a request of a credential; `address` is counted while nobody has vouched for an API key. */
  ofCredential(credential: Credential, address: string, now: Date): Promise<RateStanding>;
  /** The database vouched for the credential, and says the plan. */
  learn(credential: Credential, plan: Plan, now: Date): void;
}

const WINDOW_SECONDS = 60;
const KNOWN_MS = 5 * 60_000;
const MOST_KNOWN = 50_000;

/**
 * Fixed windows of a minute. A tenant's plan is known after its first request and is kept for five minutes; until then
 * the widest limit holds. Anybody can write a tenant's id into an API key, so a key counts against its sender's address
 * until the database knew it.
 */
export function createRateLimiter(limits: RateLimits): RateLimiter {
  const counters = new RateLimiterMemory({ keyPrefix: '', points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS });
  const plans = createMemory<Plan>();
  const keys = createMemory<true>();
  const count = async (key: string, limit: number, plan: Plan | null = null): Promise<RateStanding> => {
    const seen = await counters.consume(key).catch((refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) return refusal;
      throw refusal;
    });
    return {
      limit,
      remaining: Math.max(0, limit - seen.consumedPoints),
      resetSeconds: Math.max(1, Math.ceil(seen.msBeforeNext / 1000)),
      isOver: seen.consumedPoints > limit,
      plan,
    };
  };
  const ofAddress = (address: string) => count(`address:${address}`, limits.address);
  return {
    ofAddress,
    ofCredential(credential, address, now) {
      if (credential.kind === 'api_key' && keys.get(credential.subject, now) === undefined) return ofAddress(address);
      const plan = plans.get(credential.tenantId, now);
      return count(`tenant:${credential.tenantId}`, limits.tenant[plan ?? 'enterprise'], plan);
    },
    learn(credential, plan, now) {
      plans.set(credential.tenantId, plan, now);
      if (credential.kind === 'api_key') keys.set(credential.subject, true, now);
    },
  };
}

/** Remembers for five minutes; the oldest go when there are too many. */
function createMemory<T>() {
  const known = new Map<string, { value: T; until: number }>();
  return {
    get(key: string, now: Date): T | undefined {
      const found = known.get(key);
      return found !== undefined && found.until > now.getTime() ? found.value : undefined;
    },
    set(key: string, value: T, now: Date): void {
      known.delete(key);
      known.set(key, { value, until: now.getTime() + KNOWN_MS });
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    },
  };
}

/** The caller's network address; of IPv6 the /64, which one customer has whole. `unknown` without a socket. */
export function addressOf(c: Context<ApiEnv>): string {
  const text = peerOf(c);
  if (text === undefined || !ipaddr.isValid(text)) return 'unknown';
  const address = ipaddr.process(text);
  return address.kind() === 'ipv6'
    ? `${(address as ipaddr.IPv6).parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : address.toString();
}
