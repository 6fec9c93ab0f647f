/**
 * Pauses after each failed attempt, in seconds: eleven attempts over 23.7 hours, and longer by the jitter. A webhook's
 * receiver may be away for a working day without losing anything.
 */
export const WEBHOOK_PAUSES_SECONDS = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800] as const;
/** Attempts in all before a delivery has failed. */
export const WEBHOOK_ATTEMPTS = WEBHOOK_PAUSES_SECONDS.length + 1;
/** So many attempts (about 43 minutes) a delivery holds back the later ones of its property. */
export const WEBHOOK_ORDERED_ATTEMPTS = 5;
/** After a rotation the secret before signs too for so long. */
export const WEBHOOK_OVERLAP_MS = 24 * 3_600_000;
/** A webhook that took nothing for so long is disabled. */
export const WEBHOOK_FAILING_MS = 5 * 24 * 3_600_000;
/** Settled deliveries are kept for so long; missed events can be asked for as far back as half of it. */
export const WEBHOOK_KEEP_MS = 30 * 24 * 3_600_000;

const JITTER = 0.2;
const LONGEST_ASKED_SECONDS = 24 * 3_600;

/**
 * When a delivery is tried again, null when it was tried often enough. The pause is lengthened by up to a fifth at
 * random, so that what failed together does not come back together; a receiver that asks for more time gets it, up to a day.
 * @param attempts attempts so far, 1 or more
 * @param random 0 to 1
 * @param askedSeconds of Retry-After, when the receiver named one
 */
export function nextWebhookAttempt(
  attempts: number,
  now: Date,
  random: number,
  askedSeconds: number | null = null,
): Date | null {
  const pause = WEBHOOK_PAUSES_SECONDS[attempts - 1];
  if (pause === undefined) return null;
  const asked = Math.min(Math.max(askedSeconds ?? 0, 0), LONGEST_ASKED_SECONDS);
  return new Date(now.getTime() + Math.ceil(Math.max(pause * (1 + JITTER * random), asked) * 1_000));
}

/** The seconds of a Retry-After header (RFC 9110: whole seconds or a date); null for none or one that is neither. */
export function readRetryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}

/** What an answer means: 2xx took it, 410 wants no more, anything else is a failure. */
export function judgeWebhookAnswer(status: number): 'delivered' | 'gone' | 'failed' {
  if (status >= 200 && status < 300) return 'delivered';
  return status === 410 ? 'gone' : 'failed';
}
