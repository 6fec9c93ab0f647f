import type { Logger } from 'pino';
import type { ChannelKind, PostalAddress } from '../../domain/outreach/contact.ts';
import type { HttpClient } from '../../http/types.ts';

/** A person or mailbox as a header shows it. */
export interface Mailbox {
  name: string;
  email: string;
}

/** What every message carries, whatever its channel. */
interface OutboundBase {
  /** The idempotency key: the same id is the same message. */
  sendId: string;
  tenantId: string;
  /** When the send was planned: fixed per send id. */
  plannedAt: Date;
}

/** An e-mail, ready to leave. */
export interface OutboundEmail extends OutboundBase {
  kind: 'email';
  to: Mailbox;
  from: Mailbox;
  replyTo: Mailbox | null;
  subject: string;
  html: string;
  text: string;
  /** Extra headers, among them List-Unsubscribe. */
  headers: Record<string, string>;
  attachment: { filename: string; content: Buffer; contentType: string } | null;
}

/** A text message, ready to leave. Numbers in E.164. */
export interface OutboundSms extends OutboundBase {
  kind: 'sms';
  to: string;
  body: string;
  /** Where the provider reports what became of it; carries the send id. */
  statusCallbackUrl: string;
}

/** A name and where post reaches it. */
export interface PostalParty {
  name: string;
  address: PostalAddress;
}

/** A letter (one document) or a postcard (two sides), ready to be printed. Documents are whole HTML pages. */
export interface OutboundMail extends OutboundBase {
  kind: 'mail';
  to: PostalParty;
  from: PostalParty;
  piece: { format: 'letter'; html: string } | { format: 'postcard'; front: string; back: string };
  description: string;
}

export type OutboundMessage = OutboundEmail | OutboundSms | OutboundMail;

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
  readonly kinds: readonly ChannelKind[];
  /** True when sending the same send id again has no second effect, so that an interrupted attempt may be repeated. */
  readonly isIdempotent: boolean;
  /** True when messages reach real people: outside production the allow-list applies. */
  readonly isLive: boolean;
  /** Price of this message in 1e-6 USD. */
  costMicros(message: OutboundMessage): number;
  /** Posts once. A message of a kind that the channel does not carry is `rejected`. */
  send(message: OutboundMessage): Promise<SendOutcome>;
}

export interface ChannelDeps {
  logger: Logger;
  http: HttpClient;
  /** Folder of the local outbox; one folder per tenant inside. */
  outboxDir: string;
  /** Providers validate and send nothing, where they can do that. */
  isSandbox: boolean;
  sendgrid: { apiKey: string | undefined; baseUrl: string; timeoutMs?: number };
  twilio: {
    accountSid: string | undefined;
    authToken: string | undefined;
    /** A number in E.164, or the id of a messaging service (`MG…`). */
    from: string | undefined;
    baseUrl: string;
    timeoutMs?: number;
  };
  lob: { apiKey: string | undefined; baseUrl: string; timeoutMs?: number };
}

/** The channel of each kind of message. */
export type Channels = Readonly<Record<ChannelKind, Channel>>;
