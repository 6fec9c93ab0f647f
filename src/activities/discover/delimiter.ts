const CANDIDATES = [',', '\t', ';', '|'] as const;

/**
 * The delimiter of a table: the candidate that gives the first rows the same, largest number of columns, quotes
 * respected. A file of one column is comma-separated.
 * @param sample the first part of the file; its last line may be cut off
 */
export function detectDelimiter(sample: string): string {
  const rows = sampleRows(sample);
  let best = ',';
  let bestScore = 0;
  for (const candidate of CANDIDATES) {
    const counts = rows.map((row) => countOutsideQuotes(row, candidate));
    // The usual width rather than the first row's: titles may stand above the header.
    const score = Math.max(
      0,
      ...counts.map((width) => (width * counts.filter((count) => count === width).length) / counts.length),
    );
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** The line end of a file: CR LF, LF or CR, by what the first line that is not inside quotes ends with. */
export function detectLineEnd(sample: string): '\r\n' | '\n' | '\r' {
  let quoted = false;
  for (let i = 0; i < sample.length; i += 1) {
    const char = sample[i];
    if (char === '"') quoted = !quoted;
    if (quoted) continue;
    if (char === '\n') return '\n';
    if (char === '\r') return sample[i + 1] === '\n' ? '\r\n' : '\r';
  }
  return '\n';
}

function sampleRows(sample: string): string[] {
  const rows: string[] = [];
  let row = '';
  let quoted = false;
  for (const char of sample.slice(0, 65_536)) {
    if (char === '"') quoted = !quoted;
    if (!quoted && (char === '\n' || char === '\r')) {
      if (row.trim() !== '') rows.push(row);
      if (rows.length === 20) return rows;
      row = '';
    } else row += char;
  }
  return rows.length === 0 && row !== '' ? [row] : rows;
}

function countOutsideQuotes(row: string, wanted: string): number {
  let quoted = false;
  let count = 0;
  for (const char of row) {
    if (char === '"') quoted = !quoted;
    else if (char === wanted && !quoted) count += 1;
  }
  return count;
}
