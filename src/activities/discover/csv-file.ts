import { ReosError } from '../../domain/errors.ts';
import { mapColumns } from './column-mapping.ts';
import { type CsvRow, readCsvRows, splitHeader } from './csv-rows.ts';
import { brokenRow, type FileContext, fileName, rowItem, rowsDone, withCheckpoints } from './file-items.ts';
import { scanFile } from './file-scan.ts';
import { normaliseHeader } from './header-words.ts';
import type { DiscoverDeps, DiscoveredItem, FileRequest, Source } from './source.ts';

/** A table on disk: comma, tab, semicolon or pipe; UTF-8, UTF-16 or Windows-1252; plain or gzip. */
export const csvFile: Source<'csv_file'> = {
  kind: 'csv_file',
  async *discover(deps: DiscoverDeps, request: FileRequest): AsyncGenerator<DiscoveredItem> {
    const file = fileName(request);
    const scan = await scanFile(request.path, file);
    const { header, rows } = await splitHeader(readCsvRows(request.path, file, scan), file);
    const headers = uniqueHeaders(header.cells);
    const context: FileContext = {
      file,
      contentType: 'text/csv',
      mapping: mapColumns(headers, request, file),
      names: new Map(headers.map((header) => [normaliseHeader(header), header.trim()])),
      request,
      now: deps.clock(),
    };
    yield* withCheckpoints(rowItems(rows, headers, context, scan.warning), scan, rowsDone(request, scan));
  },
};

async function* rowItems(
  rows: AsyncGenerator<CsvRow>,
  headers: readonly string[],
  context: FileContext,
  warning: string | null,
): AsyncGenerator<DiscoveredItem> {
  const names = headers.map(normaliseHeader);
  let count = 0;
  for await (const { cells, line, raw } of rows) {
    count += 1;
    const { file } = context;
    const extra = cells.slice(names.length);
    // A trailing delimiter on every line is common and loses nothing; anything else would shift values.
    if (cells.length < names.length || extra.some((cell) => cell.trim() !== '')) {
      yield brokenRow(file, line, 'ragged_row', `expected ${names.length} columns, got ${cells.length}`, raw);
      continue;
    }
    const item = rowItem(new Map(names.map((name, i) => [name, cells[i]])), line, raw, context);
    if (count === 1 && warning !== null && item.type === 'record') {
      item.warnings.push({ field: '(file)', code: 'encoding', message: warning, value: null, needsReview: false });
    }
    yield item;
  }
  if (count === 0) {
    throw new ReosError('validation', `${context.file}:2: there is a header row but no rows below it.`, {
      details: { file: context.file, line: 2 },
    });
  }
}

/** Blank headers become `column 3`, a second `price` becomes `price 2`: no value is lost to a name. */
export function uniqueHeaders(cells: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, i) => {
    const header = normaliseHeader(cell) === '' ? `column ${i + 1}` : cell.trim();
    const key = normaliseHeader(header);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? header : `${header} (${times})`;
  });
}
