import { extendEventLog } from '../../db/queries/event-upkeep.ts';
import * as runs from '../../db/queries/runs.ts';
import { listTenants } from '../../db/queries/tenants.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { ActivityDeps } from '../deps.ts';
import type { SourceSelection } from '../discover/discover.ts';

interface Run {
  tenantId: string;
  dagId: string;
  dagRunId: string;
}

/** The journal of runs, the tenants they are for, and the look at each part. */
export function createRunActivities(
  deps: Pick<
    ActivityDeps,
    'db' | 'counties' | 'recipes' | 'sourceBaseUrls' | 'permittedSites' | 'lifecycles' | 'checks'
  >,
) {
  return {
    openRun: (run: Run) => withTenant(deps.db, run.tenantId, (trx) => runs.openRun(trx, run)),

    closeRun: (run: Run & { tasks: number; failures: readonly string[] }) =>
      withTenant(deps.db, run.tenantId, (trx) => runs.closeRun(trx, run)),

    listTenants: async (): Promise<string[]> =>
      (await withSystem(deps.db, 'schedules work for every tenant', listTenants)).map(({ id }) => id),

    /** The sites that may be crawled for a county: those whose recipe allows it, or that the operator gave an address for. */
    listSources: async (input: { county: string }): Promise<SourceSelection[]> => {
      const { fips } = deps.counties.find(input.county);
      return deps.recipes.sites
        .filter((site) => site.county_fips === fips)
        .filter((site) => site.permission === 'allowed' || deps.permittedSites.includes(site.name))
        .filter((site) => deps.sourceBaseUrls[site.name] ?? site.base_url)
        .map((site) => ({ kind: 'listing_site' as const, recipe: site.name }));
    },

    startDiscoveries: async (input: { county: string }): Promise<{ tenants: number }> => {
      const tenants = await withSystem(deps.db, 'schedules work for every tenant', listTenants);
      for (const { id } of tenants) await deps.lifecycles.startDiscovery({ tenantId: id, county: input.county });
      return { tenants: tenants.length };
    },

    /** Looks at every part and remembers what it saw; keeps the event log in months. @throws ReosError `transient` naming each part that is not well */
    checkParts: async (): Promise<Record<string, string>> => {
      const seen: Record<string, string> = {};
      const ill: string[] = [];
      const checks = {
        ...deps.checks,
        event_log: async () => {
          const until = await withSystem(deps.db, 'partitions of the event log', extendEventLog);
          return `has partitions to the month of ${until}`;
        },
      };
      for (const [component, check] of Object.entries(checks)) {
        try {
          seen[component] = await check();
        } catch (error) {
          seen[component] = messageOf(error);
          ill.push(`${component}: ${messageOf(error)}`);
        }
        const ping = { component, ok: !ill.some((line) => line.startsWith(`${component}:`)), detail: seen[component] };
        await withSystem(deps.db, 'heartbeat of the parts', (trx) => runs.recordPing(trx, ping));
      }
      if (ill.length > 0) throw new ReosError('transient', `Parts are not well: ${ill.join('; ')}. See: reos doctor`);
      return seen;
    },
  };
}
