import { type AuditEntry, appendAudit } from '../../db/queries/audit.ts';
import { findLogins, lockUser, updateUser } from '../../db/queries/users.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { hashPassword, isOutdatedHash, isPassword } from './password.ts';
import { personEntry } from './person-audit.ts';
import { isTenantActive, later, openSession, type Session, type SessionDeps } from './session.ts';
import { suspended } from './suspended.ts';
import { admitLogin, forgiveLogin } from './throttle.ts';

/** What a person types, and where it comes from. */
export interface LoginAttempt {
  /** In lower case. */
  email: string;
  password: string;
  /** Slug of the tenant, when the address is known to several. */
  tenant?: string | undefined;
  network: string;
  /** Of the request, for the audit log. */
  requestId?: string | undefined;
}

/**
 * Signs a person in. An unknown address costs the same work and gets the same answer as a wrong password.
 * @throws ReosError `auth_revoked` for anything wrong and for a suspended organisation, `rate_limited` after too many attempts, `validation` when address
 *   and password fit in several tenants
 */
export async function logIn(deps: SessionDeps, attempt: LoginAttempt, now: Date): Promise<Session> {
  const throttle = { db: deps.db, secret: deps.keySecret };
  await admitLogin(throttle, attempt.email, attempt.network, now);
  const accounts = await withSystem(deps.db, 'a login names an address, not a tenant', (trx) =>
    findLogins(trx, attempt.email, attempt.tenant),
  );
  if (accounts.length === 0) await isPassword(attempt.password, null);
  const fits = await Promise.all(accounts.map(({ passwordHash }) => isPassword(attempt.password, passwordHash)));
  const known = accounts.filter((_, index) => fits[index]);
  const matches = known.filter(({ tenantStatus }) => tenantStatus === 'active');
  const [account] = matches;
  if (account === undefined) {
    // Not waited for: the answer for a known address must not take longer than that for an unknown one.
    for (const one of accounts) void auditFailure(deps, one, attempt, now);
    throw known.length > 0 ? suspended() : wrong();
  }
  if (matches.length > 1) {
    const slugs = matches.map(({ slug }) => slug).join(', ');
    throw new ReosError('validation', `This address belongs to several tenants. Name one as \`tenant\`: ${slugs}.`, {
      details: { field: 'body.tenant' },
    });
  }
  const newHash = isOutdatedHash(account.passwordHash) ? await hashPassword(attempt.password) : undefined;
  const session = await withTenant(deps.db, account.tenantId, async (trx) => {
    const user = await lockUser(trx, account.id);
    // Password, status and tenant may have changed since they were read.
    if (user?.status !== 'active' || user.passwordHash !== account.passwordHash || !(await isTenantActive(trx))) {
      return undefined;
    }
    const changed = { lastLoginAt: now, ...(newHash === undefined ? {} : { passwordHash: newHash }) };
    await updateUser(trx, user.id, changed);
    const opened = await openSession(deps, trx, { ...user, lastLoginAt: now }, later(now, user.tokensValidFrom));
    await appendAudit(trx, loginEntry(user.id, attempt, 'ok', now));
    return opened;
  });
  if (session === undefined) throw wrong();
  await forgiveLogin(throttle, attempt.email, attempt.network);
  return session;
}

async function auditFailure(
  deps: SessionDeps,
  account: { id: string; tenantId: string },
  attempt: LoginAttempt,
  now: Date,
): Promise<void> {
  try {
    await withTenant(deps.db, account.tenantId, (trx) =>
      appendAudit(trx, loginEntry(account.id, attempt, 'failed', now)),
    );
  } catch (error) {
    deps.db.logger.warn({ err: error }, 'a failed login could not be written to the audit log');
  }
}

function loginEntry(userId: string, attempt: LoginAttempt, outcome: 'ok' | 'failed', at: Date): AuditEntry {
  const { network, requestId } = attempt;
  return personEntry({ userId, action: 'session:login', outcome, network, requestId }, at);
}

function wrong(): ReosError {
  return new ReosError('auth_revoked', 'The e-mail address or the password is wrong.');
}
