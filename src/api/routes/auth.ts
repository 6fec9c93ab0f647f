import { z } from '@hono/zod-openapi';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { findUser } from '../../db/queries/users.ts';
import { ReosError } from '../../domain/errors.ts';
import { changePassword } from '../auth/change-password.ts';
import { emailInput, nameInput, newPassword } from '../auth/fields.ts';
import { logIn } from '../auth/login.ts';
import { PASSWORD_MAX } from '../auth/password.ts';
import { register } from '../auth/register.ts';
import { closeSession, refreshSession, type Session, type SessionDeps } from '../auth/session.ts';
import { networkOf } from '../auth/throttle.ts';
import { type Endpoint, endpoint, ownEndpoint, publicEndpoint } from '../kit/endpoint.ts';
import { text } from '../kit/schemas.ts';
import { tenant, tenantOf } from './tenants.ts';
import { user, userOf } from './users.ts';

const opaqueToken = text(200);

/** What every way to sign in answers. */
export const sessionAnswer = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.number().int().openapi({ description: 'Seconds' }),
    refresh_token: z.string().openapi({ description: 'Works once, within 7 days' }),
    user,
  })
  .openapi('Session');

const me = z
  .object({
    kind: z.enum(['user', 'api_key']),
    id: z.string(),
    name: z.string(),
    user: user.nullable().openapi({ description: 'Null for an API key' }),
    permissions: z.array(z.string()),
    is_operator: z.boolean().openapi({ description: 'May give orders to what all tenants share, such as schedules' }),
    tenant,
  })
  .openapi('Me');

/** A session as it is answered. */
export function sessionOf(session: Session) {
  return { ...session, user: userOf(session.user) };
}

/** `/api/v1/auth`: signing up, in and out. */
export function authEndpoints(deps: SessionDeps): Endpoint[] {
  return [
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/register',
        operationId: 'register',
        tag: 'Identity',
        summary: 'Make an organisation and its first user, an admin',
        body: z.strictObject({
          organization_name: nameInput(),
          name: nameInput(),
          email: emailInput,
          password: newPassword,
        }),
        answer: sessionAnswer,
        status: 201,
      },
      async ({ body, now, requestId, c }) => {
        const { organization_name: organizationName, ...person } = body;
        const registration = { ...person, organizationName, network: networkOf(c), requestId };
        return sessionOf(await register(deps, registration, now));
      },
    ),
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/login',
        operationId: 'login',
        tag: 'Identity',
        refusals: [401],
        summary: 'Sign in with e-mail address and password',
        body: z.strictObject({
          email: emailInput,
          password: text(PASSWORD_MAX),
          tenant: text(63)
            .optional()
            .openapi({ description: 'Slug of the tenant, when address and password fit in several' }),
        }),
        answer: sessionAnswer,
      },
      async ({ body, now, requestId, c }) =>
        sessionOf(await logIn(deps, { ...body, network: networkOf(c), requestId }, now)),
    ),
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/refresh',
        operationId: 'refresh',
        tag: 'Identity',
        refusals: [401],
        summary: 'Take a refresh token for the next pair of tokens',
        description: 'A refresh token works once. Used again, it ends the whole login.',
        body: z.strictObject({ refresh_token: opaqueToken }),
        answer: sessionAnswer,
      },
      async ({ body, now, requestId, c }) =>
        sessionOf(await refreshSession(deps, body.refresh_token, now, { network: networkOf(c), requestId })),
    ),
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/logout',
        operationId: 'logout',
        tag: 'Identity',
        summary: 'End the login that a refresh token belongs to',
        description: 'An access token of that login works until it expires, 30 minutes at most.',
        body: z.strictObject({ refresh_token: opaqueToken }),
        answer: null,
      },
      async ({ body, now, requestId, c }) =>
        closeSession(deps, body.refresh_token, now, { network: networkOf(c), requestId }),
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/auth/me',
        operationId: 'getMe',
        tag: 'Identity',
        summary: 'Who this credential is, and what it may do',
        permission: 'signed-in',
        answer: me,
      },
      async ({ trx, principal }) => {
        const person = principal.kind === 'user' ? await findUser(trx, principal.id) : undefined;
        return {
          kind: principal.kind,
          id: principal.id,
          name: principal.name,
          user: person === undefined ? null : userOf(person),
          permissions: [...principal.permissions],
          is_operator: principal.isOperator,
          tenant: tenantOf(await readOwnTenant(trx)),
        };
      },
    ),
    ownEndpoint(
      {
        method: 'put',
        path: '/api/v1/users/me/password',
        operationId: 'changePassword',
        tag: 'Identity',
        summary: 'Change the own password',
        description: 'Ends every session of the user, this one too.',
        permission: 'signed-in',
        body: z.strictObject({ current_password: text(PASSWORD_MAX), new_password: newPassword }),
        answer: null,
      },
      async ({ principal, body, now, c }) => {
        if (principal.kind !== 'user') throw new ReosError('forbidden', 'An API key has no password.');
        const { current_password: current, new_password: next } = body;
        const change = { tenantId: principal.tenantId, userId: principal.id, current, next, network: networkOf(c) };
        await changePassword(deps, change, now);
      },
    ),
  ];
}
