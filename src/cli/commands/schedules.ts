import { reconcileSchedules } from '../../client/reconcile.ts';
import { declareSchedules } from '../../client/schedules.ts';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { useSystem } from '../context.ts';
import type { ApiVerb, LocalVerb } from '../main.ts';
import { table } from '../output.ts';

/** `reos schedules apply`: the server's schedules as declared. */
export const schedulesApply: LocalVerb = {
  localOnly: 'The schedules are declared by the files of the installation: run it there.',
  describe: (command) =>
    command
      .description('Create, change and remove schedules so that they are as declared; pauses stay')
      .option('--dry-run', 'only say what would change')
      .addHelpText('after', '\nExample:\n  $ reos schedules apply --dry-run'),
  run: (context, _args, options) =>
    useSystem(context, { services: false }, async (system) => {
      const declared = declareSchedules((await system.counties()).all);
      const changes = await reconcileSchedules(await system.temporal(), declared, options.dryRun === true);
      context.output.answer(
        { dry_run: options.dryRun === true, changes },
        table(
          changes.map((change) => ({ ...change })),
          ['id', 'change'],
        ),
      );
    }),
};

/** `reos schedules list`: each schedule, when it runs next, whether it is paused. */
export const schedulesList: ApiVerb = {
  needs: 'temporal',
  describe: (command) =>
    command
      .description('List schedules with their next run and pauses')
      .addHelpText('after', '\nExample:\n  $ reos schedules list --json'),
  async ask({ api, output }) {
    const { schedules } = await take(api.GET('/api/v1/schedules'));
    output.answer(
      { schedules },
      table(schedules, ['dag_id', 'state', 'schedule', 'time_zone', 'next_run', 'last_run', 'note', 'description']),
    );
  },
};

/** `reos schedules pause ID` */
export const schedulesPause: ApiVerb = {
  needs: 'temporal',
  describe: (command) =>
    command
      .description('Pause a schedule; it stays paused when schedules are applied again')
      .argument('<id>', 'schedule id')
      .option('--note <text>', 'why', 'paused by an operator')
      .addHelpText('after', '\nExample:\n  $ reos schedules pause email_campaign --note "holiday"'),
  async ask({ api, output }, [id], options) {
    const params = { path: { dag_id: String(id) } };
    await take(api.POST('/api/v1/schedules/{dag_id}/pause', { params, body: { note: String(options.note) } }));
    output.answer({ dag_id: id, paused: true }, `${id}: paused`);
  },
};

/** `reos schedules resume ID` */
export const schedulesResume: ApiVerb = {
  needs: 'temporal',
  describe: (command) =>
    command
      .description('Resume a paused schedule')
      .argument('<id>', 'schedule id')
      .option('--note <text>', 'why', 'resumed by an operator')
      .addHelpText('after', '\nExample:\n  $ reos schedules resume email_campaign'),
  async ask({ api, output }, [id], options) {
    const params = { path: { dag_id: String(id) } };
    await take(api.POST('/api/v1/schedules/{dag_id}/resume', { params, body: { note: String(options.note) } }));
    output.answer({ dag_id: id, resumed: true }, `${id}: resumed`);
  },
};

/** `reos schedules trigger ID` */
export const schedulesTrigger: ApiVerb = {
  needs: 'temporal',
  describe: (command) =>
    command
      .description('Run a schedule once, now')
      .argument('<id>', 'schedule id')
      .addHelpText('after', '\nExample:\n  $ reos schedules trigger sys_heartbeat'),
  async ask({ api, output }, [id]) {
    const params = { path: { dag_id: String(id) } };
    const { dag_run_id: runId } = await take(api.POST('/api/pipelines/dags/{dag_id}/trigger', { params }));
    output.answer({ dag_id: id, dag_run_id: runId }, `${id}: triggered, run ${runId}`);
  },
};

/** `reos schedules backfill ID --from --to` */
export const schedulesBackfill: ApiVerb = {
  needs: 'temporal',
  describe: (command) =>
    command
      .description('Run a schedule for a past span of time, as if it had been due')
      .argument('<id>', 'schedule id')
      .requiredOption('--from <time>', 'ISO 8601')
      .requiredOption('--to <time>', 'ISO 8601')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos schedules backfill score_master --from 2026-11-01T00:00:00Z --to 2026-11-02T00:00:00Z',
      ),
  async ask({ api, output }, [id], options) {
    const [from, to] = [timeOf('--from', options.from), timeOf('--to', options.to)];
    if (from >= to) throw new ReosError('validation', '--from must be before --to.');
    const params = { path: { dag_id: String(id) } };
    await take(api.POST('/api/v1/schedules/{dag_id}/backfill', { params, body: { from, to } }));
    output.answer({ dag_id: id, backfilled: true }, `${id}: backfilled`);
  },
};

function timeOf(option: string, value: unknown): string {
  const time = new Date(String(value));
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new ReosError('validation', `${option}: '${String(value)}' is not an ISO 8601 time.`);
}
