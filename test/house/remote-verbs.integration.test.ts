import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { GROUPS } from '../../src/cli/commands/groups.ts';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { main } from '../../src/cli/main.ts';

async function run(args: string[], env: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await main(args, streams, { REOS_HOME: '/nonexistent/reos', REOS_LOG_LEVEL: 'silent', ...env });
  return { code, stdout, stderr };
}

/** The verbs that belong to one machine. Another needs a reason to be here: verbs work through the API. */
const LOCAL_ONLY = [
  // The machine itself and its parts.
  ...['api', 'demo', 'doctor', 'down', 'migrate', 'status', 'temporal', 'up', 'worker'],
  // Files of the machine, or the whole database for minutes.
  ...['market load', 'market pull', 'market world', 'ratio-study', 'schedules apply', 'train'],
  // Whoever runs the installation.
  'tenant create',
];

describe('verbs and remote servers', () => {
  it.each(Object.entries(COMMANDS))('%s works through the API, or says in a sentence why not', async (path, entry) => {
    const verb = await entry.load();
    if ('ask' in verb || 'askRemote' in verb) expect('localOnly' in verb).toBe(false);
    else {
      expect(LOCAL_ONLY).toContain(path);
      expect(verb.localOnly).toMatch(/^[A-Z].{20,}[.\w]$/);
    }
    // Options of all verbs are not taken by a verb's own.
    const command = verb.describe(new Command());
    const own = command.options.map(({ long }) => long);
    expect(own.filter((name) => ['--api', '--api-key-file', '--json', '--tenant'].includes(name ?? ''))).toEqual([]);
    expect(entry.summary).toBe(path.includes(' ') ? '' : command.summary() || command.description());
  });

  it('are all in the registry where they have a group, and every group says what it is about', async () => {
    const { marketVerbs } = await import('../../src/cli/commands/market.ts');
    expect(Object.keys(COMMANDS)).toEqual(expect.arrayContaining(Object.keys(marketVerbs)));
    const groups = Object.keys(COMMANDS).flatMap((path) => (path.includes(' ') ? [path.split(' ')[0]] : []));
    expect([...new Set(groups)].sort()).toEqual(Object.keys(GROUPS).sort());
  });

  it('are of this machine alone only where the list says so', async () => {
    const local: string[] = [];
    for (const [path, entry] of Object.entries(COMMANDS)) if ('localOnly' in (await entry.load())) local.push(path);
    expect(local.sort()).toEqual([...LOCAL_ONLY].sort());
  });

  it('are loaded when they are asked for alone, and still described in the list of all', async () => {
    const all = await run(['--help']);
    expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}doctor .*Show each part/m) });
    expect(all.stdout).toMatch(/^ {2}webhook .*Addresses that events are sent to/m);
    expect((await run(['webhook', '--help'])).stdout).toMatch(/^ {2}add \[options\] <url> .*Have events sent/m);
    expect((await run(['help', 'webhook', 'add'])).stdout).toMatch(/^ {2}list .*List the addresses/m);
    expect((await run(['webhook', 'add', '--help'])).stdout).toContain('--event <type...>');
    expect(await run(['webhok'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean webhook?') });
    expect((await run(['outreach', 'dnc', 'import', '--help'])).stdout).toContain('Usage: reos outreach dnc import');
  });

  it('refuses a verb of the machine, an address that is none, a missing key and a key in the clear', async () => {
    const api = ['--api', 'https://reos.example.com'];
    expect(await run(['down', ...api])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('reos down does not'),
    });
    expect(await run(['user', 'list', ...api])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('REOS_API_KEY'),
    });
    for (const [url, words] of [
      ['reos.example.com', 'is no address'],
      ['ftp://reos.example.com', 'is no address'],
      ['https://ada:pw@reos.example.com', 'only the address'],
      ['http://reos.example.com', 'without encryption'],
    ] as const) {
      const answer = await run(['user', 'list', '--api', url], { REOS_API_KEY: 'reos_x' });
      expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    }
    const file = ['--api-key-file', '/nonexistent/key'];
    expect(await run(['user', 'list', ...api, ...file])).toMatchObject({ code: 2 });
  });
});
