import { requireUsers } from '../../db/queries/collaboration.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { covers } from '../../domain/policy.ts';
import type { Principal } from './principal.ts';
import { id } from './schemas.ts';

/** The parameter that names whose things are meant. */
export const personQuery = {
  user_id: id
    .optional()
    .openapi({ description: 'Whose; one’s own when left out. Of others: with the permission users:update' }),
};

/**
 * The user whose things a request is about: the one named, else the person who asks; null for a key that names nobody.
 * @throws ReosError `forbidden` for another person without `users:update`, `not_found` for no user of the tenant
 */
export async function personOf(
  trx: TenantTrx,
  principal: Principal,
  userId: string | undefined,
): Promise<string | null> {
  const own = principal.kind === 'user' ? principal.id : null;
  if (userId === undefined || userId === own) return own;
  if (!covers(principal.permissions, 'users:update')) {
    throw new ReosError('forbidden', 'These are another person’s: the permission users:update is needed to name one.', {
      details: { field: 'user_id' },
    });
  }
  await requireUsers(trx, [userId]);
  return userId;
}
