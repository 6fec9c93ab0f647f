import { z } from '@hono/zod-openapi';
import { lockUser } from '../../db/queries/users.ts';
import { ReosError } from '../../domain/errors.ts';
import { emailInput, newPassword } from '../auth/fields.ts';
import { requireRoleWithin } from '../auth/grants.ts';
import { askForReset, issueReset, type LinkDeps, resetPassword } from '../auth/password-reset.ts';
import { networkOf } from '../auth/throttle.ts';
import { type Endpoint, endpoint, publicEndpoint } from '../kit/endpoint.ts';
import { id, idParams, instant, text } from '../kit/schemas.ts';

const resetLink = z
  .object({
    id,
    user_id: id,
    email: z.string(),
    token: z.string().openapi({ description: 'Shown once. Who has it can choose the user’s password.' }),
    url: z.string().openapi({ description: 'The page of the dashboard that takes it' }),
    expires_at: instant,
  })
  .openapi('PasswordResetLink');

/** Ways back for who forgot a password. */
export function passwordResetEndpoints(deps: LinkDeps): Endpoint[] {
  return [
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/forgot-password',
        operationId: 'forgotPassword',
        tag: 'Identity',
        summary: 'Have a link mailed that sets a new password',
        description:
          'The answer is the same whether there is a user of that address. The mail leaves within five minutes; three an hour are asked for at most.',
        body: z.strictObject({ email: emailInput }),
        answer: null,
      },
      async ({ body, now, requestId, c }) =>
        askForReset(deps, { email: body.email, network: networkOf(c), requestId }, now),
    ),
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/reset-password',
        operationId: 'resetPassword',
        tag: 'Identity',
        refusals: [401],
        summary: 'Choose a new password with the token of such a link',
        description: 'A token works once, for an hour, and gives way to a newer one. Every session of the user ends.',
        body: z.strictObject({ token: text(200), password: newPassword }),
        answer: null,
      },
      async ({ body, now, requestId, c }) => resetPassword(deps, { ...body, network: networkOf(c), requestId }, now),
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/users/{id}/password-reset',
        operationId: 'createPasswordReset',
        tag: 'Identity',
        summary: 'Make a link with which a user chooses a new password; it is shown once',
        description:
          'It works once, for an hour; an earlier one ends. Nothing is mailed, and the present password stays until it is used.',
        permission: 'users:update',
        params: idParams,
        answer: resetLink,
        status: 201,
      },
      async ({ trx, principal, params, now }) => {
        const user = await lockUser(trx, params.id);
        if (user === undefined) throw new ReosError('not_found', `There is no user ${params.id}.`);
        requireRoleWithin(principal, user.role);
        if (user.status !== 'active') {
          throw new ReosError('conflict', `${user.email} is disabled. Let them in again first.`);
        }
        const link = await issueReset(deps, trx, { userId: user.id, issuedBy: principal.id, now });
        return {
          id: link.id,
          user_id: user.id,
          email: user.email,
          token: link.token,
          url: link.url,
          expires_at: link.expiresAt,
        };
      },
    ),
  ];
}
