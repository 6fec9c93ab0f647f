import pino, { type Logger } from 'pino';

/** JSON log lines on stderr, so that stdout holds answers alone. Known secret fields are cut out. */
export function createLogger(level: string, name: string): Logger {
  return pino(
    {
      level,
      name,
      redact: ['*.password', '*.apiKey', '*.secret', '*.authorization', '*.databaseUrl', 'headers.authorization'],
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
