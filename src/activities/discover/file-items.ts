import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { type ColumnMapping, extractRow } from './column-mapping.ts';
import type { FileScan } from './file-scan.ts';
import { buildItem } from './record-build.ts';
import type { DiscoverDeps, DiscoveredItem, FileRequest } from './source.ts';

/** A checkpoint is offered after this many rows. */
export const ROWS_PER_CHECKPOINT = 1000;

/** What one file's rows have in common. */
export interface FileContext {
  file: string;
  contentType: string;
  mapping: ColumnMapping;
  /** Normalised header to its published spelling. */
  names: ReadonlyMap<string, string>;
  request: FileRequest;
  now: Date;
}

export const fileName = (request: { path: string; displayName?: string }) =>
  request.displayName ?? basename(request.path);

/** One row or element as an item. `raw` is its text, for the hash. */
export function rowItem(
  row: ReadonlyMap<string, unknown>,
  line: number,
  raw: string,
  context: FileContext,
): DiscoveredItem {
  const { mapping, request } = context;
  return buildItem(extractRow(row, mapping, context.names), {
    source: request.source ?? mapping.source ?? context.file,
    recordKind: mapping.recordKind,
    rowReference: `${context.file}:${line}`,
    raw: {
      contentType: context.contentType,
      sha256: createHash('sha256').update(raw).digest('hex'),
      bytes: Buffer.byteLength(raw),
    },
    url: null,
    countyFips: request.countyFips ?? mapping.countyFips,
    rules: { now: context.now, countyBox: request.countyBox ?? null, required: mapping.required },
    armsLengthMinDollars: mapping.armsLengthMinDollars,
  });
}

/** A row that is no record at all, kept with its text. */
export function brokenRow(file: string, line: number, code: string, message: string, raw: string): DiscoveredItem {
  return {
    type: 'quarantined',
    rowReference: `${file}:${line}`,
    reasons: [{ field: '(row)', code, message: `${file}:${line}: ${message}`, value: raw.slice(0, 200) }],
    payload: { line, text: raw },
  };
}

/** Rows already handed over according to the request's cursor. */
export function rowsDone(request: FileRequest, scan: FileScan): number {
  if (!request.cursor) return 0;
  const file = fileName(request);
  const cursor = JSON.parse(request.cursor) as { sha256?: string; rows?: number };
  if (cursor.sha256 !== scan.sha256) {
    throw new ReosError(
      'conflict',
      `${file} changed since the import stopped half-way; start the import again from the beginning.`,
      {
        details: { file },
      },
    );
  }
  return cursor.rows ?? 0;
}

/** Skips what was done before and puts a checkpoint after each 1,000 rows and at the end. */
export async function* withCheckpoints(
  items: AsyncIterable<DiscoveredItem>,
  scan: FileScan,
  done: number,
): AsyncGenerator<DiscoveredItem> {
  let rows = 0;
  const checkpoint = (): DiscoveredItem => ({
    type: 'checkpoint',
    cursor: JSON.stringify({ sha256: scan.sha256, rows }),
  });
  for await (const item of items) {
    rows += 1;
    if (rows <= done) continue;
    yield item;
    if (rows % ROWS_PER_CHECKPOINT === 0) yield checkpoint();
  }
  yield checkpoint();
}

/** Only the clock is needed of the dependencies of a file. */
export type FileDeps = Pick<DiscoverDeps, 'clock'>;
