import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
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

describe('verbs and remote servers', () => {
  it.each(Object.entries(COMMANDS))('%s works through the API, or says in a sentence why not', (_path, verb) => {
    if ('ask' in verb || 'askRemote' in verb) expect('localOnly' in verb).toBe(false);
    else expect(verb.localOnly).toMatch(/^[A-Z].{20,}[.\w]$/);
    // Options of all verbs are not taken by a verb's own.
    const own = verb.describe(new Command()).options.map(({ long }) => long);
    expect(own.filter((name) => ['--api', '--api-key-file', '--json', '--tenant'].includes(name ?? ''))).toEqual([]);
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
