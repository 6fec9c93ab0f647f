import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ReosError } from './domain/errors.ts';

const optional = z
  .string()
  .trim()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value));
const wholeNumber = (fallback: number, min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/** Never repeated in the message: it holds a password. */
const databaseUrl = optional.refine(
  (url) => url === undefined || (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)),
  'is no address such as postgres://user:password@host:5432/database',
);

const port = z.coerce.number().int().min(1).max(65_535).optional();

/** `name=url,name=url` as a map; the value may hold further equals signs. */
const namedUrls = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').filter((part) => part.trim() !== '');
    const map: Record<string, string> = {};
    for (const entry of entries) {
      const at = entry.indexOf('=');
      const url = entry.slice(at + 1).trim();
      if (at < 1 || !URL.canParse(url)) {
        context.addIssue({ code: 'custom', message: `'${entry}' is not name=url` });
        return z.NEVER;
      }
      map[entry.slice(0, at).trim()] = url;
    }
    return map;
  });

const environmentSchema = z.object({
  REOS_HOME: optional,
  REOS_CONFIG_DIR: optional,
  DATABASE_URL: databaseUrl,
  DATABASE_DIRECT_URL: databaseUrl,
  TEMPORAL_ADDRESS: optional,
  TEMPORAL_NAMESPACE: optional,
  TEMPORAL_PROFILE: optional,
  TEMPORAL_CONFIG_FILE: optional,
  REOS_SECRET_KEY: optional,
  REOS_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  REOS_POSTGRES_PORT: port,
  REOS_TEMPORAL_PORT: port,
  REOS_TEMPORAL_UI_PORT: port,
  REOS_API_PORT: wholeNumber(8_080, 1, 65_535),
  REOS_API_HOST: z.string().default('127.0.0.1'),
  REOS_PUBLIC_URL: optional,
  REOS_CONTACT: optional,
  REOS_RETRY_WINDOW_SECONDS: wholeNumber(1_800, 1),
  REOS_SIGNED_URL_SECONDS: wholeNumber(86_400, 60, 604_800),
  PROVIDER_BASE_URLS: namedUrls,
  PROVIDER_RATE_SCALE: z.coerce.number().positive().default(1),
  SOURCE_BASE_URLS: namedUrls,
  SITES_PERMITTED: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  CENSUS_API_KEY: optional,
  SENDGRID_API_KEY: optional,
  SENDGRID_BASE_URL: z.url().default('https://api.sendgrid.com'),
  SENDGRID_WEBHOOK_PUBLIC_KEY: optional,
  S3_ENDPOINT: optional,
  S3_REGION: optional,
  S3_BUCKET: optional,
  S3_ACCESS_KEY_ID: optional,
  S3_SECRET_ACCESS_KEY: optional,
  S3_FORCE_PATH_STYLE: z.stringbool().default(true),
  PUPPETEER_EXECUTABLE_PATH: optional,
  LIGHTGBM_LIBRARY: optional,
});

/** Everything the environment says, checked, under the product's own names. Passed down from the entry points. */
export interface Settings {
  /** Where embedded parts keep their data. */
  home: string;
  configDir: string;
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
  userAgent: string;
  retryWindowMs: number;
  signedUrlSeconds: number;
  providerBaseUrls: Record<string, string>;
  providerRateScale: number;
  sourceBaseUrls: Record<string, string>;
  /** Site recipes for which the operator states that the site permits crawling. */
  permittedSites: readonly string[];
  censusApiKey: string | undefined;
  sendgrid: { apiKey: string | undefined; baseUrl: string; webhookPublicKey: string | undefined };
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
    userAgent: `RealEstateOS/0.1 (+${e.REOS_CONTACT ?? 'https://example.com/real-estate-os'})`,
    retryWindowMs: e.REOS_RETRY_WINDOW_SECONDS * 1000,
    signedUrlSeconds: e.REOS_SIGNED_URL_SECONDS,
    providerBaseUrls: e.PROVIDER_BASE_URLS,
    providerRateScale: e.PROVIDER_RATE_SCALE,
    sourceBaseUrls: e.SOURCE_BASE_URLS,
    permittedSites: e.SITES_PERMITTED,
    censusApiKey: e.CENSUS_API_KEY,
    sendgrid: {
      apiKey: e.SENDGRID_API_KEY,
      baseUrl: e.SENDGRID_BASE_URL,
      webhookPublicKey: e.SENDGRID_WEBHOOK_PUBLIC_KEY,
    },
    s3: s3Settings(e),
    browserPath: e.PUPPETEER_EXECUTABLE_PATH,
    env,
  };
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
