import { endResets } from '../../db/queries/password-resets.ts';
import { lockUser, updateUser } from '../../db/queries/users.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { hashPassword, isPassword } from './password.ts';
import { endSessions, type SessionDeps } from './session.ts';
import { admitLogin, forgiveLogin } from './throttle.ts';

/** A new password for who knows the present one. */
export interface PasswordChange {
  tenantId: string;
  userId: string;
  current: string;
  next: string;
  network: string;
}

/**
 * Changes a password and ends every session of the user. Guesses count as logins do.
 * @throws ReosError `validation` when the present password is wrong, `rate_limited`
 */
export async function changePassword(deps: SessionDeps, change: PasswordChange, now: Date): Promise<void> {
  const throttle = { db: deps.db, secret: deps.keySecret };
  const inTenant = <T>(fn: Parameters<typeof withTenant<T>>[2]) => withTenant(deps.db, change.tenantId, fn);
  const before = await inTenant((trx) => lockUser(trx, change.userId));
  if (before === undefined) throw new ReosError('auth_revoked', 'This account is not active any more.');
  await admitLogin(throttle, before.email, change.network, now);
  if (!(await isPassword(change.current, before.passwordHash))) {
    throw new ReosError('validation', 'The present password is wrong.', {
      details: { field: 'body.current_password' },
    });
  }
  const passwordHash = await hashPassword(change.next);
  await inTenant(async (trx) => {
    const user = await lockUser(trx, change.userId);
    if (user?.passwordHash !== before.passwordHash) {
      throw new ReosError('conflict', 'The password was changed a moment ago. Log in again.');
    }
    await updateUser(trx, change.userId, { passwordHash });
    await endSessions(trx, change.userId, now);
    await endResets(trx, change.userId, now);
  });
  await forgiveLogin(throttle, before.email, change.network);
}
