import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { readCsvRows, splitHeader } from '../discover/csv-rows.ts';
import { type FileScan, openText, scanFile } from '../discover/file-scan.ts';
import { readJsonElements, readJsonLines } from '../discover/json-elements.ts';
import { isLines, isObject } from '../discover/json-file.ts';
import { plainText } from '../discover/value-parse.ts';

/** A row as text. `line` is the line of the file (the row's number in Parquet), both from 1. */
export interface TableRow {
  cells: string[];
  line: number;
}

/** A file opened as a table: read it once, front to back. */
export interface MarketTable {
  file: string;
  /** Of the file's bytes; null where there is no file. */
  sha256: string | null;
  header: TableRow;
  /** The first rows below the header, up to 1,000; `rows` yields them again. */
  sample: TableRow[];
  rows: AsyncIterable<TableRow>;
  notes: string[];
}

const SAMPLE_ROWS = 1_000;

/**
 * Opens CSV, TSV, JSON lines, a JSON array or Parquet; plain or gzip; UTF-8, UTF-16 or Windows-1252. Told apart by what
 * the bytes are.
 * @throws ReosError `not_found`; `validation` for an empty, binary or damaged file, with file and line
 */
export async function openTable(path: string, file: string): Promise<MarketTable> {
  if (await isParquet(path, file)) return openParquet(path, file);
  const scan = await scanFile(path, file);
  const notes = scan.warning === null ? [] : [scan.warning];
  if (scan.encoding.startsWith('utf16')) notes.push('The file is UTF-16; read as such.');
  if (scan.sample.trim() === '') throw emptyFile(file);
  const isJson = /^\s*[[{]\s*["{[]/.test(scan.sample);
  const { header, rows } = isJson
    ? await jsonRows(path, file, scan)
    : await splitHeader(readCsvRows(path, file, scan), file);
  return withSample({ file, sha256: scan.sha256, header, notes }, rows, file);
}

async function withSample(
  table: Omit<MarketTable, 'sample' | 'rows'>,
  rows: AsyncGenerator<TableRow>,
  file: string,
): Promise<MarketTable> {
  const sample: TableRow[] = [];
  while (sample.length < SAMPLE_ROWS) {
    const next = await rows.next();
    if (next.done) break;
    sample.push(next.value);
  }
  if (sample.length === 0) {
    const line = table.header.line + 1;
    throw new ReosError('validation', `${file}:${line}: there is a header row but no rows below it.`, {
      details: { file, line },
    });
  }
  return { ...table, sample, rows: chain(sample, rows) };
}

async function* chain(first: readonly TableRow[], rest: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  yield* first;
  yield* rest;
}

/** Objects as rows: the columns are the keys of the first thousand. */
async function jsonRows(path: string, file: string, scan: FileScan) {
  const text = await openText(path, file, scan.encoding);
  const elements = isLines(scan.sample, file) ? readJsonLines(text, file) : readJsonElements(text, file);
  const first: Array<{ value: Record<string, unknown>; line: number }> = [];
  while (first.length < SAMPLE_ROWS) {
    const next = await elements.next();
    if (next.done) break;
    first.push({ value: parseObject(next.value.text), line: next.value.line });
  }
  if (first.length === 0) throw emptyFile(file);
  const keys = [...new Set(first.flatMap(({ value }) => Object.keys(value)))];
  const rowOf = (value: Record<string, unknown>, line: number): TableRow => ({
    cells: keys.map((key) => (value[key] === null || value[key] === undefined ? '' : plainText(value[key]))),
    line,
  });
  async function* rows(): AsyncGenerator<TableRow> {
    for (const { value, line } of first) yield rowOf(value, line);
    for await (const { text: element, line } of elements) yield rowOf(parseObject(element), line);
  }
  return { header: { cells: keys, line: 1 }, rows: rows() };
}

/** The object of a line; one that is none has no values, so that its row is refused with its line. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

async function isParquet(path: string, file: string): Promise<boolean> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return bytesRead === 4 && buffer.toString('latin1') === 'PAR1';
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new ReosError('not_found', `There is no file ${file}; check the path.`, { cause: error });
    }
    throw new ReosError('validation', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function openParquet(path: string, file: string): Promise<MarketTable> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    const source = `read_parquet('${path.replaceAll("'", "''")}')`;
    const result = await connection.stream(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${source}`);
    const header = { cells: result.columnNames(), line: 0 };
    async function* rows(): AsyncGenerator<TableRow> {
      let line = 0;
      try {
        for await (const chunk of result.yieldRowsJson()) {
          for (const values of chunk) {
            line += 1;
            yield { cells: values.map((value) => (value === null ? '' : String(value))), line };
          }
        }
      } finally {
        close();
      }
    }
    return await withSample({ file, sha256: hash.digest('hex'), header, notes: [] }, rows(), file);
  } catch (error) {
    close();
    if (error instanceof ReosError) throw error;
    throw new ReosError(
      'validation',
      `${file} is no Parquet file that can be read: ${messageOf(error).split('\n')[0]}`,
      {
        cause: error,
      },
    );
  }
}

const emptyFile = (file: string) =>
  new ReosError('validation', `${file}:1: the file is empty; it needs a header row and rows.`, {
    details: { file, line: 1 },
  });
