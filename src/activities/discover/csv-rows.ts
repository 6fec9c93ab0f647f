import { CsvError, parse } from 'csv-parse';
import { ReosError } from '../../domain/errors.ts';
import { detectDelimiter, detectLineEnd } from './delimiter.ts';
import { type FileScan, MAX_RECORD_BYTES, openText } from './file-scan.ts';
import { bareLayout, refuseHeaderless } from './headerless.ts';

/** One row of a table. `line` is the line of the file (from 1) the row starts on, quoted line breaks counted. */
export interface CsvRow {
  cells: string[];
  line: number;
  raw: string;
}

/**
 * Reads a table row by row with bounded memory. Blank lines are skipped, rows of any length are handed on.
 * @throws ReosError `validation` naming file and line: a record above 1 MiB, a quote that is never closed
 */
export async function* readCsvRows(path: string, name: string, scan: FileScan): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter: detectDelimiter(scan.sample),
    record_delimiter: ['\r\n', '\n', '\r'].filter((end) => end !== '\r' || detectLineEnd(scan.sample) === '\r'),
    max_record_size: MAX_RECORD_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    raw: true,
  });
  const text = await openText(path, name, scan.encoding);
  text.once('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let line = 1;
  try {
    for await (const { record, raw } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
      const start = line;
      line += countBreaks(raw);
      if (record.length > 1 || record[0]?.trim() !== '') yield { cells: record, line: start, raw };
    }
  } catch (error) {
    throw asCsvError(error, name, line);
  } finally {
    text.destroy();
  }
}

/**
 * Takes the header row off. Titles above a table have at most half the cells of its rows, or one in the first of many.
 * A known layout that is published without headers gets its own; `layout` names it then.
 * @throws ReosError `validation` for a file without any row, or whose first row is data
 */
export async function splitHeader(
  rows: AsyncGenerator<CsvRow>,
  file: string,
): Promise<{ header: CsvRow; skipped: number; rows: AsyncGenerator<CsvRow>; layout: string | null }> {
  const first: CsvRow[] = [];
  while (first.length < 25) {
    const next = await rows.next();
    if (next.done) break;
    first.push(next.value);
  }
  const widths = first.map(({ cells }) => cells.length).sort((a, b) => a - b);
  const usual = widths[Math.floor(widths.length / 2)] ?? 0;
  const isTitle = ({ cells }: CsvRow) =>
    cells.length <= usual / 2 || (usual > 2 && cells.filter((cell) => cell.trim() !== '').length <= 1);
  const at = Math.max(
    0,
    first.findIndex((row) => !isTitle(row)),
  );
  const header = first[at];
  if (header === undefined)
    throw new ReosError('validation', `${file}:1: the file is empty; it needs a header row and rows.`, {
      details: { file, line: 1 },
    });
  const bare = bareLayout(first.slice(at).map(({ cells }) => cells));
  if (bare !== null)
    return {
      header: { cells: bare.headers, line: header.line, raw: '' },
      skipped: at,
      rows: chain(first.slice(at), rows),
      layout: bare.title,
    };
  refuseHeaderless(
    header.cells,
    first.slice(at + 1).map(({ cells }) => cells),
    file,
    header.line,
  );
  return { header, skipped: at, rows: chain(first.slice(at + 1), rows), layout: null };
}

async function* chain(first: readonly CsvRow[], rest: AsyncGenerator<CsvRow>): AsyncGenerator<CsvRow> {
  yield* first;
  yield* rest;
}

/** Line breaks in a text, CR LF being one. */
export function countBreaks(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) count += 1;
  }
  return count;
}

function asCsvError(error: unknown, name: string, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const details = { file: name, line };
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new ReosError(
      'validation',
      `${name}:${line}: the record that starts here is longer than 1 MiB; most likely a quote (") is opened and never closed. Fix that line and import the file again.`,
      { details, cause: error },
    );
  }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new ReosError(
      'validation',
      `${name}:${line}: a quote (") opened in the record that starts here is not closed before the end of the file. Fix that line and import the file again.`,
      { details, cause: error },
    );
  }
  return new ReosError('validation', `${name}:${line}: ${error.message}`, { details, cause: error });
}
