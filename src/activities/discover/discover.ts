import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { v5 as uuidV5 } from 'uuid';
import {
  closeJob,
  openJob,
  type QuarantinedRow,
  quarantineRows,
  readOverQuota,
  recordQuality,
  saveJobProgress,
} from '../../db/queries/discovery.ts';
import { ingestRecords } from '../../db/queries/ingest.ts';
import { takeScrapePlace } from '../../db/queries/scrape-places.ts';
import { withTenant } from '../../db/tenant.ts';
import type { County } from '../../domain/county.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { incomingRecords } from './incoming-records.ts';
import { overQuota, quotaProblem } from './over-quota.ts';
import { measureQuality } from './quality-gate.ts';
import { discover } from './registry.ts';
import type { DiscoverDeps, DiscoveredItem, GivenColumns, SourceKind } from './source.ts';
import { onThisMachine } from './stored-file.ts';

/** Above what lies between two checkpoints: rows written without one behind them would be counted again after a crash. */
const MAX_BATCH_ITEMS = 2_500;

/** One source of one county to read: a file, a site by its recipe, or a saved page. */
export interface SourceSelection {
  kind: SourceKind;
  /** Name of the recipe; required for sites. */
  recipe?: string;
  /** Absolute path, for files and saved pages. */
  path?: string;
  /** Key of an uploaded file in the object store, in place of a path. */
  key?: string;
  /** What messages and row references call a file. */
  displayName?: string;
  /** Columns of a file as a person approved them. */
  columns?: GivenColumns;
  maxPages?: number;
}

export interface DiscoverInput {
  tenantId: string;
  county: string;
  selection: SourceSelection;
  dagId: string;
  dagRunId: string;
}

export interface DiscoverResult {
  jobId: string;
  source: string;
  scraped: number;
  failed: number;
  duplicate: number;
  blocked: number;
  /** Null when the run passed; else why it is marked failed. */
  problem: string | null;
}

type Deps = Pick<
  ActivityDeps,
  | 'db'
  | 'http'
  | 'clock'
  | 'logger'
  | 'storage'
  | 'counties'
  | 'recipes'
  | 'userAgent'
  | 'renderPage'
  | 'sourceBaseUrls'
  | 'permittedSites'
>;

/** Reading sources into prospects and properties. */
export function createDiscoverActivities(deps: Deps) {
  return {
    /**
     * Reads one source to its end, in batches of one transaction each with the cursor, so that a new attempt goes on where
     * the last one stopped and counts nothing twice.
     */
    discoverSource: (input: DiscoverInput): Promise<DiscoverResult> => discoverSource(deps, input),

    /** Closes the job of a source that could not be read, with the reason. */
    failDiscovery: (input: DiscoverInput & { reason: string }): Promise<void> =>
      withTenant(deps.db, input.tenantId, (trx) =>
        closeJob(trx, jobIdOf(input), { status: 'failed', error: input.reason }),
      ),
  };
}

async function discoverSource(deps: Deps, input: DiscoverInput): Promise<DiscoverResult> {
  const county = deps.counties.find(input.county);
  const { tenantId } = input;
  const source = input.selection.recipe ?? input.selection.displayName ?? input.selection.kind;
  const jobId = jobIdOf(input);
  const job = { id: jobId, dagId: input.dagId, dagRunId: input.dagRunId, source, countyFips: county.fips };
  if (input.selection.kind === 'listing_site') {
    const refusal = await withTenant(deps.db, tenantId, (trx) => takeScrapePlace(trx, job, deps.clock()));
    if (refusal !== null) throw refusal;
  }
  const heartbeat = startHeartbeat();
  const progress = await withTenant(deps.db, tenantId, (trx) => openJob(trx, job));
  const { selection, remove } = await onThisMachine(deps.storage, input.selection).catch((error: unknown) => {
    heartbeat.stop();
    throw error;
  });
  let batch: DiscoveredItem[] = [];
  const flush = async (isLast = false): Promise<void> => {
    const items = batch;
    batch = [];
    if (items.length === 0) return;
    await withTenant(deps.db, tenantId, async (trx) => {
      const records = incomingRecords(items, deps.clock());
      const counts = await ingestRecords(trx, county.fips, jobId, records, deps.clock());
      const over = overQuota(items, counts);
      await quarantineRows(trx, jobId, source, [...items.flatMap(quarantined), ...over]);
      progress.scraped += records.length - over.length;
      progress.duplicate += counts.unchanged + counts.merged;
      progress.failed += items.filter(({ type }) => type === 'quarantined').length + over.length;
      progress.blocked += items.filter(({ type }) => type === 'blocked').length;
      const last = items.at(-1);
      if (last?.type === 'checkpoint') progress.cursor = last.cursor;
      // Saved only where the cursor stands right behind the rows: what follows it is read and counted again.
      if (last?.type === 'checkpoint' || isLast) await saveJobProgress(trx, jobId, progress);
    });
    heartbeat.beat({ jobId, scraped: progress.scraped });
  };
  try {
    const request = requestOf(deps, selection, county, progress.cursor);
    for await (const item of discover(discoverDeps(deps, tenantId), selection.kind, request)) {
      batch.push(item);
      if (item.type === 'checkpoint' || batch.length >= MAX_BATCH_ITEMS) await flush();
      if (Context.current().cancellationSignal.aborted) throw Context.current().cancellationSignal.reason;
    }
    await flush(true);
    return await finish(deps, input, county, { ...progress, jobId, source });
  } catch (error) {
    // What was read before a final error stays; after a passing one it is read again from the cursor.
    if (error instanceof ReosError && error.code !== 'transient') await flush(true);
    throw error;
  } finally {
    heartbeat.stop();
    await remove();
  }
}

function jobIdOf({ tenantId, dagRunId, selection }: DiscoverInput): string {
  return uuidV5(`${dagRunId}:${selection.kind}:${selection.path ?? selection.key ?? selection.recipe}`, tenantId);
}

async function finish(
  deps: Deps,
  input: DiscoverInput,
  county: County,
  run: { jobId: string; source: string; scraped: number; failed: number; duplicate: number; blocked: number },
): Promise<DiscoverResult> {
  const problem = await withTenant(deps.db, input.tenantId, async (trx) => {
    const over = await readOverQuota(trx, run.jobId);
    // What the plan refuses says nothing about the source.
    const judged = { ...run, failed: run.failed - over.rows };
    const quality = measureQuality(county, judged, input.selection.kind === 'listing_site');
    const found = over.rows > 0 ? quotaProblem(run.source, over) : quality.problem;
    await recordQuality(trx, quality.metrics);
    await closeJob(trx, run.jobId, { status: found === null ? 'success' : 'failed', error: found });
    return found;
  });
  if (problem !== null)
    deps.logger.error({ county: county.slug, source: run.source, problem }, 'discovery brought less than it should');
  const { jobId, source, scraped, failed, duplicate, blocked } = run;
  return { jobId, source, scraped, failed, duplicate, blocked, problem };
}

function quarantined(item: DiscoveredItem): QuarantinedRow[] {
  if (item.type === 'quarantined') {
    return [{ rowReference: item.rowReference, kind: 'invalid', reasons: item.reasons, payload: item.payload }];
  }
  if (item.type !== 'blocked') return [];
  const reasons = [{ field: 'page', code: 'blocked', message: item.reason, value: item.status }];
  return [{ rowReference: item.url, kind: 'blocked', reasons, payload: { url: item.url, status: item.status } }];
}

function requestOf(deps: Deps, selection: SourceSelection, county: County, cursor: string | null) {
  const common = { recipes: deps.recipes, countyFips: county.fips, countyBox: county.bounds, cursor };
  if (selection.kind === 'listing_site') {
    if (selection.recipe === undefined)
      throw new ReosError('validation', 'A listing site is read by its recipe; none was named.');
    return {
      ...common,
      recipe: selection.recipe,
      baseUrl: deps.sourceBaseUrls[selection.recipe],
      operatorPermission: deps.permittedSites.includes(selection.recipe),
      maxPages: selection.maxPages ?? county.scrape.max_pages,
    };
  }
  if (selection.path === undefined)
    throw new ReosError('validation', `A source of kind ${selection.kind} needs the path of a file.`);
  return {
    ...common,
    path: selection.path,
    displayName: selection.displayName,
    recipe: selection.recipe,
    columns: selection.columns,
  };
}

function discoverDeps(deps: Deps, tenantId: string): DiscoverDeps {
  return {
    http: deps.http,
    clock: deps.clock,
    userAgent: deps.userAgent,
    renderPage: deps.renderPage,
    savePage: async (content, meta) => {
      const bytes = Buffer.from(content, 'utf8');
      const hash = createHash('sha256').update(bytes).digest('hex');
      const key = `tenants/${tenantId}/pages/${hash}.html`;
      if (!(await deps.storage.has(key))) await deps.storage.put(key, bytes, 'text/html');
      deps.logger.debug({ url: meta.url, reason: meta.reason, key }, 'page saved');
      return key;
    },
  };
}
