import type { ColumnMapping } from './column-mapping.ts';
import type { Recipes } from './recipe-load.ts';
import type { SalesTable } from './sales-table.ts';

export interface GuessedColumns {
  mapping: ColumnMapping;
  notes: string[];
}

/** What names leave open, decided by the values of the columns. `decided` columns are left as they are. */
export function guessColumns(
  _table: SalesTable,
  mapping: ColumnMapping,
  _decided: ReadonlySet<string>,
  _recipes: Recipes,
): GuessedColumns {
  return { mapping, notes: [] };
}
