import { ApplicationFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { DiscoverResult, SourceSelection } from '../activities/discover/discover.ts';
import { batch, local, scrape } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/** One county of one tenant. `sources` names what to read; without it, what the county's configuration and the operator allow. */
export interface DiscoveryInput {
  tenantId: string;
  county: string;
  sources?: SourceSelection[];
  /** Schedule or command that asked; the journal's dag_id. */
  dagId: string;
  /** False to only store what is found. */
  startLifecycles?: boolean;
}

export interface DiscoveryResult {
  sources: Array<Omit<DiscoverResult, 'jobId'> & { jobId: string | null }>;
  lifecyclesStarted: number;
}

/**
 * Reads a county's sources one after another and starts the lifecycles of what they brought. A source that cannot be read
 * does not stop the others; the run is failed in the end, with every reason.
 */
export async function countyDiscovery(input: DiscoveryInput): Promise<DiscoveryResult> {
  const run = { tenantId: input.tenantId, county: input.county, dagId: input.dagId, dagRunId: workflowInfo().runId };
  await local.openRun({ ...run });
  let selections: SourceSelection[];
  try {
    selections = input.sources ?? (await local.listSources({ county: input.county }));
  } catch (error) {
    await local.closeRun({ ...run, tasks: 0, failures: [failureReason(error)] });
    throw error;
  }
  const sources: DiscoveryResult['sources'] = [];
  for (const selection of selections) {
    try {
      sources.push(await scrape.discoverSource({ ...run, selection }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      const reason = failureReason(error);
      await local.failDiscovery({ ...run, selection, reason });
      const source = selection.recipe ?? selection.displayName ?? selection.kind;
      sources.push({ jobId: null, source, scraped: 0, failed: 0, duplicate: 0, blocked: 0, problem: reason });
    }
  }
  const lifecyclesStarted =
    input.startLifecycles === false
      ? 0
      : await batch.startLifecycles({ tenantId: input.tenantId, county: input.county });
  const problems = sources.flatMap(({ problem }) => problem ?? []);
  await local.closeRun({ ...run, tasks: sources.length, failures: problems });
  if (problems.length > 0) {
    throw ApplicationFailure.nonRetryable(problems.join('\n'), 'DiscoveryFailed', { sources, lifecyclesStarted });
  }
  return { sources, lifecyclesStarted };
}
