import { ReosError } from '../../domain/errors.ts';
import { uniqueHeaders } from './csv-file.ts';
import { type CsvRow, readCsvRows, splitHeader } from './csv-rows.ts';
import { detectDelimiter } from './delimiter.ts';
import { openText, scanFile } from './file-scan.ts';
import { normaliseHeader } from './header-words.ts';
import { readJsonElements, readJsonLines } from './json-elements.ts';
import { featureFields, flatten, isLines, isObject } from './json-file.ts';
import { kindOfFile } from './registry.ts';
import { plainText } from './value-parse.ts';

/** A file of rows held whole: every value as published text, white space collapsed, '' where there is none. */
export interface SalesTable {
  /** Published spelling, trimmed; blank and repeated headers made unique. */
  headers: string[];
  /** The same, normalised. */
  names: string[];
  /** One array of texts per column, all of the same length. */
  columns: string[][];
  /** Line of the file (from 1) that each row starts on. */
  lines: number[];
  /** Rows that are no rows, by reason. */
  broken: Record<string, number>;
  /** The first lines of each reason. */
  brokenLines: Record<string, number[]>;
  notes: string[];
  sha256: string;
  delimiter: string | null;
}

/** More rows than one training holds in memory. */
const MAX_ROWS = 5_000_000;

/**
 * Reads a table (comma, tab, semicolon, pipe; UTF-8, UTF-16, Windows-1252; any line end) or JSON (array, container,
 * GeoJSON, lines) whole.
 * @param maxRows stop after so many rows
 * @throws ReosError `not_found`; `validation` for an empty or binary file and broken quotes, with file and line
 */
export async function readSalesTable(path: string, file: string, maxRows = MAX_ROWS): Promise<SalesTable> {
  const kind = kindOfFile(file);
  if (kind === 'saved_page')
    throw new ReosError('validation', `${file} is a saved page; sales are read from CSV, TSV or JSON.`);
  const scan = await scanFile(path, file);
  const notes = scan.warning === null ? [] : [scan.warning];
  if (scan.encoding.startsWith('utf16')) notes.push(`${file} is UTF-16; read as such.`);
  if (scan.sample.trim() === '')
    throw new ReosError('validation', `${file}:1: the file is empty; it needs a header row and rows.`, {
      details: { file, line: 1 },
    });
  const looksJson = kind === 'json_file' || /^\s*[[{]\s*["{[]/.test(scan.sample);
  const base = { broken: {}, brokenLines: {}, notes, sha256: scan.sha256 };
  if (looksJson) {
    const text = await openText(path, file, scan.encoding);
    const elements = isLines(scan.sample, file) ? readJsonLines(text, file) : readJsonElements(text, file);
    return readElements(elements, { ...base, delimiter: null }, file, maxRows);
  }
  return readRows(readCsvRows(path, file, scan), { ...base, delimiter: detectDelimiter(scan.sample) }, file, maxRows);
}

type Base = Pick<SalesTable, 'broken' | 'brokenLines' | 'notes' | 'sha256' | 'delimiter'>;

async function readRows(rows: AsyncGenerator<CsvRow>, base: Base, file: string, maxRows: number): Promise<SalesTable> {
  const start = await splitHeader(rows, file);
  if (start.skipped > 0)
    base.notes.push(`${start.skipped} rows above the header row (line ${start.header.line}) were skipped.`);
  if (start.layout !== null)
    base.notes.push(`The file has no header row; read as ${start.layout}, whose columns are known.`);
  const { headers, names } = namedColumns(start.header.cells);
  const columns = headers.map((): string[] => []);
  const lines: number[] = [];
  const add = ({ cells, line }: CsvRow) => {
    const tooMany = cells.length > headers.length && cells.slice(headers.length).some((cell) => cell.trim() !== '');
    if (cells.length < headers.length || tooMany) {
      noteBroken(base, `ragged row: ${cells.length} values for ${headers.length} columns`, line);
      return;
    }
    if (cells.every((cell) => cell.trim() === '')) return;
    for (let i = 0; i < headers.length; i += 1) columns[i]?.push(tidy(cells[i] ?? ''));
    lines.push(line);
  };
  for await (const row of start.rows) {
    add(row);
    if (lines.length >= maxRows) break;
  }
  if (lines.length === 0)
    throw new ReosError('validation', `${file}:${start.header.line + 1}: there is a header row but no rows below it.`, {
      details: { file, line: start.header.line + 1 },
    });
  return { ...base, headers, names, columns, lines };
}

/** Headers as published where no two are spelt alike; the normalised names are made unique in any case. */
function namedColumns(cells: readonly string[]): { headers: string[]; names: string[] } {
  const unique = uniqueHeaders(cells);
  const spelt = cells.map((cell) => tidy(cell));
  const headers = unique.map((header, i) => {
    const own = spelt[i] ?? '';
    return own === '' || spelt.indexOf(own) !== spelt.lastIndexOf(own) ? header : own;
  });
  return { headers, names: unique.map(normaliseHeader) };
}

async function readElements(
  elements: AsyncIterable<{ text: string; line: number }>,
  base: Base,
  file: string,
  maxRows: number,
): Promise<SalesTable> {
  const at = new Map<string, number>();
  const columns: string[][] = [];
  const lines: number[] = [];
  for await (const { text, line } of elements) {
    const value = parseJson(text);
    if (!isObject(value)) {
      noteBroken(base, 'the record is not a JSON object', line);
      continue;
    }
    const flat = flatten(value['type'] === 'Feature' && 'geometry' in value ? featureFields(value) : value);
    for (const [key, part] of flat) {
      const name = key.trim();
      let index = at.get(name);
      if (index === undefined) {
        index = columns.length;
        at.set(name, index);
        columns.push(new Array<string>(lines.length).fill(''));
      }
      const column = columns[index];
      if (column !== undefined && column.length === lines.length) column.push(plainText(part));
    }
    lines.push(line);
    for (const column of columns) if (column.length < lines.length) column.push('');
    if (lines.length >= maxRows) break;
  }
  if (lines.length === 0)
    throw new ReosError(
      'validation',
      `${file}:1: no records found: expected an array of objects, GeoJSON, or one object per line.`,
      { details: { file, line: 1 } },
    );
  return { ...base, ...namedColumns([...at.keys()]), columns, lines };
}

function noteBroken(base: Base, reason: string, line: number): void {
  base.broken[reason] = (base.broken[reason] ?? 0) + 1;
  const lines = base.brokenLines[reason] ?? [];
  if (lines.length < 3) lines.push(line);
  base.brokenLines[reason] = lines;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** White space collapsed; the common cell needs no work. */
function tidy(cell: string): string {
  return /^\s|\s$|\s\s|[\n\r\t\u00a0]/.test(cell) ? plainText(cell) : cell;
}
