import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from '../db/connect.ts';
import { insertUser, updateUser } from '../db/queries/users.ts';
import { withTenant } from '../db/tenant.ts';

/** With what somebody signs in to the demo tenant. */
export interface DemoSignIn {
  email: string;
  password: string;
  /** Where it is kept, readable by the home's owner alone. */
  file: string;
}

/** Hashing as the API does it; it comes from outside, because the demonstration knows no API. */
export interface Passwords {
  hashPassword(password: string): Promise<string>;
  isPassword(password: string, hash: string | null): Promise<boolean>;
}

const EMAIL = 'demo@example.com';

/** Where the demonstration's sign-in is kept in a home. */
export function demoSignInFile(home: string): string {
  return join(home, 'demo', 'sign-in.json');
}

/** The kept sign-in; null when no demonstration has run on the home, or its file is not one. */
export async function readDemoSignIn(home: string): Promise<DemoSignIn | null> {
  const file = demoSignInFile(home);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : signInOf(text, file);
}

/**
 * Makes the demo tenant's administrator, with a password of this home's own. Doing it again leaves both as they are; a
 * password that was changed since is set to the kept one again.
 */
export async function ensureDemoUser(
  db: Database,
  tenantId: string,
  home: string,
  passwords: Passwords,
  now: Date = new Date(),
): Promise<DemoSignIn> {
  const signIn = (await readDemoSignIn(home)) ?? (await keep(home));
  const passwordHash = await passwords.hashPassword(signIn.password);
  const held = await withTenant(db, tenantId, async (trx) => {
    const user = { email: EMAIL, name: 'Demo', passwordHash, role: 'admin' as const, createdAt: now };
    if ((await insertUser(trx, user)) !== undefined) return undefined;
    return trx.db
      .selectFrom('userAccounts')
      .select(['id', 'passwordHash'])
      .where('tenantId', '=', tenantId)
      .where('email', '=', EMAIL)
      .executeTakeFirst();
  });
  if (held !== undefined && !(await passwords.isPassword(signIn.password, held.passwordHash))) {
    const change = { passwordHash, role: 'admin' as const, status: 'active' as const, tokensValidFrom: now };
    await withTenant(db, tenantId, (trx) => updateUser(trx, held.id, change));
  }
  return signIn;
}

async function keep(home: string): Promise<DemoSignIn> {
  const file = demoSignInFile(home);
  const password = randomBytes(15).toString('base64url');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify({ email: EMAIL, password })}\n`, { mode: 0o600 });
  // A file that was there before keeps its mode when it is written.
  await chmod(file, 0o600);
  return { email: EMAIL, password, file };
}

function signInOf(text: string, file: string): DemoSignIn | null {
  try {
    const { email, password } = JSON.parse(text) as Partial<DemoSignIn>;
    return typeof email === 'string' && typeof password === 'string' ? { email, password, file } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
