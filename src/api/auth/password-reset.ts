import { appendAudit } from '../../db/queries/audit.ts';
import { endResets, findResetUser, insertReset, takeReset } from '../../db/queries/password-resets.ts';
import { queueUserMails, sealMailLink } from '../../db/queries/user-mails.ts';
import { findLogins, lockUser, updateUser } from '../../db/queries/users.ts';
import type { Sealer } from '../../db/sealer.ts';
import { type TenantTrx, withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { hashOpaqueToken, makeOpaqueToken, tenantOfOpaqueToken } from './opaque-token.ts';
import { hashPassword } from './password.ts';
import { personEntry } from './person-audit.ts';
import { endSessions, isTenantActive, type SessionDeps } from './session.ts';
import { admitForgotten, admitReset, forgiveLogin } from './throttle.ts';

/** Life of a link that sets a new password. */
export const RESET_MS = 60 * 60_000;

/** What links to the dashboard are made with, and mailed with. */
export interface LinkDeps extends SessionDeps {
  /** Seals a link until its mail has left; without it nothing is mailed. */
  sealer?: Sealer | undefined;
  /** Where people reach the dashboard. */
  publicUrl?: string | undefined;
}

/** A link that sets a new password; whoever has it can. */
export interface ResetLink {
  id: string;
  token: string;
  url: string;
  expiresAt: Date;
}

/** The address of a page of the dashboard that a token opens. */
export function linkOf(deps: Pick<LinkDeps, 'publicUrl'>, page: string, token: string): string {
  return `${(deps.publicUrl ?? '').replace(/\/+$/, '')}/${page}?token=${token}`;
}

/** Makes the one link that works for the user; earlier ones end. @param issuedBy who gives it, as the database keeps it */
export async function issueReset(
  deps: LinkDeps,
  trx: TenantTrx,
  { userId, issuedBy, now }: { userId: string; issuedBy: string; now: Date },
): Promise<ResetLink> {
  const { token, hash } = makeOpaqueToken('reosp', deps.keySecret, trx.tenantId);
  const expiresAt = new Date(now.getTime() + RESET_MS);
  const { id } = await insertReset(trx, { userId, tokenHash: hash, issuedBy, createdAt: now, expiresAt });
  return { id, token, url: linkOf(deps, 'reset-password', token), expiresAt };
}

/** An address that somebody typed, and where from. */
export interface ForgottenPassword {
  /** In lower case. */
  email: string;
  network: string;
  requestId: string;
}

/**
 * Mails a link to each active user of that address. Says nothing about whether there is one, and takes no longer where
 * there is.
 * @throws ReosError `rate_limited`, for any address alike
 */
export async function askForReset(deps: LinkDeps, asked: ForgottenPassword, now: Date): Promise<void> {
  await admitForgotten({ db: deps.db, secret: deps.keySecret }, asked.email, asked.network, now);
  // Not waited for: the answer for a known address must not take longer than that for an unknown one.
  void mailResets(deps, asked, now).catch((error: unknown) => {
    deps.db.logger.error({ err: error }, 'a link for a forgotten password could not be made');
  });
}

async function mailResets(deps: LinkDeps, asked: ForgottenPassword, now: Date): Promise<void> {
  const { sealer } = deps;
  if (sealer === undefined) throw new ReosError('missing_part', 'Links cannot be sealed here, so none is mailed.');
  const accounts = await withSystem(deps.db, 'a forgotten password names an address, not a tenant', (trx) =>
    findLogins(trx, asked.email, undefined),
  );
  for (const { tenantId, id: userId } of accounts) {
    await withTenant(deps.db, tenantId, async (trx) => {
      const user = await lockUser(trx, userId);
      if (user?.status !== 'active' || !(await isTenantActive(trx))) return;
      const link = await issueReset(deps, trx, { userId, issuedBy: 'forgot-password', now });
      const reference = `password-reset:${link.id}`;
      await queueUserMails(trx, [
        {
          userId,
          reference,
          subject: 'A new password',
          body: `Somebody, likely you, asked for a new password of ${user.email}.\n\nOpen this link within an hour to choose one; it works once. If you did not ask, do nothing: your password stays as it is.`,
          attachmentKey: null,
          attachmentName: null,
          sealedLink: sealMailLink(sealer, trx.tenantId, reference, link.url),
        },
      ]);
      const { network, requestId } = asked;
      await appendAudit(trx, personEntry({ userId, action: 'session:forgot-password', network, requestId }, now));
    });
  }
}

/** A new password for whoever has the link. */
export interface PasswordResetRequest {
  token: string;
  password: string;
  network: string;
  requestId: string;
}

/**
 * Sets the password once, and ends every session of the user.
 * @throws ReosError `auth_revoked` for a token that is used, too old, or none; `rate_limited`
 */
export async function resetPassword(deps: SessionDeps, request: PasswordResetRequest, now: Date): Promise<void> {
  const { token, password, network, requestId } = request;
  const throttle = { db: deps.db, secret: deps.keySecret };
  await admitReset(throttle, network, now);
  const tenantId = tenantOfOpaqueToken('reosp', token);
  if (tenantId === null) throw gone();
  const hash = hashOpaqueToken(deps.keySecret, token);
  const known = await withTenant(deps.db, tenantId, (trx) => findResetUser(trx, hash, now));
  if (known === undefined) throw gone();
  const passwordHash = await hashPassword(password);
  const email = await withTenant(deps.db, tenantId, async (trx) => {
    // The user first, as each way to change a session does.
    const user = await lockUser(trx, known);
    if (user?.status !== 'active' || !(await isTenantActive(trx)) || !(await takeReset(trx, hash, now)))
      return undefined;
    await updateUser(trx, user.id, { passwordHash });
    await endSessions(trx, user.id, now);
    await endResets(trx, user.id, now);
    await appendAudit(trx, personEntry({ userId: user.id, action: 'session:reset-password', network, requestId }, now));
    return user.email;
  });
  if (email === undefined) throw gone();
  await forgiveLogin(throttle, email, network);
}

function gone(): ReosError {
  return new ReosError(
    'auth_revoked',
    'This link is not valid any more: it works once, for an hour. Ask for a new one: POST /api/v1/auth/forgot-password',
  );
}
