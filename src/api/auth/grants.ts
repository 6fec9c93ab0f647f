import { ReosError } from '../../domain/errors.ts';
import { covers, PERMISSIONS, type Role } from '../../domain/policy.ts';
import type { Principal } from '../kit/principal.ts';

/**
 * Nobody gives away, or takes from others, more than they have: a key made for user administration is no admin.
 * @throws ReosError `forbidden`
 */
export function requireRoleWithin(principal: Principal, role: Role): void {
  if (PERMISSIONS[role].every((one) => covers(principal.permissions, one))) return;
  throw new ReosError('forbidden', `The role ${role} may do more than you may. Ask an admin of the tenant.`);
}

/**
 * @throws ReosError `forbidden` naming the first scope that the principal has not
 */
export function requireScopesWithin(principal: Principal, scopes: readonly string[]): void {
  const beyond = scopes.find((scope) => !covers(principal.permissions, scope));
  if (beyond === undefined) return;
  throw new ReosError('forbidden', `You may not do ${beyond} yourself, so a key of yours cannot either.`, {
    details: { field: 'body.scopes' },
  });
}
