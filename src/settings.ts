import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { ReosError } from './domain/errors.ts';
import type { SnowflakeSettings } from './intelligence/warehouses/snowflake.ts';
import { environmentSchema } from './settings-schema.ts';

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
  /** A server that speaks `/v1/embeddings`; `pricePerMillionUsd` of tokens. */
  embeddings: { url: string; apiKey: string | undefined; model: string; pricePerMillionUsd: number } | undefined;
  /** The model that comments on briefings; prices of a million tokens, US dollars. */
  anthropic:
    | {
        apiKey: string;
        model: string;
        baseUrl: string;
        pricePerMillionUsd: { input: number; output: number };
        maxSteps: number;
      }
    | undefined;
  /** The warehouse of the market tools, when it is not Postgres. */
  snowflake: SnowflakeSettings | undefined;
  /** Keys of access tokens as PEM; without a private key they are signed with the installation's secret. */
  jwt: { privateKey: string | undefined; publicKeys: string | undefined };
  userAgent: string;
  retryWindowMs: number;
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
  twilio: {
    accountSid: string | undefined;
    authToken: string | undefined;
    from: string | undefined;
    baseUrl: string;
  };
  lob: { apiKey: string | undefined; baseUrl: string; webhookSecret: string | undefined };
  /** Origin of Slack's incoming webhooks: a tenant's webhook must be there. */
  slackBaseUrl: string;
  isProduction: boolean;
  /** Addresses, phone numbers, ZIP codes and `@domains` that live channels may write to outside production. */
  allowList: readonly string[];
  isSandbox: boolean;
  /** Domain whose mail comes back by Inbound Parse. */
  replyDomain: string | undefined;
  s3:
    | {
        endpoint: string | undefined;
        region: string;
        bucket: string;
        accessKeyId: string;
        secretAccessKey: string;
        forcePathStyle: boolean;
      }
    | undefined;
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

function twilioSettings(e: z.infer<typeof environmentSchema>): Settings['twilio'] {
  if (e.TWILIO_ACCOUNT_SID !== undefined && (e.TWILIO_AUTH_TOKEN === undefined || e.TWILIO_FROM === undefined)) {
    throw new ReosError(
      'validation',
      'TWILIO_ACCOUNT_SID is set, so TWILIO_AUTH_TOKEN and TWILIO_FROM (a number as +12065550100, or a messaging service id) are needed too.',
    );
  }
  return {
    accountSid: e.TWILIO_ACCOUNT_SID,
    authToken: e.TWILIO_AUTH_TOKEN,
    from: e.TWILIO_FROM,
    baseUrl: e.TWILIO_BASE_URL,
  };
}

function embeddingSettings(e: z.infer<typeof environmentSchema>): Settings['embeddings'] {
  if (e.REOS_EMBEDDINGS_URL === undefined) return undefined;
  if (e.REOS_EMBEDDINGS_MODEL === undefined) {
    throw new ReosError(
      'validation',
      'REOS_EMBEDDINGS_URL is set, so REOS_EMBEDDINGS_MODEL is needed too: a model of 384 dimensions, such as all-minilm.',
    );
  }
  return {
    url: e.REOS_EMBEDDINGS_URL,
    apiKey: e.REOS_EMBEDDINGS_KEY,
    model: e.REOS_EMBEDDINGS_MODEL,
    pricePerMillionUsd: e.REOS_EMBEDDINGS_PRICE,
  };
}

function anthropicSettings(e: z.infer<typeof environmentSchema>): Settings['anthropic'] {
  if (e.ANTHROPIC_API_KEY === undefined) return undefined;
  return {
    apiKey: e.ANTHROPIC_API_KEY,
    model: e.ANTHROPIC_MODEL,
    baseUrl: e.ANTHROPIC_BASE_URL,
    pricePerMillionUsd: { input: e.ANTHROPIC_PRICE_INPUT, output: e.ANTHROPIC_PRICE_OUTPUT },
    maxSteps: e.ANTHROPIC_MAX_STEPS,
  };
}

function snowflakeSettings(e: z.infer<typeof environmentSchema>): Settings['snowflake'] {
  const { SNOWFLAKE_ACCOUNT: account, SNOWFLAKE_USER: user, SNOWFLAKE_PRIVATE_KEY: privateKey } = e;
  const { SNOWFLAKE_DATABASE: database, SNOWFLAKE_WAREHOUSE: warehouse } = e;
  if (account === undefined) return undefined;
  if (user === undefined || privateKey === undefined || database === undefined || warehouse === undefined) {
    throw new ReosError(
      'validation',
      'SNOWFLAKE_ACCOUNT is set, so SNOWFLAKE_USER, SNOWFLAKE_PRIVATE_KEY, SNOWFLAKE_DATABASE and SNOWFLAKE_WAREHOUSE are needed too.',
    );
  }
  return { account, user, privateKey, database, warehouse, role: e.SNOWFLAKE_ROLE, url: e.SNOWFLAKE_URL };
}

function s3Settings(e: z.infer<typeof environmentSchema>): Settings['s3'] {
  if (e.S3_BUCKET === undefined) return undefined;
  if (e.S3_ACCESS_KEY_ID === undefined || e.S3_SECRET_ACCESS_KEY === undefined) {
    throw new ReosError('validation', 'S3_BUCKET is set, so S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed too.');
  }
  return {
    endpoint: e.S3_ENDPOINT,
    region: e.S3_REGION ?? 'us-east-1',
    bucket: e.S3_BUCKET,
    accessKeyId: e.S3_ACCESS_KEY_ID,
    secretAccessKey: e.S3_SECRET_ACCESS_KEY,
    forcePathStyle: e.S3_FORCE_PATH_STYLE,
  };
}
