import ipaddr from 'ipaddr.js';
import { z } from 'zod';

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

/** `https://a.example.com,https://b.example.com` as a list of origins. */
const origins = z
  .string()
  .default('')
  .transform((text, context) => {
    const list = text.split(',').map((one) => one.trim());
    return list
      .filter((one) => one !== '')
      .map((one) => {
        if (URL.canParse(one) && new URL(one).origin === one) return one;
        context.addIssue({ code: 'custom', message: `'${one}' is no origin such as https://app.example.com` });
        return z.NEVER;
      });
  });

/** `10.0.0.0/8,::1/128` as a list of networks. */
const networks = z
  .string()
  .default('')
  .transform((text, context) => {
    const list = text.split(',').map((one) => one.trim());
    return list
      .filter((one) => one !== '')
      .map((one) => {
        if (ipaddr.isValidCIDR(one)) return one;
        context.addIssue({ code: 'custom', message: `'${one}' is no network such as 10.0.0.0/8` });
        return z.NEVER;
      });
  });

/** What each variable of the environment may say; empty ones are left out before. */
export const environmentSchema = z.object({
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
  REOS_POSTGRES_MEMORY_MB: z.coerce.number().int().min(16).max(1_048_576).optional(),
  REOS_TEMPORAL_PORT: port,
  REOS_TEMPORAL_UI_PORT: port,
  REOS_API_PORT: wholeNumber(8_080, 1, 65_535),
  REOS_API_HOST: z.string().default('127.0.0.1'),
  REOS_PUBLIC_URL: optional,
  REOS_CORS_ORIGINS: origins,
  REOS_API_KEY: optional,
  REOS_TRUSTED_PROXIES: networks,
  REDIS_URL: optional.refine(
    (url) => url === undefined || (/^rediss?:\/\//.test(url) && URL.canParse(url)),
    'is no address such as redis://cache:6379',
  ),
  REOS_EMBEDDINGS_URL: z.url({ protocol: /^https?$/ }).optional(),
  REOS_EMBEDDINGS_KEY: optional,
  REOS_EMBEDDINGS_MODEL: optional,
  REOS_EMBEDDINGS_PRICE: z.coerce.number().min(0).default(0),
  ANTHROPIC_API_KEY: optional,
  ANTHROPIC_MODEL: z.string().min(1).default('claude-sonnet-4-6'),
  ANTHROPIC_BASE_URL: z.url({ protocol: /^https?$/ }).default('https://api.anthropic.com'),
  ANTHROPIC_PRICE_INPUT: z.coerce.number().min(0).default(3),
  ANTHROPIC_PRICE_OUTPUT: z.coerce.number().min(0).default(15),
  ANTHROPIC_MAX_STEPS: wholeNumber(12, 1, 50),
  SNOWFLAKE_ACCOUNT: optional,
  SNOWFLAKE_USER: optional,
  SNOWFLAKE_PRIVATE_KEY: optional,
  SNOWFLAKE_DATABASE: optional,
  SNOWFLAKE_WAREHOUSE: optional,
  SNOWFLAKE_ROLE: optional,
  SNOWFLAKE_URL: z.url({ protocol: /^https?$/ }).optional(),
  WEBHOOK_TRUSTED_ORIGINS: origins,
  REOS_JWT_PRIVATE_KEY: optional,
  REOS_JWT_PUBLIC_KEYS: optional,
  REOS_CONTACT: optional,
  REOS_RETRY_WINDOW_SECONDS: wholeNumber(1_800, 1),
  REOS_KEEP_EVENTS_DAYS: wholeNumber(1_095, 62, 36_500),
  REOS_KEEP_DECISIONS_DAYS: wholeNumber(365, 1, 36_500),
  REOS_KEEP_SENT_DAYS: wholeNumber(90, 8, 36_500),
  REOS_SIGNED_URL_SECONDS: wholeNumber(86_400, 60, 604_800),
  PROVIDER_BASE_URLS: namedUrls,
  PROVIDER_RATE_SCALE: z.coerce.number().positive().default(1),
  SOURCE_BASE_URLS: namedUrls,
  MARKET_DROP: z.string().min(1).optional(),
  MARKET_DROP_PREFIX: z
    .string()
    .min(1)
    .transform((prefix) => `${prefix.replace(/^\/+|\/+$/g, '')}/`)
    .optional(),
  MARKET_SOURCES: z.string().min(1).optional(),
  REOS_MAP_TILES: z
    .string()
    .regex(/^https?:\/\/[^\s]+\{z\}[^\s]*$/, 'must be an address with {z}, {x} and {y}')
    .refine((value) => value.includes('{x}') && value.includes('{y}'), 'must be an address with {z}, {x} and {y}')
    .optional(),
  REOS_TEMPORAL_UI_URL: z.url().optional(),
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
  SENDGRID_INBOUND_PUBLIC_KEY: optional,
  TWILIO_ACCOUNT_SID: optional,
  TWILIO_AUTH_TOKEN: optional,
  TWILIO_FROM: optional,
  TWILIO_BASE_URL: z.url().default('https://api.twilio.com'),
  LOB_API_KEY: optional,
  LOB_BASE_URL: z.url().default('https://api.lob.com'),
  LOB_WEBHOOK_SECRET: optional,
  SLACK_BASE_URL: z.url().default('https://hooks.slack.com'),
  REOS_ENVIRONMENT: z.enum(['development', 'production']).default('development'),
  OUTREACH_ALLOW_LIST: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim().toLowerCase())
        .filter((entry) => entry !== ''),
    ),
  OUTREACH_SANDBOX: z.stringbool().default(false),
  REPLY_DOMAIN: optional,
  S3_ENDPOINT: optional,
  S3_REGION: optional,
  S3_BUCKET: optional,
  S3_ACCESS_KEY_ID: optional,
  S3_SECRET_ACCESS_KEY: optional,
  S3_FORCE_PATH_STYLE: z.stringbool().default(true),
  PUPPETEER_EXECUTABLE_PATH: optional,
  LIGHTGBM_LIBRARY: optional,
});
