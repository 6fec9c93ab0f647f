import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RemoteCli, startRemoteCli } from '../support/remote-cli.ts';

let cli: RemoteCli;
beforeAll(async () => {
  cli = await startRemoteCli();
});
afterAll(() => cli.close());

const ROWS = [
  'Investor,Mail,Town,ST',
  'Ada Example,ada@example.com,Seattle,WA',
  'Bob Example,bob at example,Seattle,WA',
  'Cy Example,cy@example.com,Tacoma,WA',
];
const NOTHING_NEW = { created: 0, updated: 0, unchanged: 2, refused: 1 };

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(cli.home, name);
  await writeFile(path, text);
  return path;
}

describe('contacts from a file, over HTTP', () => {
  it('are shown first, then stored once, with the refused rows in a file', async () => {
    const path = await fileOf('investors.csv', ROWS.join('\n'));
    const args = ['contact', 'import', path, '--kind', 'investor', '--map', 'Mail=email'];
    const dry = await cli.there(...args, '--dry-run');
    expect(dry).toMatchObject({ code: 0, json: { rows: 3, valid: 2, refused: 1, stored: false, created: 0 } });
    expect((await cli.there('contact', 'list')).json.contacts).toEqual([]);
    const done = await cli.there(...args);
    expect(done).toMatchObject({
      code: 0,
      json: {
        stored: true,
        created: 2,
        refused: 1,
        problems: [{ line: 3, field: expect.any(String), message: expect.any(String) }],
        rejects_file: `${path}.rejects.csv`,
      },
    });
    expect(await readFile(`${path}.rejects.csv`, 'utf8')).toContain('Bob Example,bob at example,Seattle,WA,3,');
    expect((await cli.there(...args)).json).toMatchObject(NOTHING_NEW);
    // The same file on the machine itself is the same people.
    expect((await cli.here(...args)).json).toMatchObject(NOTHING_NEW);
    const { contacts } = (await cli.there('contact', 'list')).json as { contacts: { name: string }[] };
    expect(contacts.map(({ name }) => name).sort()).toEqual(['Ada Example', 'Cy Example']);
  });

  it('are refused as a whole with what to do', async () => {
    const path = await fileOf('people.csv', ROWS.join('\n'));
    const base = ['contact', 'import', path, '--kind', 'investor'];
    for (const [more, words] of [
      [['--map', 'Mial=email'], 'there is no column "Mial"'],
      [['--map', 'Mail=post'], 'there is no field "post"'],
      [['--state', 'Atlantis'], 'is no state'],
    ] as const) {
      const answer = await cli.there(...base, ...more);
      expect(answer).toMatchObject({ code: 2, json: { error: { message: expect.stringContaining(words) } } });
    }
    expect(await cli.there(...base, '--county', 'atlantis')).toMatchObject({ code: expect.toBeOneOf([2, 4]) });
    const long = await fileOf('long.csv', `Mail\n${'x@example.com\n'.repeat(10_001)}`);
    expect((await cli.there('contact', 'import', long, '--kind', 'owner')).json.error.message).toContain(
      'Split the file',
    );
    const send = (key: string, body: string, more = {}) =>
      fetch(`${cli.url}/api/v1/contacts/import?kind=owner&file_name=x.csv`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, ...more },
        body,
      });
    expect((await send(cli.key, '')).status).toBe(400);
    expect((await send(cli.key, 'x'.repeat(8 * 1024 * 1024 + 1))).status).toBe(413);
    const reader = await cli.api.asKey(['outreach:read']);
    expect((await send(reader.key, 'Mail\na@example.com')).status).toBe(403);
    // A repeated request is answered as before.
    const once = { 'Idempotency-Key': 'the-one-import' };
    const first = await (await send(cli.key, 'Email,Name,State\nzoe@example.com,Zoe Example,WA', once)).json();
    expect(first).toMatchObject({ rows: 1, stored: true });
    expect(await (await send(cli.key, 'Email,Name,State\nzoe@example.com,Zoe Example,WA', once)).json()).toEqual(first);
  });

  it('are found by words of what is sealed, page by page', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, n) => `Person ${n},p${n}@example.com,${n % 10 === 0 ? 'Elma' : 'Mesa'},WA`,
    );
    const path = await fileOf('many.csv', ['Name,Mail,City,State', ...rows].join('\n'));
    expect(await cli.here('contact', 'import', path, '--kind', 'partner')).toMatchObject({ json: { created: 30 } });
    const find = async (...args: string[]) =>
      (await cli.there('contact', 'list', '--kind', 'partner', ...args)).json.contacts as { name: string }[];
    expect((await find('--find', 'person 1')).length).toBe(12);
    expect((await find('--find', 'PERSON 29')).map(({ name }) => name)).toEqual(['Person 29']);
    expect(await find('--find', 'nobody')).toEqual([]);
    expect((await find('--find', 'person', '--limit', '7')).length).toBe(7);
  });
});
