import { z } from '@hono/zod-openapi';
import { type ApiKey, insertApiKey, listApiKeys, revokeApiKey } from '../../db/queries/api-keys.ts';
import { ReosError } from '../../domain/errors.ts';
import { ACTIONS } from '../../domain/policy.ts';
import { makeApiKey } from '../auth/api-key.ts';
import { nameInput } from '../auth/fields.ts';
import { requireScopesWithin } from '../auth/grants.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { id, idParams, instant, instantInput } from '../kit/schemas.ts';

const NOUNS = [...new Set(ACTIONS.map((action) => `${action.split(':')[0]}:*`))];
const scope = z.enum(['*', ...NOUNS, ...ACTIONS]).openapi('Scope');

const apiKey = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    created_by: id.nullable(),
    created_at: instant,
    expires_at: instant.nullable(),
    last_used_at: instant.nullable().openapi({ description: 'To about 10 seconds' }),
    request_count: z.number().int(),
    revoked_at: instant.nullable(),
  })
  .openapi('ApiKey');
const newApiKey = apiKey.extend({ key: z.string().openapi({ description: 'Shown once' }) }).openapi('NewApiKey');

/** `/api/v1/api-keys`: credentials of programs. */
export function apiKeyEndpoints(deps: { keySecret: string }): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/api-keys',
        operationId: 'listApiKeys',
        tag: 'Identity',
        summary: 'API keys, revoked ones too',
        permission: 'keys:read',
        query: z.object(pageQuery),
        answer: pageOf(apiKey),
      },
      async ({ trx, query }) => {
        const after = id.safeParse(readCursor('id', query.cursor, 1)?.[0]);
        if (query.cursor !== undefined && !after.success) {
          throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
            details: { field: 'cursor' },
          });
        }
        const rows = await listApiKeys(trx, { limit: query.limit + 1, afterId: after.data });
        return toPage(rows, query.limit, 'id', (row) => [row.id], apiKeyOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/api-keys',
        operationId: 'createApiKey',
        tag: 'Identity',
        summary: 'Make an API key; it is shown once',
        description: 'Its scopes can be no more than what its maker may do.',
        permission: 'keys:update',
        body: z.strictObject({
          name: nameInput(),
          scopes: z.array(scope).min(1).max(50),
          expires_at: instantInput.nullable().optional(),
        }),
        answer: newApiKey,
        status: 201,
      },
      async ({ trx, principal, body, now }) => {
        requireScopesWithin(principal, body.scopes);
        const expiresAt = body.expires_at ?? null;
        if (expiresAt !== null && expiresAt <= now) {
          throw new ReosError('validation', 'expires_at: must be in the future.', {
            details: { field: 'body.expires_at' },
          });
        }
        const { key, prefix, hash } = makeApiKey(deps.keySecret, trx.tenantId);
        const made = await insertApiKey(trx, {
          name: body.name,
          prefix,
          keyHash: hash,
          scopes: [...new Set(body.scopes)],
          createdBy: principal.kind === 'user' ? principal.id : null,
          createdAt: now,
          expiresAt,
        });
        return { ...apiKeyOf(made), key };
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/api-keys/{id}',
        operationId: 'revokeApiKey',
        tag: 'Identity',
        summary: 'Revoke an API key, at once',
        permission: 'keys:update',
        params: idParams,
        answer: null,
      },
      async ({ trx, params, now }) => {
        if (await revokeApiKey(trx, params.id, now)) return;
        throw new ReosError('not_found', `There is no API key ${params.id}.`);
      },
    ),
  ];
}

function apiKeyOf(row: ApiKey) {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    created_by: row.createdBy,
    created_at: row.createdAt,
    expires_at: row.expiresAt,
    last_used_at: row.lastUsedAt,
    request_count: row.requestCount,
    revoked_at: row.revokedAt,
  };
}
