import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { ReosError } from '../domain/errors.ts';
import type { HttpClient } from '../http/types.ts';
import type { ContentBlock, ModelAnswer, ModelQuestion } from './agent.ts';

/** How the Messages API is reached. */
export interface ClaudeAccess {
  apiKey: string;
  model: string;
  baseUrl: string;
}

/** The longest answer, in tokens: some 200 words and a few calls. */
export const MOST_OUTPUT_TOKENS = 2_000;
const TIMEOUT_MS = 120_000;

const text = z.string().transform((value) => value.replaceAll('\u0000', ''));
const answerSchema = z.object({
  content: z.array(
    z.union([
      z.object({ type: z.literal('text'), text }),
      z.object({ type: z.literal('tool_use'), id: z.string().min(1), name: z.string(), input: z.unknown() }),
      z.looseObject({ type: z.enum(['thinking', 'redacted_thinking']) }),
    ]),
  ),
  stop_reason: z.string().nullable(),
  usage: z.object({
    input_tokens: z.int().min(0),
    cache_creation_input_tokens: z.int().min(0).nullish(),
    cache_read_input_tokens: z.int().min(0).nullish(),
    output_tokens: z.int().min(0),
  }),
});

/**
 * Anthropic's Messages API behind the guarded client. It never tries again by itself: that is Temporal's.
 * @throws ReosError `transient` for 408, 409, 429, 5xx (529: overloaded) and no connection, with the provider's Retry-After;
 *   `auth_revoked` for a key that is refused; `outcome_unknown` for an answer that is none; `validation` for the rest
 */
export function createClaude(
  http: HttpClient,
  access: ClaudeAccess,
): (question: ModelQuestion) => Promise<ModelAnswer> {
  let opening: Promise<Anthropic> | undefined;
  return async (question) => {
    opening ??= open(http, access);
    const client = await opening;
    const answer = await client.messages
      .create({
        model: access.model,
        max_tokens: MOST_OUTPUT_TOKENS,
        system: question.system,
        messages: question.messages as Anthropic.MessageParam[],
        tools: question.tools as Anthropic.Tool[],
      })
      .catch((error: unknown) => {
        throw failureOf(error);
      });
    const checked = answerSchema.safeParse(answer);
    if (!checked.success) {
      const [first] = checked.error.issues;
      throw new ReosError(
        'outcome_unknown',
        `The model's answer cannot be read (${first?.path.join('.') || 'answer'}: ${first?.message}).`,
        { details: { provider: 'anthropic' } },
      );
    }
    const { content, stop_reason: stopReason, usage } = checked.data;
    return {
      content: content as ContentBlock[],
      stopReason,
      inputTokens: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0),
      outputTokens: usage.output_tokens,
    };
  };
}

async function open(http: HttpClient, { apiKey, baseUrl }: ClaudeAccess): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  return new Client({
    apiKey,
    // Nothing else of the environment has a say.
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: TIMEOUT_MS,
    logLevel: 'off',
    fetch: (url, init) => guarded(http, url, init),
  });
}

/** The guarded client in the shape of `fetch`. */
async function guarded(
  http: HttpClient,
  url: string | URL | Request,
  init: RequestInit | undefined,
): Promise<Response> {
  const headers = Object.fromEntries(new Headers(init?.headers));
  const {
    status,
    headers: answered,
    body,
  } = await http.fetch({
    url: String(url),
    method: init?.method === 'GET' ? 'GET' : 'POST',
    headers,
    body: typeof init?.body === 'string' ? init.body : undefined,
    timeoutMs: TIMEOUT_MS,
  } as Parameters<HttpClient['fetch']>[0]);
  // The body is whole and decoded already.
  const { 'content-encoding': _encoding, 'content-length': _length, 'transfer-encoding': _chunks, ...rest } = answered;
  return new Response(new Uint8Array(body), { status, headers: rest });
}

interface ApiFailure {
  status?: number | undefined;
  headers?: Headers | undefined;
  type?: string | null;
  cause?: unknown;
}

/** What a failure of the client means. Neither key nor body is in its words. */
function failureOf(error: unknown): unknown {
  if (error instanceof ReosError) return error;
  const { status, headers, type, cause } = error as ApiFailure;
  const details = { provider: 'anthropic', status: status ?? null };
  if (cause instanceof ReosError) return cause;
  if (status === undefined) {
    if (error instanceof SyntaxError) {
      return new ReosError('outcome_unknown', 'The model’s answer is no JSON.', { details });
    }
    return new ReosError('transient', 'The model did not answer.', { details });
  }
  const named = `The model refused the question: HTTP ${status}${type ? ` (${type})` : ''}.`;
  if (status === 401 || status === 403) {
    return new ReosError('auth_revoked', `${named} Check ANTHROPIC_API_KEY.`, { details });
  }
  if (status >= 500 || [408, 409, 429].includes(status)) {
    const wait = Number(headers?.get('retry-after'));
    const heals = Number.isFinite(wait) && wait > 0 ? { retryAfterSeconds: wait } : {};
    return new ReosError('transient', `${named} It is tried again.`, { details, ...heals });
  }
  return new ReosError('validation', `${named} Check ANTHROPIC_MODEL and ANTHROPIC_BASE_URL.`, { details });
}
