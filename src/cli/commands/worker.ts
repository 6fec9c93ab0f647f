import { ReosError } from '../../domain/errors.ts';
import { TASK_QUEUES, type TaskQueue } from '../../domain/task-queues.ts';
import { createLogger } from '../../logger.ts';
import type { Verb } from '../main.ts';

/** `reos worker`: Temporal workers for some or all task queues, in front. */
export const worker: Verb = {
  localOnly: 'It runs workers: run it where the installation is.',
  describe: (command) =>
    command
      .description(
        'Run Temporal workers, in front; needs DATABASE_URL and TEMPORAL_ADDRESS (reos up runs them for you)',
      )
      .option(
        '--queues <names>',
        `comma-separated: ${Object.keys(TASK_QUEUES).join(', ')}`,
        Object.keys(TASK_QUEUES).join(','),
      )
      .option('--health-port <port>', 'answer /health on this loopback port')
      .addHelpText('after', '\nExample:\n  $ reos worker --queues render --health-port 9464'),
  async run({ settings }, _args, options) {
    const queues = String(options.queues)
      .split(',')
      .map((name) => name.trim());
    const unknown = queues.find((name) => !(name in TASK_QUEUES));
    if (unknown !== undefined) {
      throw new ReosError(
        'validation',
        `--queues: there is no task queue '${unknown}'. Known: ${Object.keys(TASK_QUEUES).join(', ')}.`,
      );
    }
    const stopping = new AbortController();
    process.once('SIGTERM', () => stopping.abort());
    process.once('SIGINT', () => stopping.abort());
    const { runWorkers } = await import('../../workers/main.ts');
    await runWorkers(settings, {
      queues: queues as TaskQueue[],
      healthPort: options.healthPort === undefined ? undefined : Number(options.healthPort),
      logger: createLogger(settings.logLevel, 'worker'),
      signal: stopping.signal,
    });
  },
};
