import { valuedSale } from '../../activities/platform/model-drift.ts';
import { countValuations, type OutcomeRow, readOutcomes } from '../../db/queries/valuations.ts';
import { withTenant } from '../../db/tenant.ts';
import { FEW_OUTCOMES, scoreboardStatement, type Track, trackOf } from '../../domain/valuation/scoreboard.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { share } from '../train-report.ts';
import { onRegistry } from './models.ts';

/** `reos scoreboard`: each valuation held against the sale that followed it. */
export const scoreboard: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('How valuations came true: each one against the sale that followed it, by county and model')
      .option('--county <slug>', 'one county, such as king-wa')
      .addHelpText('after', '\nExample:\n  $ reos scoreboard --county king-wa'),
  run: (context, _args, options) =>
    onRegistry(context, async (system, tenantId) => {
      const counties = await system.counties();
      const countyFips = options.county === undefined ? undefined : counties.find(String(options.county)).fips;
      const { outcomes, waiting } = await withTenant(system.db, tenantId, async (trx) => ({
        outcomes: await readOutcomes(trx, { countyFips }),
        waiting: await countValuations(trx, { countyFips }),
      }));
      const entries = entriesOf(outcomes, (fips) => counties.byFips(fips)?.slug ?? fips);
      const counted = outcomes.filter(({ isShadow }) => !isShadow).length;
      const statement = scoreboardStatement(counted, waiting);
      const rows = entries.map((entry) => ({
        county: entry.county,
        model: entry.is_shadow ? `${entry.version} (shadow)` : entry.version,
        sales: entry.count,
        'median error': share(entry.median_error),
        'within 10%': share(entry.within_10),
        'within 20%': share(entry.within_20),
        'held 50/80/90%': [entry.coverage_50, entry.coverage_80, entry.coverage_90].map(share).join(' / '),
        'median ratio': entry.median_ratio.toFixed(3),
      }));
      const columns = [
        'county',
        'model',
        'sales',
        'median error',
        'within 10%',
        'within 20%',
        'held 50/80/90%',
        'median ratio',
      ];
      const text = rows.length === 0 ? statement : `${table(rows, columns)}\n\n${statement}`;
      const object = { entries, outcomes: counted, needed: FEW_OUTCOMES, ...waitingOf(waiting), statement };
      context.output.answer(object, text);
    }),
};

type Entry = { county: string; model_id: string; version: string; is_shadow: boolean } & Track;

function entriesOf(outcomes: readonly OutcomeRow[], slugOf: (fips: string) => string): Entry[] {
  const groups = new Map<string, OutcomeRow[]>();
  for (const row of outcomes) {
    const key = `${row.countyFips}/${row.modelId}/${row.isShadow}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((rows) => {
    const { countyFips, modelId, version, isShadow } = rows[0]!;
    const track = trackOf(rows.map(valuedSale));
    return track === null
      ? []
      : [{ county: slugOf(countyFips), model_id: modelId, version, is_shadow: isShadow, ...track }];
  });
}

const waitingOf = ({ valuations, properties }: { valuations: number; properties: number }) => ({
  valuations,
  valued_properties: properties,
});
