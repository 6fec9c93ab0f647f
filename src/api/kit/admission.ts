import type { Context } from 'hono';
import type { ApiDeps } from '../deps.ts';
import { type ApiEnv, problem } from '../problem.ts';
import { addressOf, type RateLimiter, type RateStanding } from './rate-limit.ts';

type Next = () => Promise<void>;

/** Who may come in at what rate. Nothing of the request but its head has been read. */
export interface Admission {
  /** A caller who needs no credential: counted by the network address. */
  anybody(c: Context<ApiEnv>, next: Next): Promise<Response | undefined>;
  /** A caller with a credential, which is read and kept; without a good one the network address is counted. */
  holder(c: Context<ApiEnv>, next: Next): Promise<Response | undefined>;
}

/** The way in, past the limiter. */
export function createAdmission(deps: Pick<ApiDeps, 'identity' | 'clock'>, limiter: RateLimiter): Admission {
  return {
    anybody: async (c, next) => withinRate(c, next, await limiter.ofAddress(addressOf(c))),
    async holder(c, next) {
      const address = addressOf(c);
      try {
        c.set('credential', await deps.identity.credentialOf(c.req.header('Authorization'), deps.clock()));
      } catch (error) {
        // Guessing counts, too.
        return withinRate(c, () => Promise.reject(error), await limiter.ofAddress(address));
      }
      return withinRate(c, next, await limiter.ofCredential(c.get('credential')!, address, deps.clock()));
    },
  };
}

/** Goes on where the caller is within its rate; says in headers how the rate stands, either way. */
async function withinRate(c: Context<ApiEnv>, next: Next, rate: RateStanding): Promise<Response | undefined> {
  const mark = () => {
    c.header('RateLimit-Limit', String(rate.limit));
    c.header('RateLimit-Remaining', String(rate.remaining));
    c.header('RateLimit-Reset', String(rate.resetSeconds));
  };
  if (rate.isOver) {
    mark();
    const more = rate.plan === null ? '' : `; a larger plan than ${rate.plan} allows more`;
    return problem(
      c,
      'rate_limited',
      `More than ${rate.limit} requests in a minute. Go on in ${rate.resetSeconds} s${more}.`,
      {
        retryAfterSeconds: rate.resetSeconds,
        quota: {
          plan: rate.plan,
          meter: 'requests_per_minute',
          limit: rate.limit,
          used: rate.limit,
          asked: 1,
          resetsAt: new Date(Date.now() + rate.resetSeconds * 1_000).toISOString(),
        },
      },
    );
  }
  try {
    await next();
  } finally {
    mark();
  }
  return undefined;
}
