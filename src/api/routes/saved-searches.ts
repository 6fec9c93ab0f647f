import { z } from '@hono/zod-openapi';
import { EXACT_COUNT } from '../../db/queries/property-search.ts';
import {
  countSavedSearches,
  deleteSavedSearch,
  insertSavedSearch,
  listSavedSearches,
  readSavedSearch,
  type SavedSearch,
  startAlerts,
  updateSavedSearch,
} from '../../db/queries/saved-searches.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { personOf, personQuery } from '../kit/person.ts';
import type { Principal } from '../kit/principal.ts';
import { idParams } from '../kit/schemas.ts';
import { readNameCursor } from './name-cursor.ts';
import { answerSearch, found, resultQuery } from './properties-search.ts';
import {
  alert,
  alertIn,
  savedSearchFields as fields,
  savedSearch,
  savedSearchOf,
  storedSearch,
} from './saved-search-shape.ts';

const MOST_SEARCHES = 200;
const common = { tag: 'Saved searches', permission: 'properties:read' } as const;

/** `/api/v1/saved-searches`: searches that people keep, share and are told of. */
export function savedSearchEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        method: 'get',
        path: '/api/v1/saved-searches',
        operationId: 'listSavedSearches',
        summary: 'One’s own saved searches and the shared ones, by name',
        query: z.object({ ...pageQuery, ...personQuery }),
        answer: pageOf(savedSearch),
      },
      async ({ trx, principal, query }) => {
        const after = readNameCursor('saved-searches', query.cursor);
        const rows = await listSavedSearches(trx, await personOf(trx, principal, query.user_id), {
          limit: query.limit + 1,
          after,
        });
        const itemOf = (row: SavedSearch) => savedSearchOf(row, principal);
        return toPage(rows, query.limit, 'saved-searches', (row) => [row.name, row.id], itemOf);
      },
    ),
    endpoint(
      {
        ...common,
        method: 'post',
        path: '/api/v1/saved-searches',
        operationId: 'createSavedSearch',
        summary: 'Keep a search',
        description:
          'With `alert` its owner is told once of each property that comes to fit, and again when its price or whole score changed: `instant` as it happens, `daily` in one digest.',
        body: z.strictObject({
          name: fields.name,
          filter: fields.filter,
          shared: fields.shared.default(false),
          alert: alert.default('off'),
          email: fields.email.default(false),
          ...personQuery,
        }),
        answer: savedSearch,
        status: 201,
      },
      async ({ trx, principal, body }) => {
        const userId = requireUser(await personOf(trx, principal, body.user_id));
        const search = storedSearch(body.filter);
        if ((await countSavedSearches(trx, userId)) >= MOST_SEARCHES) {
          throw new ReosError(
            'conflict',
            `${MOST_SEARCHES} searches are kept already, the most a person can have. Delete one first.`,
          );
        }
        const id = await insertSavedSearch(trx, {
          userId,
          name: body.name.trim(),
          query: body.filter,
          search,
          isShared: body.shared,
          alert: alertIn(body.alert),
          byEmail: body.email,
        });
        if (id === undefined) throw taken(body.name);
        if (body.alert !== 'off') await beginAlerts(trx, id, search);
        return savedSearchOf(await requireSearch(trx, userId, id), principal);
      },
    ),
    endpoint(
      {
        ...common,
        method: 'get',
        path: '/api/v1/saved-searches/{id}',
        operationId: 'getSavedSearch',
        summary: 'A saved search',
        params: idParams,
        answer: savedSearch,
      },
      async ({ trx, principal, params }) =>
        savedSearchOf(await requireSearch(trx, userIdOf(principal), params.id), principal),
    ),
    endpoint(
      {
        ...common,
        method: 'get',
        path: '/api/v1/saved-searches/{id}/results',
        operationId: 'runSavedSearch',
        summary: 'What a saved search finds now, as the search answers it',
        params: idParams,
        query: z.object(resultQuery),
        answer: found,
      },
      async ({ trx, principal, params, query }) =>
        answerSearch(trx, storedSearch((await requireSearch(trx, userIdOf(principal), params.id)).query), query),
    ),
    endpoint(
      {
        ...common,
        method: 'patch',
        path: '/api/v1/saved-searches/{id}',
        operationId: 'updateSavedSearch',
        summary: 'Change a saved search of one’s own',
        params: idParams,
        body: z.strictObject({
          name: fields.name.optional(),
          filter: fields.filter.optional(),
          shared: fields.shared.optional(),
          alert: alert.optional(),
          email: fields.email.optional(),
        }),
        answer: savedSearch,
      },
      async ({ trx, principal, params, body }) => {
        const before = await requireOwn(trx, userIdOf(principal), params.id);
        const search = storedSearch(body.filter ?? before.query);
        const changed = await updateSavedSearch(trx, before, {
          ...(body.name === undefined ? {} : { name: body.name.trim() }),
          ...(body.filter === undefined ? {} : { query: body.filter, search }),
          ...(body.shared === undefined ? {} : { isShared: body.shared }),
          ...(body.alert === undefined ? {} : { alert: alertIn(body.alert) }),
          ...(body.email === undefined ? {} : { byEmail: body.email }),
        });
        if (changed === 'taken') throw taken(body.name ?? before.name);
        const after = await requireSearch(trx, userIdOf(principal), params.id);
        const isNew = body.filter !== undefined || before.alert === 'none';
        if (after.alert !== 'none' && isNew) await beginAlerts(trx, after.id, search);
        return savedSearchOf(after, principal);
      },
    ),
    endpoint(
      {
        ...common,
        method: 'delete',
        path: '/api/v1/saved-searches/{id}',
        operationId: 'deleteSavedSearch',
        summary: 'Delete a saved search; admins delete any shared one',
        description: 'A scheduled report of it fails until it is given another search.',
        params: idParams,
        query: z.object(personQuery),
        answer: null,
      },
      async ({ trx, principal, params, query }) => {
        const userId = await personOf(trx, principal, query.user_id);
        const search =
          principal.role === 'admin'
            ? await requireSearch(trx, userId, params.id)
            : await requireOwn(trx, userId, params.id);
        await deleteSavedSearch(trx, search.id);
      },
    ),
  ];
}

async function beginAlerts(trx: TenantTrx, id: string, search: Parameters<typeof startAlerts>[2]): Promise<void> {
  if (await startAlerts(trx, id, search)) return;
  throw new ReosError(
    'validation',
    `alert: more than ${EXACT_COUNT} properties fit this search, so that its alerts would never end. Narrow the filter.`,
    { details: { field: 'alert' } },
  );
}

const userIdOf = (principal: Principal) => (principal.kind === 'user' ? principal.id : null);

function requireUser(userId: string | null): string {
  if (userId !== null) return userId;
  throw new ReosError(
    'forbidden',
    'An API key keeps no searches: they belong to people. Sign in as a user, or name one with user_id.',
  );
}

async function requireSearch(trx: TenantTrx, userId: string | null, id: string): Promise<SavedSearch> {
  const search = await readSavedSearch(trx, userId, id);
  if (search === undefined) throw new ReosError('not_found', `There is no saved search ${id}.`);
  return search;
}

async function requireOwn(trx: TenantTrx, userId: string | null, id: string): Promise<SavedSearch> {
  const search = await requireSearch(trx, userId, id);
  if (search.userId === userId) return search;
  throw new ReosError('forbidden', `The saved search ${id} is another person’s. Keep one of your own.`);
}

const taken = (name: string) => new ReosError('conflict', `You keep a search '${name.trim()}' already.`);
