import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ratio-study-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(text: string, ...options: string[]) {
  const path = join(folder, 'sales.csv');
  await writeFile(path, text);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const code = await main(
    ['ratio-study', path, ...options],
    { stdout: { write: (part) => stdout.push(part) }, stderr: { write: (part) => stderr.push(part) } },
    {},
  );
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** Twenty invented sales with ratios from 0.80 to 1.18, the first parcel number with a leading zero. */
const ROWS = Array.from({ length: 20 }, (_, i) => {
  const price = 200_000 + 7000 * i;
  const pin = String(i === 0 ? 1_234_567_890_000 : 9_234_567_890_000 + i).padStart(14, '0');
  return `${pin},2019,${price},${Math.round(price * (0.8 + ((i * 7) % 20) / 50))}`;
});
const FILE = ['PIN,SALE_YEAR,SALE_PRICE,ASSESSED_VALUE', ...ROWS].join('\n');

describe('reos ratio-study', () => {
  it('answers with the statistics, their intervals and the standard', async () => {
    const { code, stdout } = await run(
      `${FILE}\n00000000000009,2019,150000,0\n00000000000010,2019,10,90000\n`,
      '--json',
    );
    const answer = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ count: 20, rows: 22, value_column: 'ASSESSED_VALUE', price_column: 'SALE_PRICE' });
    expect(Object.values(answer.left_out as Record<string, number>).reduce((a, b) => a + b)).toBe(2);
    expect(answer.median_ratio).toBeCloseTo(0.99, 2);
    expect(answer.intervals.cod.low).toBeLessThan(answer.cod);
    expect(answer.standards.map((one: { measure: string }) => one.measure)).toEqual([
      'median_ratio',
      'cod',
      'prd',
      'prb',
    ]);
    expect(answer.extremes[0]).toMatchObject({ parcel: '01234567890000', ratio: 0.8 });
  });

  it('keeps every row with a price when asked, and trims outliers when asked', async () => {
    const odd = `${FILE}\n00000000000010,2019,10,90000\n`;
    expect(JSON.parse((await run(odd, '--json', '--all')).stdout)).toMatchObject({ count: 21 });
    expect(JSON.parse((await run(odd, '--json', '--all', '--trim')).stdout)).toMatchObject({ count: 20, trimmed: 1 });
  });

  it('prints a table for people', async () => {
    const { stdout } = await run(FILE);
    expect(stdout).toContain('20 sales, "ASSESSED_VALUE" against "SALE_PRICE"');
    expect(stdout).toMatch(/COD\s+\d+\.\d\d\s+\d+\.\d\d to \d+\.\d\d\s+5 to 15\s+met/);
    expect(stdout).toContain('01234567890000');
  });

  it('takes columns by name, with amounts in any spelling', async () => {
    const text =
      'What it went for,Our guess,Other\n"$200,000","$190,000",1\n"$300,000","$310,500",2\n"$250,000","$250,000",4\n';
    const { code, stdout } = await run(
      text,
      '--json',
      '--price-column',
      'What it went for',
      '--value-column',
      'Our guess',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ count: 3, median_ratio: 1, value_column: 'Our guess' });
    expect(JSON.parse(stdout).notes.join()).toContain('Fewer than 5 sales');
  });

  it('counts sales that are alike as separate ones when the file names no parcel', async () => {
    const { stdout } = await run('assessed,sale_price\n90000,100000\n90000,100000\n120000,110000\n', '--json');
    expect(JSON.parse(stdout).count).toBe(3);
  });

  it('refuses a file without assessed values, naming its headers and the option', async () => {
    const none = await run('PIN,SALE_YEAR,SALE_PRICE\n01,2019,200000\n');
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(
      /sales\.csv:1: no column is recognised as the assessed value.*"SALE_PRICE".*--value-column/,
    );
    const unknown = await run(FILE, '--value-column', 'ASSESED_VALUE');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean "ASSESSED_VALUE"');
    const empty = await run('PIN,SALE_PRICE,ASSESSED_VALUE\n01,200000,\n');
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain('no row has both');
  });
});
