import type { Property } from './property-query.ts';

export type ActionName = 'approve' | 'resume' | 'pause' | 're-enrich' | 're-score' | 're-memo' | 'outcome' | 'suppress';

/** The permission that each action needs. */
export const NEEDS: Record<ActionName, string> = {
  approve: 'outreach:approve',
  resume: 'properties:update',
  pause: 'properties:update',
  're-enrich': 'properties:update',
  're-score': 'properties:update',
  're-memo': 'memos:create',
  outcome: 'properties:update',
  suppress: 'properties:update',
};

/** What makes sense in the state that the property is in, the most likely first. */
export function actionsFor(property: Pick<Property, 'status' | 'is_paused' | 'score'>): ActionName[] {
  const { status, is_paused: isPaused, score } = property;
  const again: ActionName[] = ['re-enrich', ...(score === null ? [] : (['re-score', 're-memo'] as const))];
  if (status === 'suppressed' || status === 'closed') return again;
  const end: ActionName[] = ['outcome', 'suppress'];
  if (status === 'failed') return ['resume', ...again, ...end];
  if (isPaused) return ['resume', ...again, ...end];
  if (status === 'engaged') return ['outcome', 'pause', 'approve', ...again, 'suppress'];
  if (status === 'packet_ready' || status === 'contacted') return ['approve', 'pause', ...again, ...end];
  return ['pause', ...(score === null ? [] : (['approve'] as const)), ...again, ...end];
}
