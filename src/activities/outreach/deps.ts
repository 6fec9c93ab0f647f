import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import type { Channel } from './channel.ts';
import type { RenderEmail } from './email-template.ts';

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
  channel: Channel;
  renderEmail: RenderEmail;
  /** Secret of the address hashes (suppressions). */
  hashKey: string;
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
