import { randomBytes } from 'node:crypto';
import { appendAudit } from '../../db/queries/audit.ts';
import { insertTenant } from '../../db/queries/tenant-settings.ts';
import { insertUser } from '../../db/queries/users.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { hashPassword } from './password.ts';
import { personEntry } from './person-audit.ts';
import { openSession, type Session, type SessionDeps } from './session.ts';
import { admitRegistration } from './throttle.ts';

/** The first person of a new organisation. */
export interface Registration {
  organizationName: string;
  name: string;
  /** In lower case. */
  email: string;
  password: string;
  network: string;
  /** Of the request, for the audit log. */
  requestId?: string | undefined;
}

/** Short name of an organisation in addresses: lower-case letters, digits and hyphens, 50 at most. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'organization' : slug;
}

/**
 * Makes a tenant whose first user is its admin, and signs them in. When its short name is taken, four characters are
 * added to it.
 * @throws ReosError `rate_limited`
 */
export async function register(deps: SessionDeps, registration: Registration, now: Date): Promise<Session> {
  await admitRegistration({ db: deps.db, secret: deps.keySecret }, registration.network, now);
  const passwordHash = await hashPassword(registration.password);
  const slug = slugOf(registration.organizationName);
  const tenantId = await withSystem(deps.db, 'a registration makes a tenant', async (trx) => {
    for (const one of [slug, ...[1, 2, 3].map(() => `${slug}-${randomBytes(2).toString('hex')}`)]) {
      const id = await insertTenant(trx, { slug: one, name: registration.organizationName });
      if (id !== undefined) return id;
    }
    throw new ReosError('conflict', `There are too many organisations called '${slug}'. Choose another name.`);
  });
  return withTenant(deps.db, tenantId, async (trx) => {
    const { email, name } = registration;
    const user = await insertUser(trx, { email, name, passwordHash, role: 'admin', createdAt: now });
    if (user === undefined) throw new ReosError('conflict', 'The organisation has this user already.');
    const session = await openSession(deps, trx, user, now);
    const { network, requestId } = registration;
    await appendAudit(trx, personEntry({ userId: user.id, action: 'session:register', network, requestId }, now));
    return session;
  });
}
