import type { Logger } from 'pino';
import type { Counties } from '../config/county-index.ts';
import type { Database } from '../db/connect.ts';
import type { MarketRules } from '../domain/market/risk-rules.ts';
import type { RetentionDays } from '../domain/retention.ts';
import type { ScoringConfig } from '../domain/scoring/config.ts';
import type { HttpClient } from '../http/types.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Recipes } from './discover/recipe-load.ts';
import type { DiscoverDeps } from './discover/source.ts';
import type { PricedModel } from './market/commentary.ts';
import type { DropStore } from './market/load-drop-store.ts';
import type { SlackDoor } from './market/slack.ts';
import type { MarketSources } from './market/sources/pull.ts';
import type { OutreachDeps } from './outreach/deps.ts';
import type { PricedEmbedder } from './platform/embeddings.ts';
import type { LifecycleStarter } from './platform/lifecycle-starter.ts';
import type { RescoreHelpers } from './score/rescore-helpers.ts';
import type { AvmRoom } from './score/value-deps.ts';
import type { Valuers } from './score/valuers.ts';

/** Everything activities work with, put together once by the worker. Each room picks what it needs. */
export interface ActivityDeps extends Valuers {
  db: Database;
  http: HttpClient;
  clock: () => Date;
  logger: Logger;
  storage: ObjectStore;
  counties: Counties;
  recipes: Recipes;
  scoring: ScoringConfig;
  /** How long a failing provider is tried before the property fails, milliseconds. */
  retryWindowMs: number;
  /** How long things are kept; as delivered when not given. */
  retentionDays?: RetentionDays | undefined;
  providerBaseUrls: Readonly<Record<string, string>>;
  providerApiKeys: Readonly<Record<string, string | undefined>>;
  /** Multiplies the call rates of all providers: 1, but for tests and the demonstration's own simulator. */
  providerRateScale: number;
  sourceBaseUrls: Readonly<Record<string, string>>;
  /** Site recipes that the operator has permission to crawl. */
  permittedSites: readonly string[];
  /** Folder whose market files are loaded, one folder per tenant in it; undefined where none is watched. */
  marketDrop?: string | undefined;
  /** The same in a bucket: the objects below a prefix; undefined where none is watched. */
  marketDropStore?: DropStore | undefined;
  /** How markets are scored; as delivered when not given. */
  marketRules?: MarketRules | undefined;
  /** Databases and MLSs that are pulled; absent where none is named. */
  marketSources?: MarketSources | undefined;
  userAgent: string;
  renderPage: DiscoverDeps['renderPage'];
  renderMemo: RenderMemo;
  outreach: OutreachDeps;
  /** Slack's incoming webhooks; without it, briefings and alerts go by mail alone. */
  slack?: SlackDoor | undefined;
  /** The model that comments on briefings; without it the planner writes alone. */
  model?: PricedModel | undefined;
  lifecycles: LifecycleStarter;
  /** Training and opening valuation models; absent where none is ever trained. */
  avm?: AvmRoom;
  /** Processes that take part in scoring everything again; without them one process does it. */
  rescoreHelpers?: RescoreHelpers;
  /** Turns descriptions into vectors; absent where no model is set up. */
  embeddings?: PricedEmbedder | undefined;
  /** Quick checks of the parts, for the heartbeat. */
  checks: Readonly<Record<string, () => Promise<string>>>;
}

/** Renders one memo; see activities/memo. */
export type RenderMemo = (
  input: import('../domain/memo/model.ts').MemoInput,
) => Promise<{ pdf: Buffer; pages: number; sha256: string; templateVersion: string }>;
