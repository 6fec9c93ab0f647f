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

/**
 * The stage that follows a status, or null when no stage is left.
 * `failed` has none: the stage that failed is kept beside the status and resume starts there.
 */
export function nextStage(status: PropertyStatus): Stage | null {
  switch (status) {
    case 'new':
    case 'ready':
      return 'enrich';
    case 'enriched':
      return 'score';
    case 'scored':
      return 'memo';
    case 'packet_ready':
      return 'outreach';
    default:
      return null;
  }
}

/** True when moving from one status to the other is forward (or the same): what a plain update may do. */
export function isForward(from: PropertyStatus, to: PropertyStatus): boolean {
  if (from === 'failed' || from === 'suppressed') return from === to;
  return STATUSES.indexOf(to) >= STATUSES.indexOf(from);
}
