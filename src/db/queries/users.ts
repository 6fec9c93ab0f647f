import { sql } from 'kysely';
import type { Role } from '../../domain/policy.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** A person of a tenant; never with the password's hash. */
export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  status: 'active' | 'disabled';
  lastLoginAt: Date | null;
  createdAt: Date;
}

const COLUMNS = ['id', 'email', 'name', 'role', 'status', 'lastLoginAt', 'createdAt'] as const;
type Row = Omit<User, 'role' | 'status'> & { role: string; status: string };
const userOf = (row: Row): User => row as User;

/** Accounts that a login may mean: active ones of tenants that are not closed, oldest first, five at most. */
export function findLogins(trx: SystemTrx, email: string, tenantSlug: string | undefined) {
  return trx.db
    .selectFrom('userAccounts as u')
    .innerJoin('tenants as t', 't.id', 'u.tenantId')
    .select(['u.tenantId', 'u.id', 'u.passwordHash', 't.slug', 't.status as tenantStatus'])
    .where('u.email', '=', email)
    .where('u.status', '=', 'active')
    .where('t.status', 'in', ['active', 'suspended'])
    .$if(tenantSlug !== undefined, (query) => query.where('t.slug', '=', tenantSlug!))
    .orderBy('u.createdAt')
    .orderBy('u.id')
    .limit(5)
    .execute();
}

/** Whether any tenant has a user. */
export async function hasAnyUser(trx: SystemTrx): Promise<boolean> {
  return (await trx.db.selectFrom('userAccounts').select('id').limit(1).execute()).length > 0;
}

/** Adds a user; undefined when the tenant has one of that address. */
export async function insertUser(
  trx: TenantTrx,
  user: { email: string; name: string; passwordHash: string; role: Role; createdAt: Date },
): Promise<User | undefined> {
  const row = await trx.db
    .insertInto('userAccounts')
    .values({ tenantId: trx.tenantId, ...user, tokensValidFrom: user.createdAt, updatedAt: user.createdAt })
    .onConflict((oc) => oc.columns(['tenantId', 'email']).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst();
  return row && userOf(row);
}

/** Users by address. */
export async function listUsers(
  trx: TenantTrx,
  page: { limit: number; afterEmail?: string | undefined; role?: Role | undefined; status?: string | undefined },
): Promise<User[]> {
  const rows = await trx.db
    .selectFrom('userAccounts')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .$if(page.afterEmail !== undefined, (query) => query.where('email', '>', page.afterEmail!))
    .$if(page.role !== undefined, (query) => query.where('role', '=', page.role!))
    .$if(page.status !== undefined, (query) => query.where('status', '=', page.status!))
    .orderBy('email')
    .limit(page.limit)
    .execute();
  return rows.map(userOf);
}

/** Names of the active users whose name begins like this, or has a word that does; by name. */
export function listNames(
  trx: TenantTrx,
  query: { like: string; limit: number },
): Promise<{ id: string; name: string }[]> {
  const words = query.like.replace(/[\\%_]/g, '\\$&');
  return trx.db
    .selectFrom('userAccounts')
    .select(['id', 'name'])
    .where('tenantId', '=', trx.tenantId)
    .where('status', '=', 'active')
    .where((eb) => eb.or([eb('name', 'ilike', `${words}%`), eb('name', 'ilike', `% ${words}%`)]))
    .orderBy('name')
    .orderBy('id')
    .limit(query.limit)
    .execute();
}

/** One user, or undefined. */
export async function findUser(trx: TenantTrx, userId: string): Promise<User | undefined> {
  const row = await trx.db
    .selectFrom('userAccounts')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', userId)
    .executeTakeFirst();
  return row && userOf(row);
}

/** Whether the tenant has a user of this address. */
export async function hasUser(trx: TenantTrx, email: string): Promise<boolean> {
  const row = await trx.db
    .selectFrom('userAccounts')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('email', '=', email)
    .executeTakeFirst();
  return row !== undefined;
}

/** A user with what a session depends on, locked against changes of role, password and status; or undefined. */
export async function lockUser(trx: TenantTrx, userId: string) {
  const row = await trx.db
    .selectFrom('userAccounts')
    .select([...COLUMNS, 'passwordHash', 'tokensValidFrom', 'erasedAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', userId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { passwordHash, tokensValidFrom, erasedAt } = row;
  return { ...userOf(row), passwordHash, tokensValidFrom, erasedAt };
}

/** Ids of the active admins, locked: of two who remove each other one comes second and sees it. */
export async function lockAdmins(trx: TenantTrx): Promise<string[]> {
  const rows = await trx.db
    .selectFrom('userAccounts')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('role', '=', 'admin')
    .where('status', '=', 'active')
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Changes what is given of a user; undefined when there is none of that id. */
export async function updateUser(
  trx: TenantTrx,
  userId: string,
  change: {
    name?: string | undefined;
    role?: Role | undefined;
    status?: User['status'] | undefined;
    passwordHash?: string;
    lastLoginAt?: Date;
    tokensValidFrom?: Date;
  },
): Promise<User | undefined> {
  const row = await trx.db
    .updateTable('userAccounts')
    .set({ ...change, updatedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', userId)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row && userOf(row);
}
