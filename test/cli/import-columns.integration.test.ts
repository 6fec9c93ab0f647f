import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('reos-import-');
const home = join(folder, 'home');

const dryRun = (content: string, ...more: string[]) => run(['--county', 'king-wa', '--dry-run', ...more], content);

async function run(more: readonly string[], content: string, verb: readonly string[] = ['import']) {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, content);
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await main([...verb, file, ...more], streams, {
    ...process.env,
    REOS_HOME: home,
    REOS_LOG_LEVEL: 'silent',
  });
  return { code, stdout, stderr };
}

const ROWS = 'PIN,Kosten,sale date,sqft\n9100000011,410000,2015-03-01,1800\n9100000021,-5,2015-03-02,1700\n';

it('shows columns, problems and counts, and makes nothing', async () => {
  const { code, stdout } = await dryRun(ROWS, '--map', 'Kosten=ClosePrice', '--json');
  expect(code).toBe(0);
  const told = JSON.parse(stdout) as Record<string, unknown>;
  expect(told).toMatchObject({
    file: 'rows.csv',
    county: 'king-wa',
    record_kind: 'sale',
    rows: 2,
    valid: 1,
    refused: 1,
  });
  expect(told['mapping']).toContainEqual({
    column: 'Kosten',
    field: 'ClosePrice',
    unit: null,
    reason: 'approved',
    examples: ['410000', '-5'],
  });
  expect(JSON.stringify(told['problems'])).toContain('rows.csv:3');
  const text = await dryRun(ROWS, '--map', 'Kosten=ClosePrice');
  expect(text.stdout).toMatch(/Kosten +ClosePrice +approved +410000 \| -5/);
  expect(text.stdout).toMatch(/1 would be stored, 1 refused/);
  expect(existsSync(home)).toBe(false);
});

it('stops for a required field without a column, with exit code 2 and the way out', async () => {
  const { code, stdout } = await dryRun('PIN,sale price\n1,300000\n', '--json');
  expect(code).toBe(2);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  expect(error.code).toBe('validation');
  expect(error.message).toMatch(/no column for CloseDate.*"PIN", "sale price".*--map/s);
  expect((await dryRun(ROWS, '--map', 'Kosten')).code).toBe(2);
  expect((await dryRun(ROWS, '--map', 'Kostn=ClosePrice')).stderr).toContain('did you mean "Kosten"');
});

it('takes the county from the file, and asks for it with the known ones where it says none', async () => {
  const { code, stdout, stderr } = await run(['--dry-run', '--map', 'Kosten=ClosePrice', '--json'], ROWS);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  const { error } = JSON.parse(stdout) as { error: { message: string } };
  expect(error.message).toMatch(/^rows\.csv does not say which county.*--county: .*king-wa.*travis-tx/);
  const placed = 'PIN,sale price,sale date,sqft,lat,long\n9100000011,410000,2015-03-01,1800,47.6,-122.3\n';
  const found = await run(['--dry-run', '--json'], placed);
  expect(JSON.parse(found.stdout)).toMatchObject({ county: 'king-wa', valid: 1 });
  expect(found.stderr).toContain('rows.csv: read as rows of king-wa, for its coordinates lie in King County.');
});

it('shows what a training would read, guessed columns too, and makes nothing', async () => {
  const { code, stdout } = await run(['--dry-run', '--json'], ROWS.replace('Kosten', 'sale price'), [
    'train',
    '--sales',
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ file: 'rows.csv', market: 'rows', counts: { rows: 2, kept: 1 } });
  expect(existsSync(home)).toBe(false);
});
