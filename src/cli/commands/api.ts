import { createLogger } from '../../logger.ts';
import type { Verb } from '../main.ts';

/** `reos api`: the HTTP API and the relay of signals, in front. */
export const api: Verb = {
  localOnly: 'It serves the API: run it where the installation is.',
  describe: (command) =>
    command
      .description('Run the HTTP API, in front; needs DATABASE_URL and TEMPORAL_ADDRESS (reos up runs it for you)')
      .addHelpText('after', '\nExample:\n  $ REOS_API_PORT=8080 reos api'),
  async run({ settings }) {
    const { runApi } = await import('../../workers/api.ts');
    const logger = createLogger(settings.logLevel, 'api', { flushMs: 100 });
    const running = await runApi(settings, logger);
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
    });
    await running.close();
  },
};
