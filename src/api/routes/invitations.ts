import { z } from '@hono/zod-openapi';
import { appendAudit } from '../../db/queries/audit.ts';
import {
  acceptInvitation,
  type Invitation,
  insertInvitation,
  listOpenInvitations,
  revokeInvitation,
} from '../../db/queries/invitations.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { queueInvitationMail, sealMailLink } from '../../db/queries/user-mails.ts';
import { hasUser, insertUser } from '../../db/queries/users.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { ROLES } from '../../domain/policy.ts';
import { emailInput, nameInput, newPassword } from '../auth/fields.ts';
import { requireRoleWithin } from '../auth/grants.ts';
import { hashOpaqueToken, makeOpaqueToken, tenantOfOpaqueToken } from '../auth/opaque-token.ts';
import { hashPassword } from '../auth/password.ts';
import { type LinkDeps, linkOf } from '../auth/password-reset.ts';
import { personEntry } from '../auth/person-audit.ts';
import { isTenantActive, openSession } from '../auth/session.ts';
import { admitRegistration, networkOf } from '../auth/throttle.ts';
import { type Endpoint, endpoint, publicEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { id, idParams, instant, text } from '../kit/schemas.ts';
import { sessionAnswer, sessionOf } from './auth.ts';

const INVITATION_MS = 7 * 24 * 60 * 60_000;

const invitation = z
  .object({ id, email: z.string(), role: z.enum(ROLES), created_at: instant, expires_at: instant })
  .openapi('Invitation');
const newInvitation = invitation
  .extend({
    token: z.string().openapi({ description: 'Shown once. Who has it can join the tenant.' }),
    url: z.string().openapi({ description: 'The page of the dashboard that takes it' }),
    is_mailed: z.boolean().openapi({ description: 'Whether a mail with the link waits to be posted' }),
  })
  .openapi('NewInvitation');

/** `/api/v1/invitations`, and the way in with one. */
export function invitationEndpoints(deps: LinkDeps): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/invitations',
        operationId: 'listInvitations',
        tag: 'Identity',
        summary: 'Invitations that were neither accepted nor revoked, by e-mail address',
        permission: 'users:read',
        query: z.object(pageQuery),
        answer: pageOf(invitation),
      },
      async ({ trx, query }) => {
        const after = readCursor('email', query.cursor, 1)?.[0];
        const rows = await listOpenInvitations(trx, {
          limit: query.limit + 1,
          afterEmail: typeof after === 'string' ? after : undefined,
        });
        return toPage(rows, query.limit, 'email', (row) => [row.email], invitationOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/invitations',
        operationId: 'createInvitation',
        tag: 'Identity',
        summary: 'Invite a person by mail; the token is shown once, too',
        description:
          'It works for 7 days. An open invitation to the same address is revoked. The mail leaves within five minutes over the tenant’s e-mail channel: the local outbox, or the provider.',
        permission: 'users:update',
        body: z.strictObject({ email: emailInput, role: z.enum(ROLES) }),
        answer: newInvitation,
        status: 201,
      },
      async ({ trx, principal, body, now }) => {
        requireRoleWithin(principal, body.role);
        if (await hasUser(trx, body.email)) {
          throw new ReosError('conflict', `${body.email} is a user of this tenant already.`);
        }
        const { token, hash } = makeOpaqueToken('reosi', deps.keySecret, trx.tenantId);
        const made = await insertInvitation(trx, {
          email: body.email,
          role: body.role,
          tokenHash: hash,
          invitedBy: principal.kind === 'user' ? principal.id : null,
          createdAt: now,
          expiresAt: new Date(now.getTime() + INVITATION_MS),
        });
        const url = linkOf(deps, 'accept-invitation', token);
        const isMailed = await mailInvitation(deps, trx, made, { url, invitedBy: principal.name });
        return { ...invitationOf(made), token, url, is_mailed: isMailed };
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/invitations/{id}',
        operationId: 'revokeInvitation',
        tag: 'Identity',
        summary: 'Revoke an invitation',
        permission: 'users:update',
        params: idParams,
        answer: null,
      },
      async ({ trx, params, now }) => {
        if (await revokeInvitation(trx, params.id, now)) return;
        throw new ReosError('not_found', `There is no invitation ${params.id}.`);
      },
    ),
    publicEndpoint(
      {
        method: 'post',
        path: '/api/v1/auth/accept-invitation',
        operationId: 'acceptInvitation',
        tag: 'Identity',
        refusals: [401],
        summary: 'Join a tenant with an invitation, and sign in',
        body: z.strictObject({ token: text(200), name: nameInput(), password: newPassword }),
        answer: sessionAnswer,
        status: 201,
      },
      async ({ body, now, requestId, c }) => {
        const tenantId = tenantOfOpaqueToken('reosi', body.token);
        if (tenantId === null) throw gone();
        await admitRegistration({ db: deps.db, secret: deps.keySecret }, networkOf(c), now);
        const passwordHash = await hashPassword(body.password);
        return withTenant(deps.db, tenantId, async (trx) => {
          const invited = await acceptInvitation(trx, hashOpaqueToken(deps.keySecret, body.token), now);
          if (invited === undefined || !(await isTenantActive(trx))) throw gone();
          const user = await insertUser(trx, { ...invited, name: body.name, passwordHash, createdAt: now });
          if (user === undefined) throw new ReosError('conflict', `${invited.email} is a user already. Log in.`);
          const session = await openSession(deps, trx, user, now);
          const act = { userId: user.id, action: 'session:accept-invitation', network: networkOf(c), requestId };
          await appendAudit(trx, personEntry({ ...act, detail: { role: user.role } }, now));
          return sessionOf(session);
        });
      },
    ),
  ];
}

/** Queues the mail, with the invitation it tells of; false where links cannot be sealed. */
async function mailInvitation(
  { sealer }: Pick<LinkDeps, 'sealer'>,
  trx: TenantTrx,
  { id: invitationId, role }: Invitation,
  { url, invitedBy }: { url: string; invitedBy: string },
): Promise<boolean> {
  if (sealer === undefined) return false;
  const { name } = await readOwnTenant(trx);
  const reference = `invitation:${invitationId}`;
  await queueInvitationMail(trx, {
    invitationId,
    reference,
    subject: `You are invited to ${name}`,
    body: `${invitedBy} invites you to join ${name} in Real Estate OS as ${role}.\n\nOpen this link within 7 days and choose a password; it works once. If you do not know what this is about, do nothing.`,
    sealedLink: sealMailLink(sealer, trx.tenantId, reference, url),
  });
  return true;
}

function invitationOf(row: Invitation) {
  return { id: row.id, email: row.email, role: row.role, created_at: row.createdAt, expires_at: row.expiresAt };
}

function gone(): ReosError {
  return new ReosError('auth_revoked', 'This invitation is not valid any more. Ask an admin for a new one.');
}
