import type { MarketTable } from '../load-table.ts';

/** Rows that a source gave in one go, and where to go on from once they are kept. */
export interface SourcePage {
  header: readonly string[];
  rows: readonly (readonly string[])[];
  /** Null while the order of rows does not let one go on in the middle. */
  cursor: string | null;
  /** Keys of rows that the source has withdrawn. */
  removed: readonly string[];
}

/** A page as a table that is loaded like a file's. */
export function tableOfPage(name: string, { header, rows }: SourcePage): MarketTable {
  const lines = rows.map((cells, at) => ({ cells: [...cells], line: at + 1 }));
  async function* all() {
    yield* lines;
  }
  return {
    file: name,
    sha256: null,
    header: { cells: [...header], line: 0 },
    sample: lines.slice(0, 1_000),
    rows: all(),
    notes: [],
  };
}
