import { stageRows } from '../../db/queries/market-load.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import type { CellValue } from './load-mapping.ts';
import type { LoadPlan } from './load-plan.ts';
import type { MarketTable, TableRow } from './load-table.ts';

/** Rows of one round trip. */
const BATCH = 10_000;
/** Refused rows that are kept with their values; all are counted. */
const KEPT_REJECTED = 1_000;

/** A row that was refused. */
export interface RejectedRow {
  /** `file.csv:12` */
  reference: string;
  reasons: readonly string[];
  payload: Record<string, string>;
}

/** What reading a file to its end gave. */
export interface ReadRows {
  counts: { rowsRead: number; rejected: number; future: number; staged: number; missing: number };
  rejected: RejectedRow[];
  /** Good rows that are not taken: how many, by the reason. */
  leftOut: Map<string, number>;
  /** Refuses a row that was staged, by its place: its home is not known. */
  refuseStaged(place: number): void;
  /** Refuses rows whose values were taken off the stage, as another row of the file has others for the same. */
  refuseConflicts(values: number, rows: number, examples: ReadonlyArray<{ reference: string; key: string }>): void;
}

/**
 * Reads every row of a file on to the stage, with bounded memory. A row with a value that cannot be read gives what it can
 * and is counted as refused; one from the future, or with another number of columns, gives nothing.
 */
export async function readRows(trx: TenantTrx, table: MarketTable, plan: LoadPlan, now: Date): Promise<ReadRows> {
  const counts = { rowsRead: 0, rejected: 0, future: 0, staged: 0, missing: 0 };
  const rejected: RejectedRow[] = [];
  const leftOut = new Map<string, number>();
  const lines: number[] = [];
  const dayAt = plan.target.columns.findIndex(({ name }) => name === plan.day);
  // Somebody's tomorrow is here already; the day after is nobody's.
  const limit = new Date(now.getTime() + 86_400_000).toISOString();
  const isFuture = (row: CellValue[]) => String(row[dayAt] ?? '') > limit.slice(0, String(row[dayAt] ?? '').length);
  const width = table.header.cells.length;
  const refuse = ({ cells, line }: TableRow, reasons: string[]) => {
    counts.rejected += 1;
    if (rejected.length >= KEPT_REJECTED) return;
    const payload = Object.fromEntries(
      cells.slice(0, 60).map((cell, i) => [table.header.cells[i]?.trim() || `column ${i + 1}`, cell.slice(0, 200)]),
    );
    rejected.push({ reference: `${table.file}:${line}`, reasons: reasons.slice(0, 20), payload });
  };
  let batch: CellValue[][] = [];
  const flush = async () => {
    await stageRows(trx, plan.target, batch, counts.staged);
    counts.staged += batch.length;
    batch = [];
  };
  const take = (row: TableRow) => {
    counts.rowsRead += 1;
    const extra = row.cells.slice(width);
    if (row.cells.length < width || extra.some((cell) => cell.trim() !== '')) {
      refuse(row, [`${row.cells.length} values for ${width} columns`]);
      return;
    }
    const { rows, problems, missing, leftOut: reason } = plan.read(row.cells, `${table.file}:${row.line}`);
    counts.missing += missing;
    if (reason !== undefined) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    const kept = rows.filter((one) => !isFuture(one));
    const reasons = [...problems];
    if (kept.length < rows.length) {
      counts.future += 1;
      reasons.push(`${plan.day} ${String(rows.find(isFuture)?.[dayAt]).slice(0, 10)} is in the future`);
    }
    if (reasons.length > 0) refuse(row, reasons);
    for (const one of kept) {
      batch.push(one);
      if (plan.target.isUpdate === true) lines.push(row.line);
    }
  };
  if (plan.headerIsData) take(table.header);
  for await (const row of table.rows) {
    take(row);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  const refuseStaged = (place: number) => {
    counts.staged -= 1;
    const reason = 'the home is not in the acquisition pipeline: load that feed first';
    refuse({ cells: [], line: lines[place] ?? 0 }, [reason]);
  };
  const refuseConflicts: ReadRows['refuseConflicts'] = (values, rows, examples) => {
    counts.staged -= values;
    counts.rejected += rows;
    for (const { reference, key } of examples) {
      const reasons = [`another row of the file has another value for ${key}: both are left out`];
      if (rejected.length < KEPT_REJECTED) rejected.push({ reference, reasons, payload: {} });
    }
  };
  return { counts, rejected, leftOut, refuseStaged, refuseConflicts };
}
