import { basename } from 'node:path';
import type { ValuationSubject } from '../../domain/valuation/sale-record.ts';
import { understandColumns } from '../discover/column-choice.ts';
import type { Recipes } from '../discover/recipe-load.ts';
import { extraColumns } from '../discover/sales-extras.ts';
import { saleRows } from '../discover/sales-rows.ts';
import { readSalesTable } from '../discover/sales-table.ts';

/** A house of a file and the line it stands in. */
export interface HouseOfFile {
  line: number;
  subject: ValuationSubject;
}

/**
 * Reads the houses of a file of any layout, its columns understood as those of a sales file; a price is not needed.
 * @throws ReosError `validation` for an empty or unreadable file
 */
export async function readHouseFile(path: string, options: { recipes: Recipes }): Promise<HouseOfFile[]> {
  const file = basename(path);
  const table = await readSalesTable(path, file);
  const { mapping, ignored } = understandColumns(table, { ...options, file, recordKind: 'parcel' });
  const { candidates } = saleRows(table, mapping, extraColumns(table, mapping, ignored).extras);
  return candidates.map(({ row, parcel, facts, extras }) => ({ line: row, subject: { parcel, facts, extras } }));
}
