import type { components } from '../../../sdk/schema.ts';
import { fieldLabel, unitsOf } from './fields.ts';

type ImportDetail = components['schemas']['ImportDetail'];

/** What a person says about one column. */
export interface Choice {
  field: string | null;
  unit: string | null;
  /** The column is not used at all. */
  ignore: boolean;
}

/** What was said so far, by column. */
export type Draft = Readonly<Record<string, Choice>>;

/** One column of the file as the screen shows it. */
export interface ColumnRow {
  column: string;
  field: string | null;
  unit: string | null;
  isIgnored: boolean;
  reason: string;
  examples: string[];
  isChanged: boolean;
}

/** Each column with its proposal, and what was said about it since. Without a proposal the headers alone. */
export function rowsOf(detail: Pick<ImportDetail, 'mapping' | 'headers' | 'preview'>, draft: Draft): ColumnRow[] {
  const proposed =
    detail.mapping.length > 0
      ? detail.mapping
      : detail.headers.map((column, index) => ({
          column,
          field: null,
          unit: null,
          reason: 'unmapped',
          examples: examplesOf(detail.preview, index),
        }));
  return proposed.map((one) => {
    const said = draft[one.column];
    if (said === undefined) return { ...one, isIgnored: false, isChanged: false };
    const { column, examples, reason } = one;
    return { column, examples, reason, field: said.field, unit: said.unit, isIgnored: said.ignore, isChanged: true };
  });
}

function examplesOf(preview: readonly (readonly string[])[], index: number): string[] {
  return [...new Set(preview.map((row) => row[index] ?? '').filter((text) => text !== ''))]
    .slice(0, 3)
    .map((text) => text.slice(0, 24));
}

/** What a column is chosen to be: `ignore`, `keep`, or a field. */
export function choose(draft: Draft, row: ColumnRow, what: string): Draft {
  const field = what === 'ignore' || what === 'keep' ? null : what;
  const unit = field !== null && row.unit !== null && unitsOf(field).includes(row.unit) ? row.unit : null;
  return { ...draft, [row.column]: { field, unit, ignore: what === 'ignore' } };
}

/** The same with another unit; empty: as it is written. */
export function chooseUnit(draft: Draft, row: ColumnRow, unit: string): Draft {
  return { ...draft, [row.column]: { field: row.field, unit: unit === '' ? null : unit, ignore: false } };
}

/** The draft as the API takes it. */
export function choicesOf(
  draft: Draft,
): Array<{ column: string; field: string | null; unit: string | null; ignore: boolean }> {
  return Object.entries(draft).map(([column, choice]) => ({ column, ...choice }));
}

/** A stored draft; anything else is none. */
export function draftOf(text: string | null): Draft {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    const whole = Object.entries(value).filter(([, one]) => isChoice(one));
    return Object.fromEntries(whole) as Draft;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isChoice(value: unknown): value is Choice {
  const one = value as Partial<Choice> | null;
  const isText = (part: unknown) => part === null || typeof part === 'string';
  return (
    typeof one === 'object' && one !== null && isText(one.field) && isText(one.unit) && typeof one.ignore === 'boolean'
  );
}

/** How a column came to its meaning, in words, and how sure that is. */
export function sureness(row: ColumnRow): { text: string; tone: 'good' | 'info' | 'warn' | 'neutral'; about: string } {
  if (row.isIgnored) return { text: 'Left out', tone: 'neutral', about: 'You said not to use this column.' };
  if (row.isChanged) return { text: 'Your choice', tone: 'info', about: 'You said what this column holds.' };
  switch (row.reason) {
    case 'recipe':
      return { text: 'Certain', tone: 'good', about: 'The layout of this file is known.' };
    case 'approved':
      return {
        text: 'Remembered',
        tone: 'good',
        about: 'Somebody of your organisation approved this for the same layout.',
      };
    case 'synonym':
      return { text: 'Likely', tone: 'good', about: 'The column’s name says it.' };
    case 'shape':
      return { text: 'Please check', tone: 'warn', about: 'Guessed from the values: the name does not say it.' };
    default:
      return {
        text: 'Kept as published',
        tone: 'neutral',
        about: 'Not recognised. Its values stay with the property under their own name.',
      };
  }
}

/** The first rows as they will be read: columns with a meaning first, in the file's order, then the others. */
export function previewColumns(rows: readonly ColumnRow[], headers: readonly string[]) {
  const known = rows.flatMap((row) => {
    const index = headers.indexOf(row.column);
    return index < 0 || row.isIgnored ? [] : [{ ...row, index }];
  });
  return [...known.filter(({ field }) => field !== null), ...known.filter(({ field }) => field === null)];
}

/** The API's sentence, which names the command line's options, as a screen says it. */
export function problemText(problem: string): string {
  const missing = /no column for (.+?), which an? (\w+) needs/.exec(problem);
  if (missing !== null) {
    const [, fields = '', kind = 'record'] = missing;
    const names = fields.split(', ').map((field) => NEED_WORDS[field] ?? fieldLabel(field).toLowerCase());
    const price =
      kind === 'parcel' ? ' With a sale price the rows are read as sales, with an asking price as offers.' : '';
    return `No column is recognised as ${names.join(' or as ')}, which every ${kind} needs. Choose it below.${price}`;
  }
  if (/no column is recognised as the sale price/.test(problem)) {
    return 'No column is recognised as the sale price, which every sale needs. Choose it below.';
  }
  return problem
    .replace(/--map "column=([^"]*)"/g, '“$1”')
    .replace(/ (Name|Write) [^.]*--map .*$/s, ' Choose the columns below.');
}

const NEED_WORDS: Readonly<Record<string, string>> = {
  Parcel: 'a parcel number or address',
  Location: 'a parcel number, address or coordinates',
};
