/** The statuses of a property, in the order in which it moves forward; `failed` and `suppressed` stand beside them. */
export const STATUSES = [
  'new',
  'ready',
  'enriched',
  'scored',
  'packet_ready',
  'contacted',
  'engaged',
  'closed',
  'failed',
  'suppressed',
] as const;

export type PropertyStatus = (typeof STATUSES)[number];

/** The stages with work of their own, in order. */
export const STAGES = ['enrich', 'score', 'memo', 'outreach'] as const;
export type Stage = (typeof STAGES)[number];

/** The status that a property has once the stage is done. */
export const STATUS_AFTER: Record<Stage, PropertyStatus> = {
  enrich: 'enriched',
  score: 'scored',
  memo: 'packet_ready',
  outreach: 'contacted',
};

/** True when moving from one status to the other is forward (or the same): what a plain update may do. */
export function isForward(from: PropertyStatus, to: PropertyStatus): boolean {
  if (from === 'failed' || from === 'suppressed') return from === to;
  return STATUSES.indexOf(to) >= STATUSES.indexOf(from);
}

/** What Postgres knows of one property's lifecycle: everything the workflow decides on. Ids and numbers only. */
export interface LifecycleState {
  status: PropertyStatus;
  /** The stage that failed, while status is `failed`. */
  failedStage: Stage | null;
  reason: string | null;
  isPaused: boolean;
  needsReview: boolean;
  county: string;
  apn: string | null;
  /** The source that found it first. */
  source: string | null;
  birdDogScore: number | null;
  /** New facts arrived since the last score. */
  rescoreRequested: boolean;
  memoThreshold: number;
  outreachThreshold: number;
  memoPath: string | null;
  /** True when the newest memo was made from the newest score. */
  memoIsCurrent: boolean;
  /** Sends that a provider has and whose story is not over, and the campaign they belong to. */
  inFlight: number;
  campaignId: string | null;
  /** Milliseconds until a planned send that was held may leave; 0 when one may now, null when none waits for a time. */
  sendsDueInMs: number | null;
  /** How long a failing provider is tried, and how long answers are waited for, in milliseconds. */
  retryWindowMs: number;
  waitMs: number;
}

/**
 * The next stage of a lifecycle, from its state alone, so that every restart finds the same one; null when there is
 * nothing to do but wait or stop. `tried` holds the stages of this run that came to an end without moving the status
 * (a score below the threshold, no buyer that matches).
 */
export function nextWork(state: LifecycleState, tried: ReadonlySet<Stage>): Stage | null {
  const score = state.birdDogScore ?? 0;
  const due = dueStage(state, score);
  return due !== null && !tried.has(due) ? due : null;
}

function dueStage(state: LifecycleState, score: number): Stage | null {
  switch (state.status) {
    case 'new':
    case 'ready':
      return 'enrich';
    case 'enriched':
      return 'score';
    case 'scored':
      if (state.rescoreRequested) return 'score';
      if (score >= state.memoThreshold) return 'memo';
      return state.sendsDueInMs === 0 ? 'outreach' : null;
    case 'packet_ready':
      if (state.rescoreRequested) return 'score';
      if (!state.memoIsCurrent && score >= state.memoThreshold) return 'memo';
      // A campaign may ask for less than the usual score, and owners are written to without a memo.
      return score >= state.outreachThreshold || state.sendsDueInMs === 0 ? 'outreach' : null;
    case 'contacted':
    case 'engaged':
      if (state.rescoreRequested) return 'score';
      return state.sendsDueInMs === 0 ? 'outreach' : null;
    default:
      return null;
  }
}

/** The status to continue from when a property that failed in this stage is resumed. */
export const STATUS_BEFORE: Record<Stage, PropertyStatus> = {
  enrich: 'ready',
  score: 'enriched',
  memo: 'scored',
  outreach: 'packet_ready',
};
