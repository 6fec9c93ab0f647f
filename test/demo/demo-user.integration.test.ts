import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword, isPassword } from '../../src/api/auth/password.ts';
import { demoSignInFile, ensureDemoUser, readDemoSignIn } from '../../src/demo/demo-user.ts';
import { createTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let home: string;
beforeAll(async () => {
  api = await createTestApi();
  home = await mkdtemp(join(tmpdir(), 'reos-demo-user-'));
});
afterAll(async () => {
  await api.close();
  await rm(home, { recursive: true, force: true });
});

const ensure = () => ensureDemoUser(api.database.db, api.database.tenantId, home, { hashPassword, isPassword });
const signIn = (password: string) =>
  api.anonymous('POST', '/api/v1/auth/login', { body: { email: 'demo@example.com', password } });

describe('the user of the demonstration', () => {
  it('has a password of the home’s own, in a file that its owner alone reads', async () => {
    expect(await readDemoSignIn(home)).toBeNull();
    const made = await ensure();
    expect(made.password.length).toBeGreaterThanOrEqual(20);
    expect((await stat(demoSignInFile(home))).mode & 0o777).toBe(0o600);
    const answer = await signIn(made.password);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ user: { email: 'demo@example.com', role: 'admin' } });
    expect(await readDemoSignIn(home)).toEqual(made);
  });

  it('stays the same when the demonstration runs again', async () => {
    const before = await readFile(demoSignInFile(home), 'utf8');
    const session = (await signIn((await ensure()).password)).body as { access_token: string };
    await ensure();
    expect(await readFile(demoSignInFile(home), 'utf8')).toBe(before);
    const me = { headers: { Authorization: `Bearer ${session.access_token}` } };
    expect((await api.anonymous('GET', '/api/v1/auth/me', me)).status).toBe(200);
  });

  it('can sign in again with the kept password after it was changed, disabled, or its file lost', async () => {
    await api.database.query(
      `update user_accounts set password_hash = $1, status = 'disabled' where email = 'demo@example.com'`,
      [await hashPassword('another one, chosen since')],
    );
    const kept = await ensure();
    expect((await signIn(kept.password)).status).toBe(200);
    await writeFile(demoSignInFile(home), 'no json');
    await chmod(demoSignInFile(home), 0o644);
    const next = await ensure();
    expect(next.password).not.toBe(kept.password);
    expect((await stat(next.file)).mode & 0o777).toBe(0o600);
    expect((await signIn(next.password)).status).toBe(200);
    expect((await signIn(kept.password)).status).toBe(401);
  });
});
