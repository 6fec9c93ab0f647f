import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import type { ContactKeys } from '../../db/queries/contacts.ts';
import type { QuietHours } from '../../domain/outreach/quiet-hours.ts';
import type { Channels } from './channel.ts';
import type { Templates } from './templates.ts';

/** What outreach reads of the object store. */
export interface MemoStore {
  get(key: string): Promise<Buffer>;
  /** A link that opens the object for so many seconds; relative links are taken from `publicUrl`. */
  signedUrl(key: string, ttlSeconds: number): string | Promise<string>;
}

/** Everything that outreach needs, made once by the worker. */
export interface OutreachDeps {
  db: Database;
  logger: Logger;
  clock: () => Date;
  storage: MemoStore;
  channels: Channels;
  /** What messages are made from: the tenant's own templates, else the product's. */
  templates: Templates;
  /** What contact data is sealed with, and the secret of the address hashes. */
  keys: ContactKeys;
  /** When text messages may be received, per state. */
  quietHours: QuietHours;
  /** True where messages go to real people without further ado; elsewhere the allow-list decides. */
  isProduction: boolean;
  /** Addresses and `@domains` that live channels may write to outside production. */
  allowList: readonly string[];
  /** Domain whose mail comes back by Inbound Parse: each send gets a Reply-To of its own there. */
  replyDomain: string | undefined;
  /** Origin under which recipients reach the API, such as `https://deals.example.com`. */
  publicUrl: string;
  /** The link that asks for an answer: a click on it makes the property `engaged`. */
  callToAction: { label: string; url: string };
  /** How long the memo link works; default 24 hours. */
  memoUrlSeconds?: number;
  /**
   * How long an attempt may stay in `sending` before it counts as interrupted, in ms; default 30,000. Longer than the
   * channel's time-out, shorter than the activity's.
   */
  sendingLimitMs?: number;
  /** The operator's switch for all sending; on when left out. */
  isSendingEnabled?: () => boolean;
}

/** Default of `sendingLimitMs`. */
export const SENDING_LIMIT_MS = 30_000;
