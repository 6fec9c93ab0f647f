import { z } from '@hono/zod-openapi';
import { eraseUser } from '../../db/queries/user-erasure.ts';
import { findUser, listNames, listUsers, lockAdmins, lockUser, type User, updateUser } from '../../db/queries/users.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { ROLES } from '../../domain/policy.ts';
import { nameInput } from '../auth/fields.ts';
import { requireRoleWithin } from '../auth/grants.ts';
import { endSessions } from '../auth/session.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import type { Principal } from '../kit/principal.ts';
import { id, idParams, instant, text, wholeQuery } from '../kit/schemas.ts';

/** A user in an answer. */
export const user = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    status: z.enum(['active', 'disabled']),
    last_login_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('User');

const change = z
  .strictObject({
    name: nameInput(),
    role: z.enum(ROLES),
    status: z.enum(['active', 'disabled']),
  })
  .partial();

/** `/api/v1/users`: the tenant's people. */
export function userEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/users',
        operationId: 'listUsers',
        tag: 'Identity',
        summary: 'Users by e-mail address',
        permission: 'users:read',
        query: z.object({
          ...pageQuery,
          role: z.enum(ROLES).optional(),
          status: z.enum(['active', 'disabled']).optional(),
        }),
        answer: pageOf(user),
      },
      async ({ trx, query }) => {
        const after = readCursor('email', query.cursor, 1)?.[0];
        const rows = await listUsers(trx, {
          limit: query.limit + 1,
          afterEmail: typeof after === 'string' ? after : undefined,
          role: query.role,
          status: query.status,
        });
        return toPage(rows, query.limit, 'email', (row) => [row.email], userOf);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/colleagues',
        operationId: 'listColleagues',
        tag: 'Identity',
        summary: 'Names of active users, for mentions and assignments',
        permission: 'timeline:read',
        query: z.object({ q: text(100).optional(), limit: wholeQuery(1, 200).default(50) }),
        answer: z.object({ items: z.array(z.object({ id, name: z.string() }).openapi('Colleague')) }),
      },
      async ({ trx, query }) => ({ items: await listNames(trx, { like: query.q ?? '', limit: query.limit }) }),
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/users/{id}',
        operationId: 'getUser',
        tag: 'Identity',
        summary: 'One user',
        permission: 'users:read',
        params: idParams,
        answer: user,
      },
      async ({ trx, params }) => {
        const found = await findUser(trx, params.id);
        if (found === undefined) throw unknown(params.id);
        return userOf(found);
      },
    ),
    endpoint(
      {
        method: 'patch',
        path: '/api/v1/users/{id}',
        operationId: 'updateUser',
        tag: 'Identity',
        summary: 'Change name, role or status of a user',
        description: 'Another role or status ends their sessions. A tenant keeps at least one active admin.',
        permission: 'users:update',
        params: idParams,
        body: change,
        answer: user,
      },
      async ({ trx, principal, params, body, now }) =>
        userOf(await changeUser(trx, { principal, userId: params.id, change: body, now })),
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/users/{id}',
        operationId: 'eraseUser',
        tag: 'Identity',
        summary: 'Erase a person: who they were is forgotten for good, and nobody signs in as them again',
        description:
          'Name, address, password and the network addresses of their logins are forgotten; what they did stays under their id, and the audit log stays verifiable. A tenant keeps at least one active admin.',
        permission: 'users:update',
        params: idParams,
        answer: null,
      },
      async ({ trx, principal, params, now }) => {
        // Admins first and then the user: one order of locks for all.
        const admins = await lockAdmins(trx);
        const before = await lockUser(trx, params.id);
        if (before === undefined) throw unknown(params.id);
        requireRoleWithin(principal, before.role);
        keepAnAdmin(admins, params.id);
        await eraseUser(trx, params.id, now);
      },
    ),
  ];
}

async function changeUser(
  trx: TenantTrx,
  request: { principal: Principal; userId: string; change: z.output<typeof change>; now: Date },
): Promise<User> {
  const { principal, userId, now } = request;
  const { name, role, status } = request.change;
  // Admins first and then the user: one order of locks for all.
  const admins = await lockAdmins(trx);
  const before = await lockUser(trx, userId);
  if (before === undefined) throw unknown(userId);
  requireRoleWithin(principal, before.role);
  if (before.erasedAt !== null) throw new ReosError('conflict', 'This person was erased. Invite them anew.');
  const after = { role: role ?? before.role, status: status ?? before.status };
  requireRoleWithin(principal, after.role);
  const staysAdmin = after.role === 'admin' && after.status === 'active';
  if (!staysAdmin) keepAnAdmin(admins, userId);
  const changed = await updateUser(trx, userId, { name, ...after });
  if (changed === undefined) throw unknown(userId);
  if (after.role !== before.role || after.status !== before.status) await endSessions(trx, userId, now);
  return changed;
}

/** @throws ReosError `conflict` when without this user no active admin is left */
function keepAnAdmin(admins: readonly string[], userId: string): void {
  if (admins.length === 0 || admins.some((one) => one !== userId)) return;
  throw new ReosError('conflict', 'This is the last active admin of the tenant. Make somebody else an admin first.');
}

/** A user as it is answered. */
export function userOf(row: User) {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.status,
    last_login_at: row.lastLoginAt,
    created_at: row.createdAt,
  };
}

function unknown(userId: string): ReosError {
  return new ReosError('not_found', `There is no user ${userId}.`);
}
