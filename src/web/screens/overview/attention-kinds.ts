import type { Schemas } from '../../app/api.ts';

/** Something that a person has to settle, and where that is done. */
export interface AttentionItem {
  key: string;
  tone: 'bad' | 'warn' | 'info';
  /** How many there are; null where the text says it. */
  count: number | null;
  text: string;
  /** Why, or since when. */
  detail: string | null;
  to: string;
  search?: Record<string, string>;
  /** What is done there. */
  action: string;
}

/** What the answers say that were asked for; what the person may not see is left out. */
export interface AttentionFacts {
  failedProperties?: number | undefined;
  needsReview?: number | undefined;
  unknownSends?: ReadonlyArray<Pick<Schemas['UnknownSend'], 'send_id' | 'since'>> | undefined;
  outreach?: Pick<Schemas['OutreachStatus'], 'channels' | 'waiting'> | undefined;
  refused?: ReadonlyArray<{ source: string; rows: number; last_seen_at: string }> | undefined;
  packets?: ReadonlyArray<{ status: string; severity: string; expires_at: string }> | undefined;
  budgets?: ReadonlyArray<{ resource: string; period: string; limit: number; spent: number }> | undefined;
  sources?: ReadonlyArray<Pick<Schemas['Source'], 'name' | 'health' | 'last_run'>> | undefined;
  webhooks?:
    | ReadonlyArray<Pick<Schemas['Webhook'], 'url' | 'status' | 'disabled_reason' | 'failing_since'>>
    | undefined;
  schedules?: ReadonlyArray<Pick<Schemas['Schedule'], 'dag_id' | 'state' | 'note' | 'last_status'>> | undefined;
  imports?: ReadonlyArray<Pick<Schemas['Import'], 'id' | 'file_name' | 'status' | 'problem'>> | undefined;
}
