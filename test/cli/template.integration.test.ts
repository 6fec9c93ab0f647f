import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { writeRunningSystem } from '../../src/runtime/state.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'reos template verbs-'));
  writeRunningSystem(reosHome(join(folder, 'home')), {
    databaseUrl: database.url,
    temporalAddress: '127.0.0.1:1',
    temporalUiUrl: null,
    apiUrl: null,
    parts: [],
  });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function reos(...args: string[]) {
  let stdout = '';
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => undefined } };
  const env = { ...process.env, REOS_HOME: join(folder, 'home'), REOS_LOG_LEVEL: 'silent' };
  const code = await main(['template', ...args, '--json'], streams, env);
  return { code, json: JSON.parse(stdout) };
}

const target = ['--kind', 'email', '--name', 'owner-email'];

describe('reos template', () => {
  it('lists what there is, writes it out, takes it back changed, previews and resets it', async () => {
    const listed = await reos('list', '--kind', 'email');
    expect(listed.json.templates).toMatchObject([
      { name: 'investor-email', source: 'product', version: null },
      { name: 'investor-follow-up' },
      { name: 'owner-email' },
      { name: 'owner-follow-up' },
    ]);
    const mine = join(folder, 'mine');
    expect((await reos('show', ...target, '--out', mine)).json.files).toHaveLength(3);
    await writeFile(join(mine, 'owner-email.subject.txt'), 'About your house, {{recipientName}}\n');
    expect((await reos('set', ...target, '--file', mine)).json).toMatchObject({ version: 1, is_new: true });
    expect((await reos('set', ...target, '--file', mine)).json).toMatchObject({ version: 1, is_new: false });
    expect((await reos('list', '--kind', 'email')).json.templates[2]).toMatchObject({
      source: 'own',
      version: 1,
      created_by: expect.any(String),
    });
    const preview = await reos('preview', ...target, '--out', join(folder, 'out'));
    expect(preview.json.files).toHaveLength(3);
    expect(await readFile(join(folder, 'out/owner-email.preview.subject.txt'), 'utf8')).toBe(
      'About your house, Jo Example\n',
    );
    expect(await readFile(join(folder, 'out/owner-email.preview.html'), 'utf8')).toContain('Example Homes');
    expect((await reos('reset', ...target)).json).toMatchObject({ source: 'product' });
    expect((await reos('show', ...target)).json).toMatchObject({ source: 'product', version: null });
    expect(await reos('reset', ...target)).toMatchObject({ code: 4 });
  });

  it('refuses what is wrong by part and field, and stores nothing', async () => {
    const file = join(folder, 'owner-sms.sms.txt');
    await writeFile(file, 'Hello {{recipientNmae}}, {{senderName}}. STOP');
    const refused = await reos('set', '--kind', 'sms', '--name', 'owner-sms', '--file', file);
    expect(refused.code).not.toBe(0);
    expect(refused.json.error).toMatchObject({
      code: 'validation',
      message: expect.stringContaining('part sms.txt: {{recipientNmae}} is no field'),
    });
    expect((await reos('list', '--kind', 'sms')).json.templates).toMatchObject([{ source: 'product' }]);
    const other = await reos(
      'set',
      '--kind',
      'sms',
      '--name',
      'owner-sms',
      '--file',
      join(folder, 'out/owner-email.preview.html'),
    );
    expect(other.json.error.message).toContain('must end in .sms.txt');
    expect((await reos('show', '--kind', 'fax', '--name', 'x')).json.error.message).toContain('memo, email, sms');
  });

  it('does not let a letter hide behind the product’s postcard of that name', async () => {
    const file = join(folder, 'owner-postcard.letter.html');
    await writeFile(file, '<html><body>{{senderName}}</body></html>');
    const refused = await reos('set', '--kind', 'letter', '--name', 'owner-postcard', '--file', file);
    expect(refused.json.error).toMatchObject({ code: 'conflict' });
  });
});
