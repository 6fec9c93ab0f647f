import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ReosError } from './domain/errors.ts';
import type { RetentionDays } from './domain/retention.ts';
import type { SnowflakeSettings } from './intelligence/warehouses/snowflake.ts';
import { environmentSchema } from './settings-schema.ts';
import {
  type AnthropicSettings,
  anthropicSettings,
  type EmbeddingSettings,
  embeddingSettings,
  type S3Settings,
  s3Settings,
  snowflakeSettings,
  type TwilioSettings,
  twilioSettings,
} from './settings-services.ts';

/** Everything the environment says, checked, under the product's own names. Passed down from the entry points. */
export interface Settings {
  /** Where embedded parts keep their data. */
  home: string;
  configDir: string;
  /** Where `npm run build` writes the dashboard. */
  dashboardDir: string;
  /** Raster tiles for the dashboard's map, as `https://host/{z}/{x}/{y}.png`; none: outlines alone. */
  mapTiles: string | undefined;
  /** The Temporal Web UI, for links of the dashboard. */
  temporalUiUrl: string | undefined;
  databaseUrl: string | undefined;
  /** Direct connection for LISTEN and migrations behind a pooler; the same as databaseUrl when not set. */
  databaseDirectUrl: string | undefined;
  /** True when Temporal's own settings name a server, so that none is started here. */
  temporalAddress: string | undefined;
  secretKey: string | undefined;
  logLevel: string;
  /** Without a port of their own, embedded parts take the one they had last, else the usual one, else a free one. */
  ports: { postgres: number | undefined; temporal: number | undefined; temporalUi: number | undefined; api: number };
  /** Memory of the embedded Postgres for pages, MB; undefined: a share of the machine's. */
  postgresMemoryMb: number | undefined;
  apiHost: string;
  /** Where recipients reach the API: memo and unsubscribe links. */
  publicUrl: string | undefined;
  /** Origins whose pages may call the API. */
  corsOrigins: readonly string[];
  /** Origins to which webhooks may go though they are private or plain http. */
  webhookTrustedOrigins: readonly string[];
  /** Of the command line with `--api`: who asks. */
  apiKey: string | undefined;
  /** Networks whose proxies are believed when they say who calls. */
  trustedProxies: readonly string[];
  /** Keeps answers for every process of the API. */
  redisUrl: string | undefined;
  embeddings: EmbeddingSettings | undefined;
  anthropic: AnthropicSettings | undefined;
  /** The warehouse of the market tools, when it is not Postgres. */
  snowflake: SnowflakeSettings | undefined;
  /** Keys of access tokens as PEM; without a private key they are signed with the installation's secret. */
  jwt: { privateKey: string | undefined; publicKeys: string | undefined };
  userAgent: string;
  retryWindowMs: number;
  /** After how many days old things are deleted. */
  retentionDays: RetentionDays;
  signedUrlSeconds: number;
  providerBaseUrls: Record<string, string>;
  providerRateScale: number;
  sourceBaseUrls: Record<string, string>;
  /** Site recipes for which the operator states that the site permits crawling. */
  permittedSites: readonly string[];
  /** Folder whose market files are loaded, one folder per tenant in it. */
  marketDrop: string | undefined;
  /** Prefix of the bucket for the same; ends in a slash. */
  marketDropPrefix: string | undefined;
  /** YAML file of the databases and MLSs that are pulled. */
  marketSources: string | undefined;
  censusApiKey: string | undefined;
  sendgrid: {
    apiKey: string | undefined;
    baseUrl: string;
    webhookPublicKey: string | undefined;
    /** Verifies replies (Inbound Parse); the event key when left out. */
    inboundPublicKey: string | undefined;
  };
  twilio: TwilioSettings;
  lob: { apiKey: string | undefined; baseUrl: string; webhookSecret: string | undefined };
  /** Origin of Slack's incoming webhooks: a tenant's webhook must be there. */
  slackBaseUrl: string;
  isProduction: boolean;
  /** Addresses, phone numbers, ZIP codes and `@domains` that live channels may write to outside production. */
  allowList: readonly string[];
  isSandbox: boolean;
  /** Domain whose mail comes back by Inbound Parse. */
  replyDomain: string | undefined;
  s3: S3Settings | undefined;
  browserPath: string | undefined;
  /** The whole environment, for child processes and ladders that look at PATH. */
  env: NodeJS.ProcessEnv;
}

export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Reads and checks the environment. This file alone reads process.env.
 * @throws ReosError `validation` naming every variable that is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  // Compose files and .env files set what they leave out to nothing.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ReosError(
      'validation',
      `The environment is wrong: ${problems.join('; ')}. Correct or unset the variable.`,
    );
  }
  const e = parsed.data;
  const home = e.REOS_HOME ?? join(homedir(), '.reos');
  return {
    home: isAbsolute(home) ? home : resolve(home),
    configDir: e.REOS_CONFIG_DIR ? resolve(e.REOS_CONFIG_DIR) : join(PACKAGE_ROOT, 'config'),
    dashboardDir: join(PACKAGE_ROOT, 'dist', 'web'),
    mapTiles: e.REOS_MAP_TILES,
    temporalUiUrl: e.REOS_TEMPORAL_UI_URL,
    databaseUrl: e.DATABASE_URL,
    databaseDirectUrl: e.DATABASE_DIRECT_URL ?? e.DATABASE_URL,
    temporalAddress: e.TEMPORAL_ADDRESS,
    secretKey: e.REOS_SECRET_KEY,
    logLevel: e.REOS_LOG_LEVEL,
    ports: {
      postgres: e.REOS_POSTGRES_PORT,
      temporal: e.REOS_TEMPORAL_PORT,
      temporalUi: e.REOS_TEMPORAL_UI_PORT,
      api: e.REOS_API_PORT,
    },
    postgresMemoryMb: e.REOS_POSTGRES_MEMORY_MB,
    apiHost: e.REOS_API_HOST,
    publicUrl: e.REOS_PUBLIC_URL,
    corsOrigins: e.REOS_CORS_ORIGINS,
    webhookTrustedOrigins: e.WEBHOOK_TRUSTED_ORIGINS,
    trustedProxies: e.REOS_TRUSTED_PROXIES,
    redisUrl: e.REDIS_URL,
    embeddings: embeddingSettings(e),
    anthropic: anthropicSettings(e),
    snowflake: snowflakeSettings(e),
    apiKey: e.REOS_API_KEY,
    jwt: { privateKey: e.REOS_JWT_PRIVATE_KEY, publicKeys: e.REOS_JWT_PUBLIC_KEYS },
    userAgent: `RealEstateOS/0.1 (+${e.REOS_CONTACT ?? 'https://example.com/real-estate-os'})`,
    retryWindowMs: e.REOS_RETRY_WINDOW_SECONDS * 1000,
    retentionDays: {
      events: e.REOS_KEEP_EVENTS_DAYS,
      decisions: e.REOS_KEEP_DECISIONS_DAYS,
      sent: e.REOS_KEEP_SENT_DAYS,
    },
    signedUrlSeconds: e.REOS_SIGNED_URL_SECONDS,
    providerBaseUrls: e.PROVIDER_BASE_URLS,
    providerRateScale: e.PROVIDER_RATE_SCALE,
    sourceBaseUrls: e.SOURCE_BASE_URLS,
    permittedSites: e.SITES_PERMITTED,
    marketDrop: e.MARKET_DROP,
    marketDropPrefix: e.MARKET_DROP_PREFIX,
    marketSources: e.MARKET_SOURCES,
    censusApiKey: e.CENSUS_API_KEY,
    sendgrid: {
      apiKey: e.SENDGRID_API_KEY,
      baseUrl: e.SENDGRID_BASE_URL,
      webhookPublicKey: e.SENDGRID_WEBHOOK_PUBLIC_KEY,
      inboundPublicKey: e.SENDGRID_INBOUND_PUBLIC_KEY,
    },
    twilio: twilioSettings(e),
    slackBaseUrl: new URL(e.SLACK_BASE_URL).origin,
    lob: { apiKey: e.LOB_API_KEY, baseUrl: e.LOB_BASE_URL, webhookSecret: e.LOB_WEBHOOK_SECRET },
    isProduction: e.REOS_ENVIRONMENT === 'production',
    allowList: e.OUTREACH_ALLOW_LIST,
    isSandbox: e.OUTREACH_SANDBOX,
    replyDomain: e.REPLY_DOMAIN,
    s3: s3Settings(e),
    browserPath: e.PUPPETEER_EXECUTABLE_PATH,
    env,
  };
}
