import { ReosError } from '../../domain/errors.ts';
import { parseDate } from './date-parse.ts';

/** A known layout that is published without a header row. */
interface BareLayout {
  title: string;
  headers: readonly string[];
  /** What every row's cells look like, by position. */
  shape: ReadonlyArray<readonly [at: number, pattern: RegExp]>;
}

const LAYOUTS: readonly BareLayout[] = [
  {
    title: "HM Land Registry's price paid data",
    headers: [
      'Transaction unique identifier',
      'Price',
      'Date of Transfer',
      'Postcode',
      'Property Type',
      'Old/New',
      'Duration',
      'PAON',
      'SAON',
      'Street',
      'Locality',
      'Town/City',
      'District',
      'County',
      'PPD Category Type',
      'Record Status',
    ],
    shape: [
      [0, /^\{?[0-9A-F]{8}-[0-9A-F]{4}-/i],
      [1, /^\d+$/],
      [2, /^\d{4}-\d{2}-\d{2}/],
      [4, /^[DSTFO]$/],
      [14, /^[AB]$/],
    ],
  },
];

/** The header of a known layout whose first row is data already; null when it is none of them. */
export function bareLayout(rows: ReadonlyArray<readonly string[]>): { title: string; headers: string[] } | null {
  const found = LAYOUTS.find(
    ({ headers, shape }) =>
      rows.length > 0 &&
      rows.every(
        (cells) =>
          cells.length === headers.length && shape.every(([at, pattern]) => pattern.test(cells[at]?.trim() ?? '')),
      ),
  );
  return found === undefined ? null : { title: found.title, headers: [...found.headers] };
}

/** Rows below the first that must look like it before it is taken for data. */
const ROWS_NEEDED = 3;

/**
 * Refuses a table whose first row holds values of the same kind as the rows below it: without names nothing can be mapped,
 * and its first sale would be lost.
 * @throws ReosError `validation` with file and line and what to do
 */
export function refuseHeaderless(
  first: readonly string[],
  below: ReadonlyArray<readonly string[]>,
  file: string,
  line: number,
): void {
  if (below.length < ROWS_NEEDED) return;
  const alike = first.filter((cell, at) => {
    const kind = kindOf(cell);
    if (kind === null) return false;
    const filled = below.map((cells) => cells[at] ?? '').filter((text) => text.trim() !== '');
    return filled.length >= ROWS_NEEDED && filled.filter((text) => kindOf(text) === kind).length >= 0.9 * filled.length;
  });
  // One number among names is a name (a year, a code); a row of data has several, or a day.
  const named = first.filter((cell) => /[a-z]/i.test(cell) && kindOf(cell) === null).length;
  if (alike.length < 2 || (alike.length < named / 3 && !alike.some((cell) => kindOf(cell) === 'day'))) return;
  const shown = alike
    .slice(0, 3)
    .map((cell) => `"${cell.trim().slice(0, 30)}"`)
    .join(', ');
  throw new ReosError(
    'validation',
    `${file}:${line}: the file has no header row: its first row holds values (${shown}) like the rows below it. Put a line with the names of the columns above it, such as "sale price,sale date,address,living area", and try again.`,
    { details: { file, line } },
  );
}

/** A day, an amount, or null for anything that can be a name; a year alone can be one. */
function kindOf(cell: string): 'day' | 'number' | null {
  const text = cell.trim();
  if (/^(?:1[6-9]|20)\d{2}$/.test(text)) return null;
  if (/^[$€£]?\s*-?\d[\d,]*(?:\.\d+)?$/.test(text)) return 'number';
  return /\d/.test(text) && parseDate(text) !== null ? 'day' : null;
}
