import type { AuditEntry } from '../../db/queries/audit.ts';

/** What a person did about their own way in. */
export interface PersonAct {
  userId: string;
  /** Such as `session:login`. */
  action: string;
  outcome?: AuditEntry['outcome'];
  /** Where from: the person's own, so it can be erased. */
  network?: string | undefined;
  requestId?: string | undefined;
  /** Further facts, without secrets. */
  detail?: Record<string, unknown>;
}

/** The audit entry of it. */
export function personEntry(act: PersonAct, at: Date): AuditEntry {
  const { userId, action, outcome = 'ok', network, requestId, detail } = act;
  return {
    at,
    actorKind: 'user',
    actorId: userId,
    action,
    resource: `${action.split(':')[1]}:${userId}`,
    outcome,
    requestId: requestId ?? null,
    subjectId: userId,
    detail: { ...(network === undefined ? {} : { network }), ...detail },
  };
}
