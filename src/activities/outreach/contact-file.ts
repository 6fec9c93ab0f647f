import { basename } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { normaliseEmail, normalisePhone } from '../../domain/outreach/contact.ts';
import type { ContactField, ContactHeader } from '../../domain/outreach/contact-columns.ts';
import { uniqueHeaders } from '../discover/csv-file.ts';
import { readCsvRows, splitHeader } from '../discover/csv-rows.ts';
import { openText, scanFile } from '../discover/file-scan.ts';
import { headerWords } from '../discover/header-words.ts';
import { readJsonElements, readJsonLines } from '../discover/json-elements.ts';
import { flatten, isLines, isObject } from '../discover/json-file.ts';

/** A row as it stands in the file. */
export interface ContactFileRow {
  /** From 1. */
  line: number;
  /** By column; text without surrounding blanks. */
  cells: ReadonlyMap<string, string>;
  /** What is wrong with the row as a whole; null when it can be read. */
  problem: string | null;
}

/** A file of contacts, read whole. */
export interface ContactFile {
  file: string;
  columns: string[];
  rows: ContactFileRow[];
  /** Said to the operator, such as a fallback of the encoding. */
  warning: string | null;
}

/** More rows than this are no list of contacts; the file is read into memory. */
const MAX_ROWS = 200_000;

/**
 * Reads a CSV (any delimiter and encoding that an import takes, gzip too) or JSON file.
 * @param file the name it goes by, when its path says another
 * @throws ReosError `not_found`; `validation` naming file and line for a file that is broken as a whole, empty or too long
 */
export async function readContactFile(path: string, file = basename(path)): Promise<ContactFile> {
  const scan = await scanFile(path, file);
  if (scan.sample.trim() === '') throw refused(file, 'the file is empty; it needs a header row and contacts');
  const isJson = /\.(json|jsonl|ndjson)(\.gz)?$/i.test(file) || /^\s*[[{]/.test(scan.sample);
  const { columns, rows } = isJson ? await readJson(path, file, scan) : await readCsv(path, file, scan);
  if (rows.length === 0) throw refused(file, 'there are no contacts in the file');
  return { file, columns, rows, warning: scan.warning };
}

type Scan = Awaited<ReturnType<typeof scanFile>>;

async function readCsv(path: string, file: string, scan: Scan): Promise<Pick<ContactFile, 'columns' | 'rows'>> {
  const table = await splitHeader(readCsvRows(path, file, scan), file);
  const columns = uniqueHeaders(table.header.cells);
  const rows: ContactFileRow[] = [];
  for await (const { cells, line } of table.rows) {
    const isRagged = cells.length < columns.length || cells.slice(columns.length).some((cell) => cell.trim() !== '');
    const problem = isRagged ? `the row has ${cells.length} cells, the header ${columns.length}` : null;
    rows.push({ line, problem, cells: new Map(columns.map((column, i) => [column, (cells[i] ?? '').trim()])) });
    if (rows.length > MAX_ROWS) throw tooLong(file);
  }
  return { columns, rows };
}

async function readJson(path: string, file: string, scan: Scan): Promise<Pick<ContactFile, 'columns' | 'rows'>> {
  const text = await openText(path, file, scan.encoding);
  const columns = new Set<string>();
  const rows: ContactFileRow[] = [];
  for await (const element of isLines(scan.sample, file) ? readJsonLines(text, file) : readJsonElements(text, file)) {
    const value = parseJson(element.text);
    const cells = new Map<string, string>();
    for (const [key, part] of isObject(value) ? flatten(value) : []) {
      columns.add(key);
      cells.set(key, textOf(part));
    }
    rows.push({ line: element.line, cells, problem: isObject(value) ? null : 'the record is no JSON object' });
    if (rows.length > MAX_ROWS) throw tooLong(file);
  }
  return { columns: [...columns], rows };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.map(textOf).join('; ') : String(value).trim();
}

/** The columns with their words and first values, as the mapping looks at them. */
export function contactHeaders({ columns, rows }: ContactFile): ContactHeader[] {
  const sample = rows.slice(0, 200);
  return columns.map((column) => {
    const values = sample.map(({ cells }) => cells.get(column) ?? '').filter((value) => value !== '');
    return { column, words: headerWords(column), examples: values.slice(0, 50) };
  });
}

/** The field that values show by themselves: four of five must be e-mail addresses or phone numbers. */
export function fieldOfValues(examples: readonly string[]): ContactField | null {
  if (examples.length < 2) return null;
  const share = (test: (value: string) => boolean) => examples.filter(test).length / examples.length;
  if (share((value) => normaliseEmail(value) !== null) >= 0.8) return 'email';
  // Bare digits may be anything; a phone number is written as one.
  return share((value) => /\D/.test(value) && normalisePhone(value) !== null) >= 0.8 ? 'phone' : null;
}

const refused = (file: string, message: string) =>
  new ReosError('validation', `${file}: ${message}.`, { details: { file } });
const tooLong = (file: string) => refused(file, `there are more than ${MAX_ROWS} rows; split the file`);
