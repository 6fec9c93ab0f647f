import { ReosError } from '../../domain/errors.ts';
import type { HttpResponse } from '../../http/types.ts';
import type { Provider, ProviderAnswer, ProviderDeps } from './provider.ts';

/** One question to a provider: path below its base URL, and query. */
export interface Question {
  path: string;
  searchParams: Record<string, string>;
  headers?: Record<string, string>;
}

/** One answer read as JSON. `json` is undefined for 204: the service has nothing there. */
export interface JsonAnswer {
  json: unknown;
  response: HttpResponse;
}

type Asking = Pick<Provider, 'name' | 'timeoutMs' | 'defaultBaseUrl'>;

/** Asks and reads JSON, turning every other outcome into the error that tells the retry what to do (see Provider.fetch). */
export async function askJson(deps: ProviderDeps, provider: Asking, question: Question): Promise<JsonAnswer> {
  const base = (deps.baseUrls[provider.name] ?? provider.defaultBaseUrl).replace(/\/+$/, '');
  const response = await deps.http.fetch({
    url: `${base}${question.path}`,
    searchParams: question.searchParams,
    timeoutMs: provider.timeoutMs,
    headers: { accept: 'application/json', ...question.headers },
  });
  checkStatus(provider.name, response);
  if (response.status === 204) return { json: undefined, response };
  return { json: parseJson(provider.name, response), response };
}

function checkStatus(provider: string, response: HttpResponse): void {
  const { status } = response;
  const fail = (code: ConstructorParameters<typeof ReosError>[0], advice: string) => {
    const retryAfterSeconds = code === 'transient' ? readRetryAfter(response) : undefined;
    throw new ReosError(code, `${provider} answered ${status}${excerpt(response)}. ${advice}`, {
      details: { provider, status },
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  };
  if (isHtml(response) && (status === 202 || status === 403)) {
    fail('blocked', 'It sent a page for browsers instead of data: it refuses automated requests from here.');
  }
  if (status >= 200 && status < 300) return;
  if (status === 429 || status === 408 || status === 425 || status >= 500)
    fail('transient', 'It is busy or down; the call is repeated later.');
  if (status === 401 || status === 403) fail('auth_revoked', 'Check the key and its permissions in the settings.');
  if (status === 404 || status === 410)
    fail('not_found', 'Check the base URL in the settings; the service may have moved.');
  if (status >= 300 && status < 400) fail('transient', 'It redirects without saying where.');
  fail('validation', 'It does not accept the question; repeating it will not help.');
}

function parseJson(provider: string, response: HttpResponse): unknown {
  const text = response.body.toString('utf8').replace(/^\uFEFF/, '');
  if (/valid key must be included|invalid key/i.test(text.slice(0, 2000)) && isHtml(response)) {
    throw new ReosError(
      'auth_revoked',
      `${provider} refused the key. Set a valid one, or none where the service is open.`,
      {
        details: { provider },
      },
    );
  }
  try {
    return JSON.parse(nullNonNumbers(text));
  } catch (cause) {
    const what = text.trim() === '' ? 'nothing' : isHtml(response) ? 'a web page' : 'broken JSON';
    throw new ReosError(
      'transient',
      `${provider} answered ${response.status} with ${what} instead of JSON${excerpt(response)}.`,
      {
        cause,
        details: { provider, status: response.status, body: what },
      },
    );
  }
}

/** ArcGIS writes NaN for missing coordinates, which is no JSON. Text inside quotes is left alone. */
function nullNonNumbers(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)\b/g, (token) => (token.startsWith('"') ? token : 'null'));
}

function isHtml(response: HttpResponse): boolean {
  return (
    /html/i.test(response.headers['content-type'] ?? '') ||
    /^\s*<(!doctype|html|head)/i.test(response.body.subarray(0, 200).toString())
  );
}

/** The start of a text answer, for the person who reads the error; web pages are not quoted. */
function excerpt(response: HttpResponse): string {
  if (isHtml(response)) return '';
  const text = response.body
    .subarray(0, 160)
    .toString('utf8')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  return text === '' ? '' : ` (${text})`;
}

const LONGEST_WAIT_SECONDS = 3600;
/** Retry-After as seconds, in either of its forms; at most an hour; undefined when absent or unreadable. */
export function readRetryAfter(response: Pick<HttpResponse, 'headers'>): number | undefined {
  const value = response.headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), LONGEST_WAIT_SECONDS);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const served = Date.parse(response.headers['date'] ?? '');
  const seconds = Math.ceil((until - (Number.isNaN(served) ? Date.now() : served)) / 1000);
  return Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS);
}

/** Puts one or more responses and the fields read from them into an answer. Keys are cut from the address. */
export function answerOf(
  responses: readonly HttpResponse[],
  read: Pick<ProviderAnswer, 'fields' | 'confidence'>,
): ProviderAnswer {
  const first = responses[0];
  const url = new URL(first?.url ?? 'https://invalid.example/');
  url.searchParams.delete('key');
  return {
    ...read,
    rawBody: Buffer.concat(responses.flatMap(({ body }, index) => (index === 0 ? [body] : [Buffer.from('\n'), body]))),
    simulated: responses.some(({ simulated }) => simulated),
    sourceUrl: url.href,
    calls: responses.length,
  };
}

/** The answer does not have the shape that the service documents: it may be changing; worth another try, then a person. */
export function unexpectedShape(provider: string, detail: string): ReosError {
  return new ReosError(
    'transient',
    `${provider} answered in an unknown shape: ${detail}. If this stays, the service has changed.`,
    {
      details: { provider },
    },
  );
}

/** A number from a number or numeric text; null for empty, non-numeric and not finite. */
export function numberOf(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A number above zero, or null: assessors write 0 for unknown. */
export function positiveOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && number > 0 ? number : null;
}

/** Trimmed text with single blanks, or null when empty. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).replace(/\s+/g, ' ').trim();
  return text === '' ? null : text;
}
