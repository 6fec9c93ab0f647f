import { ReosError } from '../../domain/errors.ts';
import type { ApiVerb } from '../main.ts';
import { checkId, wholeNumber } from './lifecycle.ts';

/** `reos events tail`: events as they happen, one a line, until Ctrl-C. */
export const eventsTail: ApiVerb = {
  needs: 'events',
  describe: (command) =>
    command
      .description('Show events as they happen, one a line, until Ctrl-C; a broken connection is taken up again')
      .option('--property <id>', 'of one property')
      .option('--after <id>', 'go on after this event')
      .option('--limit <n>', 'end after so many events')
      .option('--seconds <n>', 'end after this time')
      .addHelpText('after', '\nExample:\n  $ reos events tail --property 4f7c… --json'),
  async ask({ events, output }, _args, options) {
    const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--limit', options.limit);
    const seconds = options.seconds === undefined ? null : wholeNumber('--seconds', options.seconds);
    const end = new AbortController();
    const stop = () => end.abort();
    const timer = seconds === null ? undefined : setTimeout(stop, seconds * 1_000);
    process.once('SIGINT', stop);
    try {
      let seen = 0;
      const of = {
        signal: end.signal,
        ...(options.property === undefined ? {} : { propertyId: checkId(String(options.property)) }),
        ...(options.after === undefined ? {} : { lastEventId: placeOf(options.after) }),
      };
      for await (const { id, event, data } of events(of)) {
        if (event === 'ready') {
          output.progress(`Listening from ${id}. Ctrl-C ends it.`);
          continue;
        }
        if (event === 'resync') output.progress('That place is unknown or too far back: read the state anew.');
        output.answer({ id, event, data }, `${id}  ${event}  ${JSON.stringify(data)}`);
        seen += 1;
        if (seen >= limit) return;
      }
    } finally {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      end.abort();
    }
  },
};

function placeOf(value: unknown): string {
  if (/^[0-9]{1,20}-[0-9]{1,16}$/.test(String(value))) return String(value);
  throw new ReosError('validation', `--after: '${String(value)}' is no event's id such as 7341-52.`);
}
