import type { z } from 'zod';
import { ReosError } from './domain/errors.ts';
import type { SnowflakeSettings } from './intelligence/warehouses/snowflake.ts';
import type { environmentSchema } from './settings-schema.ts';

type Environment = z.infer<typeof environmentSchema>;

/** A server that speaks `/v1/embeddings`; `pricePerMillionUsd` of tokens. */
export interface EmbeddingSettings {
  url: string;
  apiKey: string | undefined;
  model: string;
  pricePerMillionUsd: number;
}

/** The model that comments on briefings; prices of a million tokens, US dollars. */
export interface AnthropicSettings {
  apiKey: string;
  model: string;
  baseUrl: string;
  pricePerMillionUsd: { input: number; output: number };
  maxSteps: number;
}

/** The account that texts leave from; `from` is a number or the id of a messaging service. */
export interface TwilioSettings {
  accountSid: string | undefined;
  authToken: string | undefined;
  from: string | undefined;
  baseUrl: string;
}

/** The bucket that keeps files; without an endpoint it is Amazon's. */
export interface S3Settings {
  endpoint: string | undefined;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  forcePathStyle: boolean;
}

/** @throws ReosError `validation` for an account without a token or a sender */
export function twilioSettings(e: Environment): TwilioSettings {
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

/** None without an address. @throws ReosError `validation` for an address without a model */
export function embeddingSettings(e: Environment): EmbeddingSettings | undefined {
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

/** None without a key. */
export function anthropicSettings(e: Environment): AnthropicSettings | undefined {
  if (e.ANTHROPIC_API_KEY === undefined) return undefined;
  return {
    apiKey: e.ANTHROPIC_API_KEY,
    model: e.ANTHROPIC_MODEL,
    baseUrl: e.ANTHROPIC_BASE_URL,
    pricePerMillionUsd: { input: e.ANTHROPIC_PRICE_INPUT, output: e.ANTHROPIC_PRICE_OUTPUT },
    maxSteps: e.ANTHROPIC_MAX_STEPS,
  };
}

/** None without an account. @throws ReosError `validation` for an account without what it takes to sign in */
export function snowflakeSettings(e: Environment): SnowflakeSettings | undefined {
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

/** None without a bucket. @throws ReosError `validation` for a bucket without a key */
export function s3Settings(e: Environment): S3Settings | undefined {
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
