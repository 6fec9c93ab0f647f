import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBuildField, recipeFieldNames, valueUnits } from '../../src/activities/discover/recipe-schema.ts';
import { MAX_UPLOAD_BYTES as API_LIMIT } from '../../src/api/routes/imports.ts';
import { formatBytes } from '../../src/web/lib/format.ts';
import { isSettled, stagesOf, stepOf } from '../../src/web/screens/start/stages.ts';
import {
  choicesOf,
  choose,
  chooseUnit,
  draftOf,
  previewColumns,
  problemText,
  rowsOf,
  sureness,
} from '../../src/web/screens/upload/columns.ts';
import { FIELD_GROUPS, fieldLabel, needsOf, unitsOf, withFieldLabels } from '../../src/web/screens/upload/fields.ts';
import { MAX_UPLOAD_BYTES, refusalOf, uploadName } from '../../src/web/screens/upload/file-check.ts';

const mapping = [
  { column: 'Sold', field: 'CloseDate', unit: null, reason: 'shape', examples: ['01/02/2026'] },
  { column: 'Area', field: 'LivingArea', unit: 'sqm', reason: 'synonym', examples: ['167'] },
  { column: 'Note', field: null, unit: null, reason: 'unmapped', examples: [] },
];

describe('the fields to choose from', () => {
  it('are all that the import knows, each once, in a reader’s words', () => {
    const offered = FIELD_GROUPS.flatMap(({ fields }) => fields);
    expect(new Set(offered).size).toBe(offered.length);
    // Price and Date mean another field by the kind of the record: the screen offers that field itself.
    expect([...offered, 'Price', 'Date'].sort()).toEqual([...recipeFieldNames].sort());
    for (const field of offered) {
      expect(isBuildField(field)).toBe(true);
      expect(fieldLabel(field)).not.toMatch(/[a-z][A-Z]|^$/);
      for (const unit of unitsOf(field)) expect(valueUnits).toContain(unit);
    }
    expect(fieldLabel('YearBuilt')).toBe('Year built');
    expect(withFieldLabels('a sale needs CloseDate, not City or McDonald')).toBe(
      'a sale needs “Sale date”, not City or McDonald',
    );
  });
});

describe('what is said about columns', () => {
  const detail = { mapping, headers: ['Sold', 'Area', 'Note'], preview: [['01/02/2026', '167', '']] };

  it('stands over the proposal, and is what the API is told', () => {
    const [sold, area, note] = rowsOf(detail, {});
    let draft = choose({}, note!, 'BedroomsTotal');
    draft = choose(draft, sold!, 'ignore');
    draft = chooseUnit(draft, area!, 'sqft');
    expect(rowsOf(detail, draft).map(({ field, unit, isIgnored }) => [field, unit, isIgnored])).toEqual([
      [null, null, true],
      ['LivingArea', 'sqft', false],
      ['BedroomsTotal', null, false],
    ]);
    expect(choicesOf(draft)).toContainEqual({ column: 'Sold', field: null, unit: null, ignore: true });
    expect(choicesOf(draft)).toHaveLength(3);
  });

  it('keeps a unit where the new field has it, and drops it where not', () => {
    const area = rowsOf(detail, {})[1]!;
    expect(choose({}, area, 'LotSizeSquareFeet').Area).toMatchObject({ unit: 'sqm' });
    expect(choose({}, area, 'ClosePrice').Area).toMatchObject({ unit: null });
  });

  it('shows the headers alone while nothing could be proposed', () => {
    const bare = rowsOf({ ...detail, mapping: [] }, {});
    expect(bare.map(({ column, examples }) => [column, examples])).toEqual([
      ['Sold', ['01/02/2026']],
      ['Area', ['167']],
      ['Note', []],
    ]);
  });

  it('outlives a reload, whatever else is in the storage', () => {
    const draft = choose({}, rowsOf(detail, {})[0]!, 'keep');
    expect(draftOf(JSON.stringify(draft))).toEqual(draft);
    expect(draftOf(null)).toEqual({});
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => choicesOf(draftOf(text))).not.toThrow();
      }),
    );
  });

  it('says how sure a reading is', () => {
    const rows = rowsOf(detail, {});
    expect(rows.map((row) => sureness(row).text)).toEqual(['Please check', 'Likely', 'Kept as published']);
    expect(sureness(rowsOf(detail, choose({}, rows[0]!, 'ignore'))[0]!).text).toBe('Left out');
  });

  it('puts the columns with a meaning first in the preview, and leaves out the ignored ones', () => {
    const rows = rowsOf(detail, choose({}, rowsOf(detail, {})[0]!, 'keep'));
    expect(previewColumns(rows, detail.headers).map(({ column, index }) => [column, index])).toEqual([
      ['Area', 1],
      ['Sold', 0],
      ['Note', 2],
    ]);
  });
});

describe('what a record needs', () => {
  it('names the columns that hold it, and what has none', () => {
    const needs = needsOf('sale', mapping);
    expect(needs.map(({ label, columns }) => [label, columns])).toEqual([
      ['Sale price', []],
      ['Sale date', ['Sold']],
      ['A parcel number, address or coordinates', []],
    ]);
    expect(needsOf(null, mapping)).toEqual([]);
  });

  it('says a refusal without the options of the command line', () => {
    const text = problemText(
      'a.csv:1: no column for Parcel, which a parcel needs. Headers seen: "x". Name the column with --map "Header=Field", rename it.',
    );
    expect(text).toContain('a parcel number or address');
    expect(text).not.toContain('--map');
    expect(problemText('a.csv: is not UTF-8.')).toBe('a.csv: is not UTF-8.');
  });
});

describe('a file before it is sent', () => {
  it('is refused with the way out', () => {
    expect(MAX_UPLOAD_BYTES).toBe(API_LIMIT);
    expect(refusalOf({ name: 'a.csv', size: 10 })).toBeUndefined();
    expect(refusalOf({ name: 'A.CSV.GZ', size: 10 })).toBeUndefined();
    expect(refusalOf({ name: 'a.xlsx', size: 10 })).toContain('Save it as CSV');
    expect(refusalOf({ name: 'a.pdf', size: 10 })).toContain('not a kind of file');
    expect(refusalOf({ name: 'a.csv', size: 0 })).toContain('empty');
    expect(refusalOf({ name: 'a.csv', size: API_LIMIT + 1 })).toContain('gzip');
    expect(refusalOf({ name: 'a.csv.gz', size: API_LIMIT + 1 })).toContain('Split');
  });

  it('has a size a person can read, and a name the API takes', () => {
    expect([0, 1_023, 1_536, MAX_UPLOAD_BYTES].map(formatBytes)).toEqual(['0 bytes', '1023 bytes', '1.5 KB', '64 MB']);
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 400 }), (name) => {
        const sent = uploadName(`${name}.csv`);
        expect(sent.length).toBeLessThanOrEqual(200);
        expect(sent).toMatch(/^[^/\\]+$/);
        expect(sent.endsWith('.csv')).toBe(true);
      }),
    );
  });
});

describe('the stages of the pipeline', () => {
  it('count every property once', () => {
    const statuses = [
      'new',
      'ready',
      'enriched',
      'scored',
      'packet_ready',
      'contacted',
      'engaged',
      'closed',
      'failed',
      'suppressed',
    ];
    const counts = statuses.map((stage, index) => ({ stage, count: 2 ** index }));
    expect(stagesOf(counts).reduce((sum, { count }) => sum + count, 0)).toBe(2 ** statuses.length - 1);
    expect(isSettled(counts)).toBe(false);
    expect(isSettled([{ stage: 'scored', count: 3 }])).toBe(true);
  });

  it('lead the guide from the columns to the memo', () => {
    const under = [
      { stage: 'ready', count: 2 },
      { stage: 'packet_ready', count: 1 },
    ];
    expect(stepOf('uploaded', under)).toBe('columns');
    expect(stepOf('running', under)).toBe('pipeline');
    expect(stepOf('success', undefined)).toBe('pipeline');
    expect(stepOf('success', under)).toBe('pipeline');
    expect(stepOf('success', [{ stage: 'scored', count: 3 }])).toBe('memo');
    expect(stepOf('failed', [{ stage: 'failed', count: 3 }])).toBe('pipeline');
  });
});
