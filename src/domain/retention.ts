/** What is deleted when it is old. The audit log and the cost ledger never are. */
export const PRUNED_KINDS = [
  'idempotency_keys',
  'login_attempts',
  'refresh_tokens',
  'invitations',
  'delivered_signals',
  'policy_decisions',
  'user_mails',
  'webhook_deliveries',
  'report_files',
  'events',
] as const;
export type PrunedKind = (typeof PRUNED_KINDS)[number];

/** How many days things are kept that somebody may want to look at. */
export interface RetentionDays {
  /** The event log, in whole months: timelines, the feed and figures reach back so far. */
  events: number;
  /** What the policy kernel decided. */
  decisions: number;
  /** Mails to users, files of reports, deliveries of webhooks. */
  sent: number;
}

export const DEFAULT_RETENTION_DAYS: RetentionDays = { events: 1_095, decisions: 365, sent: 90 };

/** What is over by itself is kept so long, for whoever asks what happened. */
const SHORT_DAYS: Partial<Record<PrunedKind, number>> = {
  // Promised to callers.
  idempotency_keys: 1,
  login_attempts: 1,
  refresh_tokens: 1,
  invitations: 30,
  delivered_signals: 30,
};

/** Days after which the kind is deleted: of what expires, days after that. */
export function daysOf(kind: PrunedKind, days: RetentionDays): number {
  if (kind === 'events') return days.events;
  if (kind === 'policy_decisions') return days.decisions;
  return SHORT_DAYS[kind] ?? days.sent;
}
