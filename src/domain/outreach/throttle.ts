import { z } from 'zod';

/**
 * How fast a campaign may send. `perDomainPerHour`: to one mail domain (gmail.com) in any hour. `warmUp`: so many on the
 * first day of the tenant's sending, growing each day by the factor, so that mail providers learn to trust the sender.
 */
export const throttleSchema = z.strictObject({
  perDomainPerHour: z.number().int().min(1).max(100_000).nullable().default(null),
  warmUp: z
    .strictObject({ startPerDay: z.number().int().min(1).max(100_000), growth: z.number().min(1).max(10) })
    .nullable()
    .default(null),
});

export type Throttle = z.infer<typeof throttleSchema>;

/** What throttling looks at; see the gate's input. */
export interface ThrottleFacts {
  now: Date;
  sentByTenant: readonly { at: Date; domain: string | null }[];
  recipientDomain: string | null;
  firstSentAt: Date | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Messages that the warm-up allows in the 24 hours up to now: `startPerDay` times growth per whole day since the first one. */
export function warmUpLimit(warmUp: NonNullable<Throttle['warmUp']>, firstSentAt: Date | null, now: Date): number {
  const days = firstSentAt === null ? 0 : Math.max(0, Math.floor((now.getTime() - firstSentAt.getTime()) / DAY_MS));
  return Math.floor(warmUp.startPerDay * warmUp.growth ** Math.min(days, 365));
}

/** Why a message must wait, and until when; null when it need not. */
export function throttleHold(throttle: Throttle, facts: ThrottleFacts): { reason: string; until: Date } | null {
  const { now, recipientDomain, sentByTenant } = facts;
  if (throttle.perDomainPerHour !== null && recipientDomain !== null) {
    const toDomain = sentByTenant.filter((send) => send.domain === recipientDomain).map((send) => send.at);
    const until = freeAt(toDomain, throttle.perDomainPerHour, HOUR_MS, now);
    if (until !== null) {
      return {
        reason: `${throttle.perDomainPerHour} messages went to ${recipientDomain} within an hour, the limit.`,
        until,
      };
    }
  }
  if (throttle.warmUp !== null) {
    const limit = warmUpLimit(throttle.warmUp, facts.firstSentAt, now);
    const until = freeAt(
      sentByTenant.map((send) => send.at),
      limit,
      DAY_MS,
      now,
    );
    if (until !== null) return { reason: `The warm-up allows ${limit} messages a day for now.`, until };
  }
  return null;
}

/** When fewer than `limit` (at least 1) of the times lie inside the span; null when that is so already. */
function freeAt(times: readonly Date[], limit: number, spanMs: number, now: Date): Date | null {
  const inside = times.map((time) => time.getTime()).filter((time) => time > now.getTime() - spanMs);
  if (inside.length < limit) return null;
  inside.sort((a, b) => a - b);
  return new Date(inside[inside.length - limit]! + spanMs);
}
