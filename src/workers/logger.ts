import { DefaultLogger, type LogLevel } from '@temporalio/worker';
import type { Logger } from 'pino';

const METHODS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Temporal's log lines among ours. */
export function temporalLogger(logger: Logger): DefaultLogger {
  return new DefaultLogger('WARN', ({ level, message, meta }) => {
    // A worker for activities alone is meant to be one.
    if (message.startsWith('No workflows registered')) return;
    const { error, ...rest } = meta ?? {};
    logger[METHODS[level]](error instanceof Error ? { ...rest, err: error } : { ...meta }, message);
  });
}
