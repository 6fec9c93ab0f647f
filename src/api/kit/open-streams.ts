import { ReosError } from '../../domain/errors.ts';
import { PLAN_LIMITS } from '../../domain/plans.ts';
import type { Principal } from './principal.ts';

/** Event streams of one person or key at once: a few windows of a few devices. */
export const STREAMS_PER_CALLER = 20;

/** Counts the streams that are open, in this process. */
export interface OpenStreams {
  /**
   * Counts one more.
   * @returns how to say, once or more often, that it ended
   * @throws ReosError `rate_limited` when the tenant or the caller has as many as may be
   */
  open(principal: Principal): () => void;
}

/** No stream is open yet. */
export function createOpenStreams(): OpenStreams {
  const counts = new Map<string, number>();
  const add = (key: string, more: number) => {
    const count = (counts.get(key) ?? 0) + more;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  return {
    open(principal) {
      const { tenantId, id, plan } = principal;
      const caller = `${tenantId}/${id}`;
      const ofTenant = PLAN_LIMITS[plan].openStreams;
      if ((counts.get(caller) ?? 0) >= STREAMS_PER_CALLER) {
        throw tooMany(plan, 'open_streams_per_caller', STREAMS_PER_CALLER, 'This user or key has');
      }
      if ((counts.get(tenantId) ?? 0) >= ofTenant) {
        throw tooMany(
          plan,
          'open_streams',
          ofTenant,
          `On the plan ${plan} an organisation may have ${ofTenant}, and has`,
        );
      }
      add(caller, 1);
      add(tenantId, 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        add(caller, -1);
        add(tenantId, -1);
      };
    },
  };
}

function tooMany(plan: string, meter: string, limit: number, whose: string): ReosError {
  return new ReosError(
    'rate_limited',
    `${whose} ${limit} event streams open already. Close one, or ask GET /api/v1/events/log from time to time.`,
    { retryAfterSeconds: 30, details: { plan, meter, limit, used: limit, asked: 1, resets_at: null } },
  );
}
