import { formatBytes, formatCount } from '../../lib/format.ts';

/** How far a download is. */
export interface Received {
  /** Whole rows, the first line not counted. */
  rows: number;
  bytes: number;
}

/** Bytes that are held before they are handed to the browser, which may put them on the disk. */
const PART_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;
const QUOTE = 34;

/**
 * Reads a CSV to its end, as it comes, and counts its rows; a line break within quotes ends none.
 * @throws what the stream fails with, when it breaks off: half a file is none
 */
export async function receiveCsv(
  stream: ReadableStream<Uint8Array>,
  onReceived: (received: Received) => void = () => undefined,
  partBytes = PART_BYTES,
): Promise<Received & { file: Blob }> {
  const parts: Blob[] = [];
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  let bytes = 0;
  let lines = 0;
  let isQuoted = false;
  const rows = () => Math.max(0, lines - 1);
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const chunk = next.value as Uint8Array<ArrayBuffer>;
    for (const byte of chunk) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === NEWLINE && !isQuoted) lines += 1;
    }
    bytes += chunk.length;
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= partBytes) {
      parts.push(new Blob(held));
      held = [];
      heldBytes = 0;
    }
    onReceived({ rows: rows(), bytes });
  }
  return { file: new Blob([...parts, ...held], { type: 'text/csv;charset=utf-8' }), rows: rows(), bytes };
}

/** What has come so far, and what it will come to as far as that can be told: `1.2 MB of about 8 MB`. */
export function sizeWords({ rows, bytes }: Received, total: number): string {
  const whole = rows === 0 ? 0 : (bytes / rows) * total;
  return whole > bytes ? `${formatBytes(bytes)} of about ${formatBytes(whole)}` : formatBytes(bytes);
}

/** As many rows as a spreadsheet program shows. */
const SHEET_ROWS = 1_048_576;

/** What an export came to, in words; where the list had counted otherwise, that too. */
export function exportedWords({ rows, bytes }: Received, counted: { total: number; isEstimate: boolean }): string {
  const properties = rows === 1 ? '1 property' : `${formatCount(rows)} properties`;
  const other =
    rows === counted.total
      ? ''
      : counted.isEstimate
        ? ` The list had estimated ${formatCount(counted.total)}.`
        : ` The list had counted ${formatCount(counted.total)}: some came or went meanwhile.`;
  const long = rows >= SHEET_ROWS ? ` A spreadsheet program shows the first ${formatCount(SHEET_ROWS - 1)}.` : '';
  return `${properties} exported, ${formatBytes(bytes)}.${other}${long}`;
}
