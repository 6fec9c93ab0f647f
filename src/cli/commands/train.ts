import { basename, resolve } from 'node:path';
import { loadRecipes } from '../../activities/discover/recipe-load.ts';
import { parseColumnChoice, readSalesFile } from '../../activities/discover/sales-file.ts';
import { decideOnModel } from '../../activities/platform/model-decision.ts';
import { saveTrainedModel } from '../../activities/platform/model-store.ts';
import { salesOfCounty } from '../../activities/platform/sales-of-county.ts';
import type { Training } from '../../activities/score/value-deps.ts';
import { openCounties } from '../../config/county-index.ts';
import type { ModelStage } from '../../db/queries/models.ts';
import { withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { SalesData } from '../../domain/valuation/sale-record.ts';
import { createAvmRoom } from '../../workers/avm.ts';
import { type CommandContext, chooseOrMakeTenant, chooseTenant, type OpenSystem, useSystem } from '../context.ts';
import { marketOfTraining } from '../file-place.ts';
import type { Verb } from '../main.ts';
import { openModelStore } from '../model-store.ts';
import { exitCodeOf } from '../output.ts';
import { dryRunTraining, settleTrainColumns, type TrainColumns } from '../train-columns.ts';
import { readTrainPlan, type TrainPlan } from '../train-options.ts';
import { trainingReport } from '../train-report.ts';

/** What became of the model: its row, or why there is none. */
interface Kept {
  id: string | null;
  version: string;
  stage: ModelStage | null;
  decision: string | null;
  error?: unknown;
}

/** `reos train`: a valuation model from a sales file or from the county's sales, beside its baselines. */
export const train: Verb = {
  localOnly:
    'Training reads a local file or the whole database and takes the machine for minutes: run it where the installation is.',
  describe: (command) =>
    command
      .description('Train a valuation model on sales, test it on later ones beside its baselines, and enter it')
      .option('--sales <file>', 'CSV, TSV or JSON of any layout (default: the sales in Postgres)')
      .option('--county <slug>', 'county of the sales, such as king-wa: its properties are valued by the model')
      .option('--market <name>', 'name of the market (default: the county, else the one the file says, else its name)')
      .option('--test-after <date>', 'hold out the sales from this day on, YYYY-MM-DD')
      .option(
        '--test-share <share>',
        'without --test-after: hold out this last share by date (default: 0.2; of few sales without dates each fifth in turn)',
      )
      .option('--as-of <date>', 'use only sales before this day, YYYY-MM-DD')
      .option('--seed <n>', 'same data and seed give the same model', '7')
      .option('--trials <n>', 'parameter sets to try')
      .option('--map <header=field>', 'what a column is, such as "Area=LivingArea:sqm" (repeatable)', append, [])
      .option('--recipe <name>', 'column mapping in config/recipes (default: recognised by its headers)')
      .option(
        '--dry-run',
        'with --sales: show what each column is taken for, the problems and the counts; train nothing',
      )
      .option('--yes', 'approve the columns as proposed and remember them for files of this layout')
      .option('--no-save', 'only train and report; needs no database')
      .addHelpText('after', '\nExample:\n  $ reos train --sales sales.csv --test-after 2015-02-01'),
  async run(context, _args, options) {
    const plan = readTrainPlan(options);
    const { file } = plan;
    if (file !== undefined) {
      const columns = await columnsOf(context, file, plan);
      const { path, recipes, recipe, overrides } = columns;
      const filed = await marketOfTraining(context, plan, { path, name: basename(path), recipes, recipe, overrides });
      if (plan.dryRun) return dryRunTraining(context, columns, filed);
      const approved = await settleTrainColumns(context, columns);
      if (approved === 'declined') {
        context.output.progress('Nothing was trained. Correct a column with --map "Header=Field", or "Header=ignore".');
        return 2;
      }
      const read = before(await readSalesFile(path, { recipes, approved, overrides, recipe }), plan.asOf);
      const data = { ...read, notes: [...read.notes, `The model is filed under ${filed.market}: ${filed.reason}.`] };
      context.output.progress(`${data.source}: ${data.counts.rows} rows, ${data.counts.kept} sales kept`);
      const trained = await trainOn(context, data, { ...plan, market: filed.market });
      const kept = plan.save ? await keepAfterwards(context, data, trained) : notKept(trained);
      return answer(context, data, trained, kept);
    }
    if (plan.dryRun) throw new ReosError('validation', '--dry-run looks at a file: name it with --sales FILE.');
    const counties = await openCounties(context.settings.configDir);
    const county = plan.county === undefined ? undefined : counties.find(plan.county);
    if (county === undefined) {
      throw new ReosError(
        'validation',
        'Name a file (--sales FILE) or a county whose sales are stored (--county SLUG).',
      );
    }
    return useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const data = await withTenant(system.db, tenant.id, (trx) => salesOfCounty(trx, county, plan.asOf));
      if (data.sales.length === 0) {
        throw new ReosError(
          'validation',
          `${tenant.slug} has no arm's-length sales in ${county.slug}${plan.asOf === undefined ? '' : ` before ${plan.asOf}`}. Import some: reos import FILE --county ${county.slug}`,
        );
      }
      const trained = await trainOn(context, data, { ...plan, market: plan.market ?? county.slug });
      const kept = plan.save ? await keep(context, system, data, trained) : notKept(trained);
      return answer(context, data, trained, kept);
    });
  },
};

const append = (value: string, all: string[]): string[] => [...all, value];

async function columnsOf({ settings }: CommandContext, file: string, plan: TrainPlan): Promise<TrainColumns> {
  const recipes = await loadRecipes(settings.configDir);
  const { recipe, save, approve } = plan;
  return { path: resolve(file), recipes, recipe, overrides: plan.maps.map(parseColumnChoice), approve, save };
}

/** The sales before a day. Without dates there is no before. */
function before(data: SalesData, asOf: string | undefined): SalesData {
  if (asOf === undefined) return data;
  const sales = data.sales.filter(({ closeDate }) => closeDate !== null && closeDate < asOf);
  if (sales.length === 0) {
    throw new ReosError('validation', `${data.source}: no sale is dated before ${asOf} (--as-of).`);
  }
  const later = data.sales.length - sales.length;
  const leftOut = later === 0 ? data.counts.leftOut : { ...data.counts.leftOut, [`not before ${asOf}`]: later };
  return { ...data, sales, counts: { ...data.counts, kept: sales.length, leftOut } };
}

function trainOn(context: CommandContext, data: SalesData, plan: TrainPlan & { market: string }): Promise<Training> {
  const { output } = context;
  const avm = createAvmRoom(context.settings, { onProgress: (message) => output.progress(message) });
  const { market, seed, testAfter, testShare, trials } = plan;
  const onProgress = (message: string) => output.progress(message);
  return avm.train(data, { market, seed, testAfter, testShare, trials, onProgress });
}

/** Enters the model once the training is done; a database that cannot be had then does not take the report away. */
async function keepAfterwards(context: CommandContext, data: SalesData, trained: Training): Promise<Kept> {
  try {
    return await useSystem(context, { services: false }, (system) => keep(context, system, data, trained));
  } catch (error) {
    return { ...notKept(trained), error };
  }
}

async function keep(context: CommandContext, system: OpenSystem, data: SalesData, trained: Training): Promise<Kept> {
  const tenant = await chooseOrMakeTenant(context, system.db);
  const deps = { db: system.db, storage: openModelStore(context.settings), avm: createAvmRoom(context.settings) };
  const { row, isNew } = await saveTrainedModel(deps, tenant.id, trained);
  if (!isNew && row.stage === 'champion') {
    return {
      id: row.id,
      version: row.version,
      stage: row.stage,
      decision: 'The champion already: same data, same model.',
    };
  }
  const { promote, statement } = await decideOnModel(deps, tenant.id, row.id, {
    source: 'train',
    sales: data.sales,
    heldOut: trained.heldOut,
  });
  return { id: row.id, version: row.version, stage: promote ? 'champion' : 'candidate', decision: statement };
}

const notKept = ({ version }: Training): Kept => ({ id: null, version, stage: null, decision: null });

function answer(context: CommandContext, data: SalesData, trained: Training, kept: Kept): number {
  const { report } = trained;
  const problem = kept.error === undefined ? [] : [`The model was not saved: ${messageOf(kept.error)}`];
  const object = {
    market: trained.market,
    model: {
      id: kept.id,
      version: kept.version,
      market: trained.market,
      stage: kept.stage,
      decision: kept.decision,
      data_fingerprint: trained.dataFingerprint,
      data_rows: trained.dataRows,
      data_from: trained.dataFrom,
      data_to: trained.dataTo,
      code_version: trained.codeVersion,
      seed: report.seed,
      features: trained.featureNames.length,
      hyperparameters: report.hyperparameters,
      artifact_bytes: trained.artifact.byteLength,
    },
    metrics: report.metrics,
    baselines: report.baselines,
    groups: report.groups,
    split: report.split,
    mapping: data.mapping,
    counts: data.counts,
    notes: [...data.notes, ...report.notes, ...problem],
    trials: report.trials,
  };
  context.output.answer(object, trainingReport(data, trained, [...(kept.decision ? [kept.decision] : []), ...problem]));
  if (kept.error === undefined) return 0;
  context.output.progress(problem[0] ?? '');
  return exitCodeOf(kept.error);
}
