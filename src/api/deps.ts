import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import type { Sealer } from '../db/sealer.ts';
import type { MarketRules } from '../domain/market/risk-rules.ts';
import type { Embedder } from '../http/embeddings.ts';
import type { Warehouse } from '../intelligence/warehouse.ts';
import type { AnalysisDesk, KnownSource, ModelDesk } from './analysis-doors.ts';
import type { AuthKeys } from './auth/session.ts';
import type { DashboardSettings } from './dashboard.ts';
import type { EventFeed } from './events/feed.ts';
import type { ImportDesk } from './import-doors.ts';
import type { CountyBook, IntakeDesk } from './intake-doors.ts';
import type { AnswerCache } from './kit/answer-cache.ts';
import type { KnownCallers } from './kit/known-callers.ts';
import type { Identity } from './kit/principal.ts';
import type { RateLimits } from './kit/rate-limit.ts';
import type { RequestMeter } from './kit/request-meter.ts';
import type { CampaignDesk, CampaignDoor, ContactDesk, LifecycleDoor } from './outreach-doors.ts';
import type { PipelineDoor } from './pipeline-door.ts';
import type { BriefingDoor } from './routes/briefings.ts';
import type { PriceDoor } from './routes/predict.ts';
import type { RunDoor } from './run-doors.ts';
import type { OutboxDoor, TemplateDesk } from './template-doors.ts';

/** How one part is: `healthy`, `degraded` (works, not well), `unhealthy`, or not part of this set-up. */
export interface ComponentHealth {
  status: 'healthy' | 'degraded' | 'unhealthy' | 'not_configured';
  [detail: string]: string | number | boolean | null | undefined;
}

/** The parts of `/api/health/comprehensive`, besides the API itself and the machine. */
export const COMPONENTS = ['database', 'temporal', 'storage', 'browser', 'model'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** What the API needs, put together by its entry point. */
export interface ApiDeps {
  db: Database;
  logger: Logger;
  clock: () => Date;
  /** Whose request it is. */
  identity: Identity;
  /** Signs people in: with the keys that `identity` believes. */
  auth: AuthKeys;
  /** Requests a minute, when others than the plans'. */
  limits?: RateLimits | undefined;
  /** Keeps answers; without it every answer is made anew. */
  cache?: AnswerCache | undefined;
  /** Remembers who was asked about a moment ago; without it the database is asked with every request. */
  callers?: KnownCallers | undefined;
  /** The reader of the event log; without one, streams answer 503. */
  feed?: EventFeed | undefined;
  /** Times and limits of event streams, when others than the defaults. */
  streams?: { heartbeatMs?: number; replayEvents?: number } | undefined;
  /** The built dashboard; without it its address says how to build it. */
  dashboard?: DashboardSettings | undefined;
  /** Secret of the address hashes; the same as the workers'. */
  hashKey: string;
  /** Public key of SendGrid's signed events (base64 SPKI or PEM); without one the webhook answers 503. */
  sendgridPublicKey: string | undefined;
  /** Public key of replies (Inbound Parse); the one of the events when left out. */
  sendgridInboundKey?: string | undefined;
  /** Verifies Twilio's requests; without it they are answered 503. */
  twilioAuthToken?: string | undefined;
  /** Verifies Lob's requests; without it they are answered 503. */
  lobWebhookSecret?: string | undefined;
  /** The address under which providers reach the API: Twilio signs it. */
  publicUrl?: string | undefined;
  /** Networks whose proxies may say in X-Forwarded-For who calls; none when left out. */
  trustedProxies?: readonly string[] | undefined;
  /** How markets are scored; as delivered when left out. */
  marketRules?: MarketRules | undefined;
  /** Turns words into vectors; without it, search by meaning answers 503. */
  embedder?: Embedder | undefined;
  /** Counts requests for billing; without it they are not counted. */
  meter?: Pick<RequestMeter, 'count'> | undefined;
  /** Origins whose pages may call the API; none when left out. */
  corsOrigins?: readonly string[] | undefined;
  /** Seals replies. */
  sealer?: Sealer | undefined;
  /** A click on this link (its query aside) makes the property `engaged`. */
  callToActionUrl: string;
  files: FileDoor;
  /** Schedules and runs; without Temporal they are answered 503. */
  pipelines?: PipelineDoor | undefined;
  /** Where the market tools read, of a tenant, when that is not Postgres. */
  warehouse?: ((tenantId: string) => Warehouse) | undefined;
  /** Valuation models; without them prices are answered 503. */
  prices?: PriceDoor;
  /** Makes briefings; without it, that is answered 503. */
  briefings?: BriefingDoor | undefined;
  /** Checks and rehearses campaigns; without it, that is answered 503. So are the doors below. */
  campaignDesk?: CampaignDesk | undefined;
  /** The workflows of campaigns. */
  campaigns?: CampaignDoor | undefined;
  /** Reads contacts and buy boxes, and removes files. */
  contactDesk?: ContactDesk | undefined;
  /** The workflows of properties. */
  lifecycles?: LifecycleDoor | undefined;
  /** The county's slug of a FIPS code; the code itself for one that is not configured. */
  countySlug?: ((fips: string) => string) | undefined;
  /** The configured counties; without them what names one is answered 503. */
  counties?: CountyBook | undefined;
  /** Checks properties that somebody states. */
  intakeDesk?: IntakeDesk | undefined;
  /** Makes links that open stored files without a credential. */
  links?: LinkDoor | undefined;
  /** Providers and channels by which money is spent. */
  paidResources?: readonly string[] | undefined;
  /** The product's templates, checking and filling any; logos. */
  templateDesk?: TemplateDesk | undefined;
  /** Files of messages that no provider was given. */
  outbox?: OutboxDoor | undefined;
  /** Answers questions about properties by weights, rules and models. */
  analysis?: AnalysisDesk | undefined;
  /** Decides about valuation models. */
  modelDesk?: ModelDesk | undefined;
  /** The sources that this installation knows. */
  sources?: readonly KnownSource[] | undefined;
  /** Receives, reads and imports files. */
  importDesk?: ImportDesk | undefined;
  /** Runs that a person starts and waits for. */
  runs?: RunDoor | undefined;
  /** The sender of outgoing webhooks. `trustedOrigins` may be private or plain http. */
  webhooks?: { trustedOrigins: readonly string[]; wake(): void } | undefined;
  /** Checks of the parts; one that throws or takes over 3 s is `unhealthy`. A missing one is `not_configured`. */
  checks: Partial<Record<ComponentName, () => Promise<ComponentHealth>>>;
}

/** Links to stored objects, for a day unless a setting says otherwise. */
export interface LinkDoor {
  sign(key: string, options: { contentType: string; fileName: string }): Promise<{ url: string; expiresAt: Date }>;
}

/** Stored objects behind signed links. */
export interface FileDoor {
  /** Whether the path and query of a link are what was signed, at this time; `fileName` is what a download is called. */
  check(
    pathAndQuery: string,
    now: Date,
  ): { ok: true; key: string; fileName?: string | null } | { ok: false; reason: string };
  /** The object's bytes. Throws ReosError `not_found`. */
  get(key: string): Promise<Buffer>;
}
