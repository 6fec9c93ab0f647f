/** What became of a tenant's messages by one channel since the count began. */
export interface SendingCounts {
  /** Messages that left. */
  sent: number;
  /** Of these, refused for good because the address is bad. */
  hardBounces: number;
  /** Of these, reported as spam by their recipients. */
  complaints: number;
}

/** Share of hard bounces that pauses sending: spec R5. */
export const MAX_HARD_BOUNCE_SHARE = 0.02;
/** Share of complaints that pauses sending: spec R5; mailbox providers ask for less than 0.1%. */
export const MAX_COMPLAINT_SHARE = 0.0008;
/** Below this many messages a share says nothing. */
export const MIN_SENT = 50;
/** A count never reaches back further than this. */
export const COUNTED_DAYS = 7;

const BOUNCES_REASON = 'hard bounces reached 2% of the messages sent';
const COMPLAINTS_REASON = 'spam complaints reached 0.08% of the messages sent';

/** From when messages count: the later of the last resumption and seven days ago. */
export function countFrom(countedFrom: Date, now: Date): Date {
  return new Date(Math.max(countedFrom.getTime(), now.getTime() - COUNTED_DAYS * 86_400_000));
}

/** The limits that these counts reach, in fixed words and order; empty when sending may go on. */
export function limitsReached({ sent, hardBounces, complaints }: SendingCounts): string[] {
  if (sent < MIN_SENT) return [];
  return [
    ...(hardBounces / sent >= MAX_HARD_BOUNCE_SHARE ? [BOUNCES_REASON] : []),
    ...(complaints / sent >= MAX_COMPLAINT_SHARE ? [COMPLAINTS_REASON] : []),
  ];
}

/**
 * The reason to pause for, out of the one that stands and the limits reached now: a limit once reached stays until a
 * person resumes. Null when there is none. The same whatever order the limits were reached in.
 */
export function pauseReason(standing: string | null, reached: readonly string[]): string | null {
  const all = [BOUNCES_REASON, COMPLAINTS_REASON].filter(
    (reason) => reached.includes(reason) || standing?.includes(reason) === true,
  );
  return all.length === 0 ? null : all.join('; ');
}
