import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { writeRunningSystem } from '../../src/runtime/state.ts';
import { pngOf } from '../domain/memo/sample-images.ts';
import { makeHome } from '../support/cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let home: Awaited<ReturnType<typeof makeHome>>;
let t: TestDatabase;

/** Runs a verb in this process, on the test's database as on a system that runs. */
async function reos(...args: string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  let stdout = '';
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => true } };
  const env = { ...process.env, REOS_HOME: home.path, REOS_LOG_LEVEL: 'silent' };
  const code = await main([...args, '--json'], streams, env);
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
}

beforeAll(async () => {
  [home, t] = await Promise.all([makeHome(), createTestDatabase()]);
  writeRunningSystem(reosHome(home.path), {
    databaseUrl: t.url,
    temporalAddress: '127.0.0.1:9',
    temporalUiUrl: null,
    apiUrl: null,
    parts: [],
  });
});
afterAll(async () => {
  await t.close();
  await home.remove();
});

describe('reos branding', () => {
  it('sets and shows the parts of a brand, keeps the logo by its content, and takes parts away', async () => {
    const logo = join(home.path, 'logo.png');
    await writeFile(logo, pngOf(80, 20));
    const set = await reos(
      'branding',
      'set',
      '--company-name',
      'Harbor Street',
      '--accent-color',
      '7A1F3D',
      '--logo',
      logo,
    );
    expect(set).toMatchObject({
      code: 0,
      json: { company_name: 'Harbor Street', accent_color: '#7a1f3d', tagline: null },
    });
    expect(String(set.json['logo_url'])).toMatch(/branding\/[0-9a-f]{64}\.png/);
    const shown = (await reos('branding', 'show')).json;
    expect({ ...shown, logo_url: '' }).toEqual({ ...set.json, logo_url: '' });
    const less = await reos(
      'branding',
      'set',
      '--logo',
      '',
      '--company-name',
      '',
      '--memo-variants',
      'investor-memo=1',
    );
    expect(less.json).toMatchObject({
      company_name: null,
      logo_url: null,
      memo_variants: [{ name: 'investor-memo', weight: 1 }],
    });
  });

  it('refuses what is wrong, names the option, and changes nothing', async () => {
    const before = (await reos('branding', 'show')).json;
    const text = join(home.path, 'logo.txt');
    await writeFile(text, 'no picture');
    const answers = await Promise.all([
      reos('branding', 'set', '--tagline', 'kept out', '--accent-color', 'red'),
      reos('branding', 'set', '--tagline', 'kept out', '--logo', text),
      reos('branding', 'set', '--tagline', 'kept out', '--memo-variants', 'absent=1'),
      reos('branding', 'set'),
    ]);
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 4, 2]);
    const messages = answers.map(({ json }) => (json['error'] as { message: string }).message);
    expect(messages[0]).toContain('--accent-color');
    expect(messages[1]).toContain('no JPEG, PNG, WebP or GIF picture');
    expect(messages[2]).toContain("no memo template 'absent'");
    expect((await reos('branding', 'show')).json).toEqual(before);
  });
});
