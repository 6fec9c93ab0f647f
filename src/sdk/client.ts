import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { newKey } from './new-key.ts';
import { problemOfResponse } from './problem.ts';
import { type RetrySettings, withRetries } from './retry.ts';
import type { paths } from './schema.ts';

export { ApiProblem } from './problem.ts';
export type { components, operations, paths } from './schema.ts';

export interface ClientSettings {
  /** Where the API is, such as `https://api.example.com`. */
  baseUrl: string;
  /** An access token or an API key; a function is asked before each request, for tokens that are renewed. */
  credential?: string | (() => string | undefined | Promise<string | undefined>);
  retry?: RetrySettings;
  /** Sends a request; default: the platform's fetch. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Every route, typed: `client.GET('/api/v1/contacts', { params: { query: { kind: 'owner' } } })`. */
export type ApiClient = Client<paths>;

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** A client of the API, for Node and browsers. Its calls reject with `ApiProblem` for every error answer. */
export function createApiClient({ baseUrl, credential, retry, fetch: send }: ClientSettings): ApiClient {
  const client = createClient<paths>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    fetch: withRetries(send ?? ((request) => fetch(request)), retry),
  });
  client.use(credentials(credential), IDEMPOTENT, PROBLEMS);
  return client;
}

/**
 * The data of a call: `await take(client.GET('/api/v1/users'))`. A call without an answer's body gives undefined.
 * @throws ApiProblem what the API says is wrong
 */
export async function take<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  return (await call).data as T;
}

/** A page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/**
 * Every item of a list, page after page, as far as they are asked for.
 * @param fetchPage asks for the page at a cursor: undefined for the first
 */
export async function* itemsOf<T>(fetchPage: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

function credentials(credential: ClientSettings['credential']): Middleware {
  return {
    async onRequest({ request }) {
      const token = typeof credential === 'function' ? await credential() : credential;
      if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
      return request;
    },
  };
}

/** Gives each write a key of its own, so that a repeated request is not a repeated deed. */
const IDEMPOTENT: Middleware = {
  onRequest({ request }) {
    if (WRITES.includes(request.method) && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', newKey());
    }
    return request;
  },
};

const PROBLEMS: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemOfResponse(response);
  },
};
