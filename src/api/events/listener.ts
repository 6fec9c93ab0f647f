import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

/** Hears that something was written. It only saves waiting: whoever listens also looks by itself. */
export interface Listener {
  stop(): Promise<void>;
}

const RECONNECT_MS = 1_000;

/**
 * Listens on a connection of its own (never through a pooler in transaction mode). `wake` gets what was said; without a
 * text the connection is new, or was lost and made again: what was said before was missed.
 */
export function listen(deps: {
  url: string;
  logger: Logger;
  channel: string;
  wake: (text?: string) => void;
}): Listener {
  const stopping = new AbortController();
  const done = keepListening(deps, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

async function keepListening(
  deps: { url: string; logger: Logger; channel: string; wake: (text?: string) => void },
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    const client = new pg.Client({
      connectionString: deps.url,
      application_name: 'reos listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    try {
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        stopping.addEventListener('abort', () => resolve(), { once: true });
      });
      await client.connect();
      client.on('notification', ({ payload }) => deps.wake(payload ?? ''));
      await client.query(`LISTEN ${client.escapeIdentifier(deps.channel)}`);
      deps.wake();
      await lost;
    } catch (error) {
      deps.logger.warn({ err: error }, 'the connection that listens for events was not made; it is tried again');
    }
    await client.end().catch((error: unknown) => deps.logger.debug({ err: error }, 'a lost connection was closed'));
    if (!stopping.aborted) {
      await sleep(RECONNECT_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
