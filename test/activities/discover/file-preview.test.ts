import { describe, expect, it } from 'vitest';
import { parseColumnChoice } from '../../../src/activities/discover/column-choice.ts';
import { dryRunFile, previewFile } from '../../../src/activities/discover/file-preview.ts';
import { discover } from '../../../src/activities/discover/registry.ts';
import { collect, recipes, recordsOf, tempFile, testDeps } from './support.ts';

const clock = () => new Date('2026-06-01T00:00:00Z');
const SALES = [
  'Sales 2024',
  'Ref;Kosten;Flaeche;Tag;Ort',
  ...Array.from({ length: 15 }, (_, i) => `00${i + 10};3${i + 10}.000;9${i % 10},5;${i + 10}.3.2024;Nord`),
  'x;y',
].join('\n');
const overrides = [
  'Ref=ParcelNumber',
  'Kosten=ClosePrice',
  'Flaeche=LivingArea:sqm',
  'Tag=CloseDate',
  'Ort=ignore',
].map(parseColumnChoice);

describe('an import that is looked at first', () => {
  it('shows what each column is taken for, with examples, and counts problems with their lines', async () => {
    const path = tempFile('verkauf.csv', SALES);
    const found = await previewFile(path, 'verkauf.csv', { recipes, overrides });
    expect(found).toMatchObject({ recordKind: 'sale', source: 'file', needsApproval: false });
    expect(found.columns[2]).toEqual({
      column: 'Flaeche',
      field: 'LivingArea',
      unit: 'sqm, decimal comma',
      reason: 'approved',
      examples: ['90,5', '91,5', '92,5'],
    });
    const run = await dryRunFile(clock, 'csv_file', {
      recipes,
      path,
      displayName: 'verkauf.csv',
      columns: found.given,
    });
    expect(run).toMatchObject({ rows: 16, valid: 15, refused: 1 });
    expect(run.problems[0]).toMatchObject({
      code: 'ragged_row',
      refused: true,
      count: 1,
      first: [expect.stringContaining('verkauf.csv:18')],
    });
  });

  it('is imported as it was shown', async () => {
    const path = tempFile('verkauf.csv', SALES);
    const { given } = await previewFile(path, 'verkauf.csv', { recipes, overrides });
    const shown = JSON.parse(JSON.stringify(given)) as typeof given;
    const records = recordsOf(await collect(discover(testDeps(), 'csv_file', { recipes, path, columns: shown })));
    expect(records).toHaveLength(15);
    expect(records[0]?.record).toMatchObject({
      record_kind: 'sale',
      ParcelNumber: '0010',
      ClosePrice: 310_000,
      CloseDate: '2024-03-10',
      LivingArea: 974.13,
      extras: {},
    });
  });

  it('asks for approval of guesses and rivals, and no longer once they are approved', async () => {
    const path = tempFile(
      'a.csv',
      ['apn,sale price,sale date,lot size,acres', '1-2,500000,25/3/2020,0.3,0.3', '1-3,510000,26/3/2020,0.4,0.4'].join(
        '\n',
      ),
    );
    const first = await previewFile(path, 'a.csv', { recipes });
    expect(first.needsApproval).toBe(true);
    expect(first.notes.join()).toMatch(/day comes first.*acres/s);
    const asked: string[] = [];
    const second = await previewFile(path, 'a.csv', {
      recipes,
      findApproved: async (source, hash) => {
        asked.push(source, hash);
        return first.columns;
      },
    });
    expect(asked).toEqual(['file', first.headersHash]);
    expect(second.needsApproval).toBe(false);
    expect(second.columns.map(({ field, unit }) => [field, unit])).toEqual(
      first.columns.map(({ field, unit }) => [field, unit]),
    );
    const rivals = await previewFile(
      tempFile('b.csv', 'apn,sale price,sale date,living area,total living area\n1-2,400000,2020-03-01,1500,1600\n'),
      'b.csv',
      { recipes },
    );
    expect(rivals.needsApproval).toBe(true);
    expect(rivals.notes.join()).toContain(
      '"total living area" reads like LivingArea too; "living area" is used for it.',
    );
  });
});
