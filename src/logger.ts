import pino, { type Logger } from 'pino';

/**
 * JSON log lines on stderr, so that stdout holds answers alone. Known secret fields are cut out.
 * @param options.flushMs lines are gathered so long at most and written together: for a process that writes one with every
 *   request. Default: each is written at once.
 */
export function createLogger(level: string, name: string, options: { flushMs?: number } = {}): Logger {
  const { flushMs } = options;
  return pino(
    {
      level,
      name,
      redact: ['*.password', '*.apiKey', '*.secret', '*.authorization', '*.databaseUrl', 'headers.authorization'],
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination(
      flushMs === undefined
        ? { dest: 2, sync: true }
        : { dest: 2, sync: false, minLength: 8_192, periodicFlush: flushMs },
    ),
  );
}
