import type { Database } from '../../db/connect.ts';
import * as loads from '../../db/queries/market-load.ts';
import { refreshPublishedMetrics } from '../../db/queries/market-published.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { ColumnUse, LayoutHints } from './layouts/layout.ts';
import { checkGate, type GateCheck, type GateLimits } from './load-gate.ts';
import { type LoadPlan, planLoad } from './load-plan.ts';
import { type ReadRows, readRows } from './load-rows.ts';
import { type MarketTable, openTable } from './load-table.ts';

/** What loading works with. */
export interface MarketLoadDeps {
  db: Database;
  clock: () => Date;
}

/** A file to load. */
export interface MarketLoadRequest extends TableLoadRequest {
  path: string;
}

/** A table to load, wherever its rows come from. */
export interface TableLoadRequest extends LayoutHints {
  tenantId: string;
  /** What messages, `raw.loads` and row references call it. */
  name: string;
  /** Feed when a person says it; otherwise it is recognised. */
  feed?: string | undefined;
  limits?: Partial<GateLimits>;
  /** Read and check everything, keep nothing. */
  isDryRun?: boolean;
}

/** What became of a file. */
export interface MarketLoadResult {
  file: string;
  /** `repeated`: exactly these bytes were loaded before, and nothing was done. */
  status: 'success' | 'failed' | 'repeated' | 'dry_run';
  feed: string;
  layout: string;
  mapping: ColumnUse[];
  notes: string[];
  load_id: string | null;
  rows_read: number;
  /** Values on their way: of a wide file, one per filled cell. */
  values: number;
  inserted: number;
  changed: number;
  unchanged: number;
  rows_rejected: number;
  values_missing: number;
  data_from: string | null;
  data_to: string | null;
  gate: GateCheck[];
  /** The first twenty refused rows. */
  problems: Array<{ row: string; reasons: string[] }>;
  /** Rows of mart.market_metrics that were written. */
  mart_rows: number;
  message: string | null;
}

/**
 * Loads one file of any known layout whole or not at all. Refused rows are kept with their reasons; a file that fails its
 * gate loads nothing and says why; the same bytes again do nothing. Figures of publishers reach the mart in the same transaction.
 * @throws ReosError `not_found`; `validation` for a file that cannot be read or is of no known layout
 */
export async function loadMarketFile(deps: MarketLoadDeps, request: MarketLoadRequest): Promise<MarketLoadResult> {
  return loadTable(deps, request, await openTable(request.path, request.name));
}

/**
 * Loads the rows of a table as `loadMarketFile` those of a file.
 * @param settle does what belongs to the same transaction, once the load is closed
 */
export async function loadTable(
  deps: MarketLoadDeps,
  request: TableLoadRequest,
  table: MarketTable,
  settle: (trx: TenantTrx, result: MarketLoadResult) => Promise<void> = async () => undefined,
): Promise<MarketLoadResult> {
  const startedAt = deps.clock();
  const plan = planLoad(table, request, startedAt.toISOString().slice(0, 10));
  const entry = {
    feed: plan.feed,
    origin: request.name,
    layout: plan.layout,
    contentSha256: table.sha256,
    startedAt,
  };
  try {
    return await withTenant(deps.db, request.tenantId, async (trx) => {
      const before = table.sha256 === null ? undefined : await loads.findLoad(trx, plan.feed, table.sha256);
      if (before !== undefined) return repeated(request.name, plan, before);
      const id = await loads.openLoad(trx, entry);
      const result = await fillAndMerge(trx, { deps, request, table, plan, id });
      await settle(trx, result);
      // A dry run did everything but the end.
      if (request.isDryRun === true) throw new DryRunEnd(result);
      return result;
    });
  } catch (error) {
    if (error instanceof DryRunEnd) return { ...error.result, load_id: null, mart_rows: 0 };
    if (error instanceof ReosError && error.code === 'validation' && request.isDryRun !== true) {
      await keepFailure(deps, request.tenantId, entry, messageOf(error));
    }
    throw error;
  }
}

class DryRunEnd extends Error {
  readonly result: MarketLoadResult;
  constructor(result: MarketLoadResult) {
    super('dry run');
    this.result = result;
  }
}

interface Work {
  deps: MarketLoadDeps;
  request: TableLoadRequest;
  table: MarketTable;
  plan: LoadPlan;
  id: string;
}

async function fillAndMerge(trx: TenantTrx, work: Work): Promise<MarketLoadResult> {
  const { request, plan, id } = work;
  await loads.openStage(trx, plan.target);
  const read = await readRows(trx, work.table, plan, work.deps.clock());
  if (plan.target.isUpdate === true) {
    for (const place of await loads.dropHomelessRows(trx, plan.target)) read.refuseStaged(place);
  }
  let stage = await loads.describeStage(trx, plan.target, plan.day);
  const isPublished = plan.target.table === 'raw.published_metrics';
  if (isPublished && stage.distinct < read.counts.staged) {
    const { values, rows, examples } = await loads.dropConflicts(trx, plan.target);
    if (values > 0) {
      read.refuseConflicts(values, rows, examples);
      stage = await loads.describeStage(trx, plan.target, plan.day);
    }
  }
  const today = work.deps.clock().toISOString().slice(0, 10);
  const facts = { ...read.counts, ...stage, today };
  const gate = checkGate(facts, { ...plan.limits, ...request.limits });
  const failures = gate.filter(({ result }) => result === 'fail').map(({ message }) => message);
  const isGood = failures.length === 0;
  const leftOut = [...read.leftOut].map(([reason, rows]) => `${rows} rows were left out: ${reason}.`);
  const merged = isGood
    ? await loads.mergeStage(trx, plan.target, id, read.counts.staged !== stage.distinct)
    : { inserted: 0, changed: 0 };
  const martRows = isGood && isPublished ? await refreshPublishedMetrics(trx, id) : 0;
  const unchanged = isGood ? stage.distinct - merged.inserted - merged.changed : 0;
  const message = isGood ? null : [`Nothing was loaded: ${failures.join('; ')}.`, ...leftOut].join(' ');
  await loads.keepRejectedRows(trx, id, read.rejected);
  await loads.closeLoad(
    trx,
    id,
    {
      status: isGood ? 'success' : 'failed',
      rowsRead: read.counts.rowsRead,
      rowsKept: merged.inserted + merged.changed,
      rowsRejected: read.counts.rejected,
      rowsRepeated: isGood ? read.counts.staged - merged.inserted - merged.changed : 0,
      gate,
      dataFrom: stage.from,
      dataTo: stage.to,
      message,
    },
    work.deps.clock(),
  );
  return {
    ...describe(request.name, plan),
    status: isGood ? (request.isDryRun === true ? 'dry_run' : 'success') : 'failed',
    load_id: id,
    rows_read: read.counts.rowsRead,
    values: read.counts.staged,
    ...merged,
    unchanged,
    rows_rejected: read.counts.rejected,
    values_missing: read.counts.missing,
    data_from: stage.from,
    data_to: stage.to,
    gate,
    problems: problemsOf(read),
    notes: [...work.table.notes, ...plan.notes, ...leftOut],
    mart_rows: martRows,
    message,
  };
}

const problemsOf = ({ rejected }: ReadRows) =>
  rejected.slice(0, 20).map(({ reference, reasons }) => ({ row: reference, reasons: [...reasons] }));

const describe = (file: string, { feed, layout, mapping }: LoadPlan) => ({ file, feed, layout, mapping });

function repeated(
  file: string,
  plan: LoadPlan,
  before: { id: string; origin: string; completedAt: Date | null },
): MarketLoadResult {
  const at = before.completedAt?.toISOString().slice(0, 16).replace('T', ' ') ?? 'before';
  return {
    ...describe(file, plan),
    status: 'repeated',
    notes: plan.notes,
    load_id: before.id,
    rows_read: 0,
    values: 0,
    inserted: 0,
    changed: 0,
    unchanged: 0,
    rows_rejected: 0,
    values_missing: 0,
    data_from: null,
    data_to: null,
    gate: [],
    problems: [],
    mart_rows: 0,
    message: `Loaded already as ${before.origin} (${at} UTC): nothing was done.`,
  };
}

async function keepFailure(
  deps: MarketLoadDeps,
  tenantId: string,
  entry: Parameters<typeof loads.openLoad>[1],
  message: string,
): Promise<void> {
  await withTenant(deps.db, tenantId, async (trx) => {
    const id = await loads.openLoad(trx, entry);
    const nothing = { rowsRead: 0, rowsKept: 0, rowsRejected: 0, rowsRepeated: 0, gate: [] };
    await loads.closeLoad(
      trx,
      id,
      { ...nothing, status: 'failed', dataFrom: null, dataTo: null, message },
      deps.clock(),
    );
  });
}

/** A file's failure as an error, for callers that want one. @throws ReosError `validation` when the gate failed */
export function assertLoaded(result: MarketLoadResult): MarketLoadResult {
  if (result.status !== 'failed') return result;
  throw new ReosError('validation', `${result.file}: ${result.message ?? 'not loaded'}`, {
    details: { file: result.file, loadId: result.load_id },
  });
}
