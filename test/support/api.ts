import type { OpenAPIHono } from '@hono/zod-openapi';
import { issueAccessToken } from '../../src/api/auth/access-token.ts';
import { makeApiKey } from '../../src/api/auth/api-key.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import type { ApiEnv } from '../../src/api/problem.ts';
import { createApi } from '../../src/api/server.ts';
import type { Role } from '../../src/domain/policy.ts';
import { apiDeps } from '../api/setup.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS } from './identity.ts';

/** An answer as a test looks at it. */
export interface TestAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body of a JSON answer. */
  body: never;
}

/** Sends one request as somebody. */
export type Caller = (
  method: string,
  path: string,
  options?: { body?: unknown; headers?: Record<string, string> },
) => Promise<TestAnswer>;

export interface TestApi {
  app: OpenAPIHono<ApiEnv>;
  database: TestDatabase;
  /** Makes a tenant (the database's own one is there already). */
  addTenant(slug: string): Promise<string>;
  /** Makes a user and returns a caller with an access token. */
  as(role: Role, tenantId?: string): Promise<Caller & { userId: string; token: string }>;
  /** Makes an API key and returns a caller with it. */
  asKey(scopes: string[], tenantId?: string): Promise<Caller & { keyId: string; key: string }>;
  anonymous: Caller;
  close(): Promise<void>;
}

/** The whole API in this process, on a database of its own. */
export async function createTestApi(more: Partial<ApiDeps> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const app = createApi(apiDeps({ db: database.db, ...more }));
  const callerOf =
    (token: string | null): Caller =>
    async (method, path, { body, headers = {} } = {}) => {
      const response = await app.request(path, {
        method,
        headers: {
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (isJson ? JSON.parse(text) : undefined) as never,
      };
    };
  let made = 0;
  return {
    app,
    database,
    async addTenant(slug) {
      const [row] = await database.query<{ id: string }>(
        'insert into tenants (slug, name) values ($1, $1) returning id',
        [slug],
      );
      return row!.id;
    },
    async as(role, tenantId = database.tenantId) {
      made += 1;
      const [row] = await database.query<{ id: string }>(
        `insert into user_accounts (tenant_id, email, name, password_hash, role, tokens_valid_from)
         values ($1, $2, $3, 'none', $4, now() - interval '1 hour') returning id`,
        [tenantId, `${role}-${made}@example.com`, `A ${role}`, role],
      );
      const userId = row!.id;
      const token = await issueAccessToken(TEST_TOKEN_KEYS, { tenantId, userId }, new Date());
      return Object.assign(callerOf(token), { userId, token });
    },
    async asKey(scopes, tenantId = database.tenantId) {
      const { key, prefix, hash } = makeApiKey(KEY_SECRET, tenantId);
      const [row] = await database.query<{ id: string }>(
        `insert into api_keys (tenant_id, name, prefix, key_hash, scopes) values ($1, 'test', $2, $3, $4) returning id`,
        [tenantId, prefix, hash, scopes],
      );
      return Object.assign(callerOf(key), { keyId: row!.id, key });
    },
    anonymous: callerOf(null),
    close: () => database.close(),
  };
}
