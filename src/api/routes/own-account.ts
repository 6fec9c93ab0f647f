import { z } from '@hono/zod-openapi';
import { lockUser, updateUser } from '../../db/queries/users.ts';
import { ReosError } from '../../domain/errors.ts';
import { nameInput } from '../auth/fields.ts';
import { endSessions } from '../auth/session.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import type { Principal } from '../kit/principal.ts';
import { user, userOf } from './users.ts';

/** `/api/v1/users/me`: what people change about their own account, whatever their role. */
export function ownAccountEndpoints(): Endpoint[] {
  const about = { tag: 'Identity', permission: 'signed-in' } as const;
  return [
    endpoint(
      {
        ...about,
        method: 'put',
        path: '/api/v1/users/me/name',
        operationId: 'changeOwnName',
        summary: 'Change the own name',
        body: z.strictObject({ name: nameInput() }),
        answer: user,
      },
      async ({ trx, principal, body }) => {
        const changed = await updateUser(trx, personOf(principal), { name: body.name });
        if (changed === undefined) throw gone();
        return userOf(changed);
      },
    ),
    endpoint(
      {
        ...about,
        method: 'delete',
        path: '/api/v1/users/me/sessions',
        operationId: 'endOwnSessions',
        summary: 'Sign out everywhere: end every session of the user, this one too',
        answer: null,
      },
      async ({ trx, principal, now }) => {
        const userId = personOf(principal);
        if ((await lockUser(trx, userId)) === undefined) throw gone();
        await endSessions(trx, userId, now);
      },
    ),
  ];
}

function personOf(principal: Principal): string {
  if (principal.kind === 'user') return principal.id;
  throw new ReosError('forbidden', 'An API key is no person: it has no sessions and no name of its own.');
}

const gone = () => new ReosError('auth_revoked', 'This account is not active any more.');
