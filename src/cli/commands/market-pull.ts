import type { PullResult } from '../../activities/market/sources/pull.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { openMarketSources } from '../../workers/market-sources.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';

/** `reos market pull [SOURCE…]`: what is new in the tenant's databases and MLSs, now instead of with the daily refresh. */
export const marketPull: Verb = {
  localOnly: 'The sources and their passwords are settings of the installation (MARKET_SOURCES): run it there.',
  describe: (command) =>
    command
      .description('Pull what is new from the databases and MLSs of MARKET_SOURCES')
      .argument('[sources...]', 'names of sources; all of the tenant by default')
      .addHelpText('after', '\nExample:\n  $ reos market pull crm-offers --tenant acme'),
  run: (context, names) =>
    useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const opened = await openMarketSources(context.settings);
      if (opened === undefined) {
        throw new ReosError(
          'validation',
          'MARKET_SOURCES names no file of sources: see docs/market.md, Sources that are pulled.',
        );
      }
      const own = opened.list.filter((one) => one.tenant === tenant.slug);
      const unknown = names.filter((name) => !own.some((one) => one.name === name));
      if (unknown.length > 0 || own.length === 0) {
        const known = own.map(({ name }) => name).join(', ') || 'none';
        const what = unknown.length > 0 ? `There is no source ${unknown.join(', ')}` : 'There is no source';
        throw new ReosError(
          'not_found',
          `${what} of the tenant ${tenant.slug} in MARKET_SOURCES. Its sources: ${known}.`,
        );
      }
      const { pullSource } = await import('../../activities/market/sources/pull.ts');
      const deps = { db: system.db, clock: () => new Date(), http: opened.http };
      const results: PullResult[] = [];
      // One that fails keeps no other from its pull.
      for (const source of own.filter(({ name }) => names.length === 0 || names.includes(name))) {
        const seen: { last?: PullResult } = {};
        try {
          results.push(
            await pullSource(deps, tenant.id, source, (page) => {
              seen.last = { ...page };
              context.output.progress(`${source.name}: ${page.rows} rows`);
            }),
          );
        } catch (error) {
          const none = { source: source.name, pages: 0, rows: 0, kept: 0, rejected: 0, removed: 0 };
          results.push({ ...none, ...seen.last, problem: messageOf(error) });
        }
      }
      context.output.answer({ sources: results }, results.map(textOf).join('\n'));
      return results.some(({ problem }) => problem !== null) ? 1 : 0;
    }),
};

const textOf = ({ source, pages, rows, kept, rejected, removed, problem }: PullResult) =>
  `${source}: ${rows} rows on ${pages} pages, ${kept} new or changed, ${rejected} refused, ${removed} removed${problem === null ? '' : `; ended early: ${problem}`}`;
