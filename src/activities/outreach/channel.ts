import type { Logger } from 'pino';
import type { ChannelKind } from '../../db/queries/suppressions.ts';

/** A person or mailbox as a header shows it. */
export interface Mailbox {
  name: string;
  email: string;
}

/** One message, ready to leave. */
export interface OutboundEmail {
  /** The idempotency key: the same id is the same message. */
  sendId: string;
  tenantId: string;
  to: Mailbox;
  from: Mailbox;
  replyTo: Mailbox | null;
  subject: string;
  html: string;
  text: string;
  /** Extra headers, among them List-Unsubscribe. */
  headers: Record<string, string>;
  attachment: { filename: string; content: Buffer; contentType: string } | null;
  /** When the send was planned: fixed per send id. */
  plannedAt: Date;
}

/**
 * What one attempt came to. `rejected`: the provider refused it for good. `retry`: nothing left and it may be tried
 * again. `unknown`: it may or may not have left; it is never posted again.
 */
export type SendOutcome =
  | { outcome: 'sent'; providerMessageId: string | null }
  | { outcome: 'rejected'; reason: string }
  | { outcome: 'retry'; reason: string; retryAfterSeconds?: number }
  | { outcome: 'unknown'; reason: string };

/** A way to reach a recipient: one file, one registry line. */
export interface Channel {
  /** Also the provider's name on the send and the resource in budgets and the cost ledger. */
  readonly name: string;
  readonly kind: ChannelKind;
  /** Price of one message in 1e-6 USD. */
  readonly costMicros: number;
  /** True when sending the same send id again has no second effect, so that an interrupted attempt may be repeated. */
  readonly isIdempotent: boolean;
  send(message: OutboundEmail): Promise<SendOutcome>;
}

export interface ChannelDeps {
  logger: Logger;
  /** Folder of the local outbox; one folder per tenant inside. */
  outboxDir: string;
  sendgrid: { apiKey: string | undefined; baseUrl: string; timeoutMs?: number };
}
