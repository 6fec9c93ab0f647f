import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { keepArmsLength } from '../../domain/valuation/arms-length.ts';
import type { MappedColumn, SaleRecord, SalesData } from '../../domain/valuation/sale-record.ts';
import { type ColumnChoice, understandColumns } from './column-choice.ts';
import { columnsThatRepeatThePrice } from './price-repeats.ts';
import type { Recipes } from './recipe-load.ts';
import { extraColumns } from './sales-extras.ts';
import { saleRows } from './sales-rows.ts';
import { readSalesTable } from './sales-table.ts';

/** How a sales file is to be read. */
export interface SalesFileOptions {
  recipes: Recipes;
  /** What a person says about single columns (`--map`); wins over everything. */
  overrides?: readonly ColumnChoice[];
  /** The mapping that was approved for this layout, if any. */
  approved?: readonly MappedColumn[] | null;
  /** A recipe by name instead of the one whose headers fit. */
  recipe?: string;
  /** YYYY-MM-DD of today, after which no sale can have closed; default the machine's. */
  today?: string;
  /** What messages call the file; default its base name. */
  displayName?: string;
}

/**
 * Reads a whole sales file of any layout. Only a price is required. Every row is kept or counted under a reason, every
 * column is a field, an extra, or named in the notes.
 * @throws ReosError `validation` when no column holds the price (headers seen, how to say it with --map) or no row is left
 */
export async function readSalesFile(path: string, options: SalesFileOptions): Promise<SalesData> {
  const file = options.displayName ?? basename(path);
  const table = await readSalesTable(path, file);
  const { mapping, columns, notes, ignored } = understandColumns(table, { ...options, file, recordKind: 'sale' });
  const kept = extraColumns(table, mapping, ignored);
  const { candidates, unreadable } = saleRows(table, mapping, kept.extras);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const past = candidates.filter(({ closeDate, closeDateIsExact }) => {
    // A month stands as its 15th and a year as its 1 July: neither lies ahead while it lasts.
    const shown = closeDateIsExact ? 7 : 4;
    return closeDate === null || closeDate.slice(0, shown) <= today.slice(0, shown);
  });
  const result = keepArmsLength(past);
  if (past.length < candidates.length) result.leftOut[`dated after ${today}`] = candidates.length - past.length;
  const repeats = columnsThatRepeatThePrice(
    result.sales,
    kept.extras.map(({ name }) => name),
  );
  if (repeats.length > 0)
    result.sales = result.sales.map((sale) => ({ ...sale, extras: without(sale.extras, repeats) }));
  const broken = Object.values(table.broken).reduce((sum, n) => sum + n, 0);
  const all = [...table.notes, ...notes];
  for (const name of repeats)
    all.push(`Column "${name}" is the price again, as it is or per area, by its values; left out.`);
  for (const name of kept.counters) all.push(`Column "${name}" only counts the rows; left out.`);
  for (const { field, count, first } of unreadable)
    all.push(
      `${field}: ${count} values cannot be read and are unknown, such as "${first[0]?.value}" in line ${first[0]?.line}.`,
    );
  if (result.sales.length === 0) throw noSales(file, candidates.length, result.leftOut);
  return {
    source: file,
    sales: result.sales,
    mapping: columns,
    counts: {
      rows: table.lines.length + broken,
      kept: result.sales.length,
      leftOut: { ...table.broken, ...result.leftOut },
    },
    notes: [...all, ...result.notes],
    fingerprint: fingerprintSales(result.sales),
  };
}

const without = (extras: SaleRecord['extras'], names: readonly string[]) =>
  Object.fromEntries(Object.entries(extras).filter(([name]) => !names.includes(name)));

function noSales(file: string, rows: number, leftOut: Record<string, number>): ReosError {
  const why = Object.entries(leftOut)
    .map(([reason, count]) => `${count} ${reason}`)
    .join('; ');
  return new ReosError(
    'validation',
    `${file}: none of its ${rows} rows is a sale with a price (${why}). If the price is in another column, say so with --map "Header=ClosePrice".`,
    { details: { file, rows } },
  );
}

/** SHA-256 (hex) over the sales as canonical JSON: the names of extras sorted, nothing else depends on the file. */
export function fingerprintSales(sales: readonly SaleRecord[]): string {
  const hash = createHash('sha256');
  const orders = new Map<string, string[]>();
  for (const { row, parcel, closeDate, closePrice, facts, extras } of sales) {
    const keys = Object.keys(extras);
    const joined = keys.join('\n');
    let sorted = orders.get(joined);
    if (sorted === undefined) {
      sorted = [...keys].sort();
      orders.set(joined, sorted);
    }
    const values = sorted.map((name) => [name, extras[name]]);
    hash.update(JSON.stringify([row, parcel, closeDate, closePrice, facts, values]));
  }
  return hash.digest('hex');
}

/** The mapping, the counts and the notes of a sales file as text for a person. */
export function describeMapping({ source, mapping, counts, notes }: SalesData): string {
  const rows = mapping.map(({ column, field, unit, reason }) => [
    column,
    field ?? '(kept as it is)',
    unit ?? '',
    reason,
  ]);
  const left = Object.entries(counts.leftOut).map(([reason, count]) => `  ${count} left out: ${reason}`);
  return [
    `${source}: ${counts.rows} rows, ${counts.kept} sales kept`,
    ...left,
    ...(rows.length === 0 ? [] : aligned([['column', 'field', 'unit', 'why'], ...rows])),
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

function aligned(rows: ReadonlyArray<readonly string[]>): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export { type ColumnChoice, hashHeaders, mappingNeedsApproval, parseColumnChoice } from './column-choice.ts';
