/** How the caller stands with the plan's requests a minute, as the API's last answer told. */
export interface Standing {
  limit: number;
  remaining: number;
  /** When the count begins anew; ms since 1970. */
  resetAt: number;
}

/** How long an asking counts as a recent one. */
export const RECENT_MS = 30_000;
/** The pause after an asking, by how many recent ones there are, itself among them. */
const PAUSES: ReadonlyArray<{ most: number; ms: number }> = [
  { most: 4, ms: 1_000 },
  { most: 5, ms: 2_000 },
  { most: 7, ms: 4_000 },
];
const LONGEST_MS = 5_000;
const SCARCE_MS = 10_000;

/**
 * The pause after an asking before the next. An event now and then is acted on at once; events that go on are taken together
 * over longer and longer times, longer still where the plan's requests run out, which all tabs and colleagues share.
 * @param recent how many askings there were lately, this one among them
 */
export function pauseMs(recent: number, standing: Standing | null, now: number): number {
  const pause = PAUSES.find(({ most }) => recent <= most)?.ms ?? LONGEST_MS;
  if (standing === null || standing.resetAt <= now || standing.limit <= 0) return pause;
  const share = standing.remaining / standing.limit;
  if (share < 0.1) return Math.max(pause, standing.resetAt - now);
  if (share < 0.3) return Math.max(pause, SCARCE_MS);
  return share < 0.6 ? Math.max(pause, LONGEST_MS) : pause;
}

/** Whether an asking at `now` follows the one before it in the same burst. */
export function isSameBurst(lastAt: number, lastPauseMs: number, now: number): boolean {
  return now - lastAt <= 2 * lastPauseMs;
}
