import { type FinishedDiscovery, runDiscovery } from '../../client/discoveries.ts';
import { workflowIds } from '../../domain/ids.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { type Output, table } from '../output.ts';

/** `reos discover COUNTY`: the county's sites, now. */
export const discover: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
      return discoveryAnswer(context.output, tenant.slug, county.slug, result);
    });
  },
};

/** Says what a discovery brought. Returns the exit code: 1 for a failed run. */
export function discoveryAnswer(
  output: Output,
  tenant: string,
  county: string,
  result: FinishedDiscovery,
  more: Record<string, unknown> = {},
): number {
  const object = {
    tenant,
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
    `${result.lifecyclesStarted} lifecycles started for ${tenant} in ${county}.`,
    ...result.problems.map((problem) => `problem: ${problem}`),
  ];
  output.answer(object, text.join('\n'));
  return result.problems.length > 0 ? 1 : 0;
}
