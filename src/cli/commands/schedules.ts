import { type Client, ScheduleNotFoundError, type ScheduleOverlapPolicy } from '@temporalio/client';
import { reconcileSchedules } from '../../client/reconcile.ts';
import { declareSchedules } from '../../client/schedules.ts';
import { ReosError } from '../../domain/errors.ts';
import { type CommandContext, type OpenSystem, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';

/** `reos schedules apply`: the server's schedules as declared. */
export const schedulesApply: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Create, change and remove schedules so that they are as declared; pauses stay')
      .option('--dry-run', 'only say what would change')
      .addHelpText('after', '\nExample:\n  $ reos schedules apply --dry-run'),
  run: (context, _args, options) =>
    withSchedules(context, async (client, system) => {
      const declared = declareSchedules((await system.counties()).all);
      const changes = await reconcileSchedules(client, declared, options.dryRun === true);
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
export const schedulesList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List schedules with their next run and pauses')
      .addHelpText('after', '\nExample:\n  $ reos schedules list --json'),
  run: (context) =>
    withSchedules(context, async (client, system) => {
      const declared = declareSchedules((await system.counties()).all);
      const schedules = await Promise.all(
        declared.map((declaration) => describe(client, declaration.id, declaration.cron, declaration.timeZone)),
      );
      const rows = schedules.map((row) => ({ ...row, next: row.next_run ?? '', last: row.last_run ?? '' }));
      context.output.answer({ schedules }, table(rows, ['id', 'state', 'cron', 'time_zone', 'next', 'last', 'note']));
    }),
};

async function describe(client: Client, id: string, cron: string, timeZone: string) {
  try {
    const found = await client.schedule.getHandle(id).describe();
    return {
      id,
      state: found.state.paused ? 'paused' : 'active',
      cron,
      time_zone: timeZone,
      overlap: found.policies.overlap,
      next_run: found.info.nextActionTimes[0]?.toISOString() ?? null,
      last_run: found.info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
      runs: found.info.numActionsTaken,
      note: found.state.note ?? null,
    };
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    const note = 'declared, not on the server: reos schedules apply';
    return {
      id,
      state: 'missing',
      cron,
      time_zone: timeZone,
      overlap: null,
      next_run: null,
      last_run: null,
      runs: 0,
      note,
    };
  }
}

/** `reos schedules pause ID` */
export const schedulesPause: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Pause a schedule; it stays paused when schedules are applied again')
      .argument('<id>', 'schedule id')
      .option('--note <text>', 'why', 'paused by an operator')
      .addHelpText('after', '\nExample:\n  $ reos schedules pause email_campaign --note "holiday"'),
  run: (context, [id], options) =>
    act(context, id!, 'paused', (client) => client.schedule.getHandle(id!).pause(String(options.note))),
};

/** `reos schedules resume ID` */
export const schedulesResume: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Resume a paused schedule')
      .argument('<id>', 'schedule id')
      .option('--note <text>', 'why', 'resumed by an operator')
      .addHelpText('after', '\nExample:\n  $ reos schedules resume email_campaign'),
  run: (context, [id], options) =>
    act(context, id!, 'resumed', (client) => client.schedule.getHandle(id!).unpause(String(options.note))),
};

/** `reos schedules trigger ID` */
export const schedulesTrigger: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Run a schedule once, now')
      .argument('<id>', 'schedule id')
      .addHelpText('after', '\nExample:\n  $ reos schedules trigger sys_heartbeat'),
  run: (context, [id]) => act(context, id!, 'triggered', (client) => client.schedule.getHandle(id!).trigger()),
};

/** `reos schedules backfill ID --from --to` */
export const schedulesBackfill: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  run: (context, [id], options) => {
    const [start, end] = [timeOf('--from', options.from), timeOf('--to', options.to)];
    if (start >= end) throw new ReosError('validation', '--from must be before --to.');
    const overlap: ScheduleOverlapPolicy = 'BUFFER_ALL';
    return act(context, id!, 'backfilled', (client) =>
      client.schedule.getHandle(id!).backfill({ start, end, overlap }),
    );
  },
};

async function act(
  context: CommandContext,
  id: string,
  done: string,
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  await withSchedules(context, async (client) => {
    try {
      await work(client);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      throw new ReosError('not_found', `There is no schedule '${id}' on the server. See: reos schedules list`, {
        cause: error,
      });
    }
    context.output.answer({ id, [done]: true }, `${id}: ${done}`);
  });
}

function withSchedules(
  context: CommandContext,
  work: (client: Client, system: OpenSystem) => Promise<void>,
): Promise<void> {
  return useSystem(context, { services: false }, async (system) => work(await system.temporal(), system));
}

function timeOf(option: string, value: unknown): Date {
  const time = new Date(String(value));
  if (Number.isNaN(time.getTime()))
    throw new ReosError('validation', `${option}: '${String(value)}' is not an ISO 8601 time.`);
  return time;
}
