import { basename } from 'node:path';
import { type ColumnChoice, understandColumns } from '../activities/discover/column-choice.ts';
import type { Recipes } from '../activities/discover/recipe-load.ts';
import { valueUnits } from '../activities/discover/recipe-schema.ts';
import { extraColumns } from '../activities/discover/sales-extras.ts';
import { saleRows } from '../activities/discover/sales-rows.ts';
import { readSalesTable } from '../activities/discover/sales-table.ts';
import { type ParseHow, parseValue } from '../activities/discover/value-parse.ts';
import { ReosError } from '../domain/errors.ts';
import { type ArmsLengthResult, keepArmsLength, type SaleCandidate } from '../domain/valuation/arms-length.ts';
import type { MappedColumn } from '../domain/valuation/sale-record.ts';

/** A sale with the value that an assessor put on it. */
export interface AssessedSale {
  /** Line of the file. */
  row: number;
  /** Parcel number, leading zeros kept; null when the file states none. */
  parcel: string | null;
  /** Dollars, both above 0. */
  price: number;
  value: number;
  ratio: number;
}

/** A file as a ratio study reads it: every row is a sale, or counted once in `leftOut`. */
export interface AssessedSales {
  rows: number;
  sales: AssessedSale[];
  valueColumn: string;
  priceColumn: string | null;
  leftOut: Record<string, number>;
  notes: string[];
}

export interface AssessedSalesOptions {
  recipes: Recipes;
  /** Headers that a person names; recognised otherwise. */
  valueColumn?: string | undefined;
  priceColumn?: string | undefined;
  /** True: every row with a price and a value, without asking whether a market made the price. */
  keepAll?: boolean;
}

/**
 * Reads the sales of a file of any layout with their assessed values. As the standard asks, prices that no market made are
 * left out. A row is a duplicate only when it names its parcel: bare ratios may be alike by chance.
 * @throws ReosError `not_found` for no such file; `validation` when a column is missing or no row has both amounts
 */
export async function readAssessedSales(path: string, options: AssessedSalesOptions): Promise<AssessedSales> {
  const file = basename(path);
  const table = await readSalesTable(path, file);
  const chosen: ColumnChoice[] = [];
  if (options.priceColumn !== undefined) chosen.push({ column: options.priceColumn, field: 'ClosePrice', unit: null });
  if (options.valueColumn !== undefined)
    chosen.push({ column: options.valueColumn, field: 'TaxAssessedValue', unit: null });
  const understood = understandColumns(table, {
    recipes: options.recipes,
    file,
    recordKind: 'sale',
    overrides: chosen,
  });
  const [column, ...others] = understood.columns.filter(({ field }) => field === 'TaxAssessedValue');
  if (column === undefined) throw noValue(understood.columns, file);
  const { extras } = extraColumns(table, understood.mapping, understood.ignored);
  const { candidates, unreadable } = saleRows(table, understood.mapping, extras);
  const market = options.keepAll === true ? everyPrice(candidates) : screen(candidates);
  const leftOut = { ...table.broken, ...market.leftOut };
  const parcels = new Map(candidates.map(({ row, parcel }) => [row, parcel]));
  const how = howOf(column);
  const sales = market.sales.flatMap(({ row, closePrice: price, extras: own }): AssessedSale[] => {
    const parsed = parseValue('TaxAssessedValue', own['TaxAssessedValue'] ?? own[column.column], how);
    const value = 'value' in parsed ? parsed.value : null;
    if (typeof value === 'number' && value > 0)
      return [{ row, parcel: parcels.get(row) ?? null, price, value, ratio: value / price }];
    const reason =
      typeof value === 'number' ? 'assessed value is 0 or negative' : 'no assessed value, or none that can be read';
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    return [];
  });
  if (sales.length === 0) throw noRows(file, column.column, leftOut);
  const notes = [...table.notes, ...understood.notes];
  for (const { field, count, first } of unreadable.filter(({ field }) => field === 'ClosePrice'))
    notes.push(
      `${field}: ${count} values cannot be read, such as "${first[0]?.value}" in line ${first[0]?.line}; their rows are left out.`,
    );
  for (const other of others)
    notes.push(`Column "${other.column}" states an assessed value too; choose it with --value-column.`);
  const broken = Object.values(table.broken).reduce((sum, count) => sum + count, 0);
  return {
    rows: table.lines.length + broken,
    sales,
    valueColumn: column.column,
    priceColumn: understood.columns.find(({ field }) => field === 'ClosePrice')?.column ?? null,
    leftOut,
    notes: [...notes, ...market.notes],
  };
}

/** The arm's-length rules, with each row that names no parcel as a sale of its own. */
function screen(candidates: readonly SaleCandidate[]): ArmsLengthResult {
  return keepArmsLength(
    candidates.map((row) => (row.parcel === null ? { ...row, parcel: `row ${row.row}`, street: null } : row)),
  );
}

function everyPrice(candidates: readonly SaleCandidate[]): ArmsLengthResult {
  const sales = candidates.flatMap(({ closePrice, ...row }) =>
    closePrice !== null && closePrice > 0 ? [{ ...row, closePrice }] : [],
  );
  const without = candidates.length - sales.length;
  return { sales, leftOut: without > 0 ? { 'no price above 0': without } : {}, notes: [] };
}

/** How the column's amounts are written, as its mapping says. */
function howOf({ unit }: MappedColumn): ParseHow {
  const parts = unit?.split(', ') ?? [];
  const scale = valueUnits.find((name) => parts.includes(name));
  const currency = parts.find((part) => part !== scale && part !== 'decimal comma');
  return {
    ...(scale !== undefined && { unit: scale }),
    ...(parts.includes('decimal comma') && { decimal_comma: true }),
    ...(currency !== undefined && { currency }),
  };
}

function noValue(columns: readonly MappedColumn[], file: string): ReosError {
  const headers = columns.map(({ column }) => `"${column}"`).join(', ');
  return new ReosError(
    'validation',
    `${file}:1: no column is recognised as the assessed value. Headers seen: ${headers.slice(0, 1500)}. Name it with --value-column "Header".`,
    { details: { file, line: 1, missing: 'TaxAssessedValue' } },
  );
}

function noRows(file: string, column: string, leftOut: Record<string, number>): ReosError {
  const why = Object.entries(leftOut)
    .map(([reason, count]) => `${count} ${reason}`)
    .join('; ');
  return new ReosError(
    'validation',
    `${file}: no row has both a price and an assessed value in column "${column}" (${why}). Name other columns with --value-column and --price-column.`,
    { details: { file, column } },
  );
}
