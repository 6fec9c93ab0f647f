import { setTimeout as sleep } from 'node:timers/promises';
import { type FinishedDiscovery, runDiscovery } from '../../client/discoveries.ts';
import { workflowIds } from '../../domain/ids.ts';
import { take } from '../../sdk/client.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { EitherVerb } from '../main.ts';
import { type Output, table } from '../output.ts';

/** `reos discover COUNTY`: the county's sites, now. */
export const discover: EitherVerb = {
  describe: (command) =>
    command
      .description("Read a county's sources now and start the lifecycles of what they bring")
      .argument('<county>', 'slug or FIPS code, such as king-wa or 53033')
      .option('--no-start', 'only store; start no lifecycles')
      .addHelpText('after', '\nExample:\n  $ reos discover king-wa'),
  async run(context, [key], options) {
    return useSystem(context, { services: true }, async (system) => {
      const county = (await system.counties()).find(key!);
      const tenant = await chooseOrMakeTenant(context, system.db);
      const result = await runDiscovery(await system.temporal(), {
        workflowId: workflowIds.discovery(tenant.id, county.slug),
        input: {
          tenantId: tenant.id,
          county: county.slug,
          dagId: `discovery_offmarket:${county.slug}`,
          startLifecycles: options.start !== false,
        },
      });
      return discoveryAnswer(context.output, county.slug, result);
    });
  },
  async askRemote({ api, output }, [key], options) {
    const path = { county: String(key) };
    const body = { start_lifecycles: options.start !== false };
    const started = await take(api.POST('/api/v1/counties/{county}/discoveries', { params: { path }, body }));
    const run = { path: { ...path, run_id: started.run_id } };
    for (;;) {
      const found = await take(api.GET('/api/v1/counties/{county}/discoveries/{run_id}', { params: run }));
      if (found.status !== 'running') {
        const { county, sources, lifecycles_started: lifecyclesStarted, problems } = found;
        return discoveryAnswer(output, county, {
          workflowId: started.workflow_id,
          sources: sources.map(({ job_id: jobId, ...source }) => ({ jobId, problem: null, ...source })),
          lifecyclesStarted: lifecyclesStarted ?? 0,
          problems,
        });
      }
      await sleep(1000);
    }
  },
};

/** Says what a discovery brought. Returns the exit code: 1 for a failed run. */
export function discoveryAnswer(
  output: Output,
  county: string,
  result: Omit<FinishedDiscovery, 'lifecyclesStarted'> & { lifecyclesStarted: number | null },
  more: Record<string, unknown> = {},
): number {
  const object = {
    county,
    workflow_id: result.workflowId,
    sources: result.sources.map(({ jobId, ...source }) => ({ job_id: jobId, ...source })),
    lifecycles_started: result.lifecyclesStarted,
    problems: result.problems,
    ...more,
  };
  const rows = result.sources.map(({ source, scraped, failed, duplicate, blocked }) => ({
    source,
    scraped,
    refused: failed,
    duplicate,
    blocked,
  }));
  const empty =
    'No site recipe names this county yet (county_fips), or none of them may be crawled (SITES_PERMITTED). Import a file meanwhile.';
  const text = [
    rows.length === 0 ? empty : table(rows, ['source', 'scraped', 'refused', 'duplicate', 'blocked']),
    ...(result.lifecyclesStarted === null ? [] : [`${result.lifecyclesStarted} lifecycles started in ${county}.`]),
    ...result.problems.map((problem) => `problem: ${problem}`),
  ];
  output.answer(object, text.join('\n'));
  return result.problems.length > 0 ? 1 : 0;
}
