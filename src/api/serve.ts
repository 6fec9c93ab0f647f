import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { ReosError } from '../domain/errors.ts';
import { lingerAfterRefusals } from './linger.ts';
import type { ApiEnv } from './problem.ts';
import { answerUnread } from './unread.ts';

/** A listening API. */
export interface RunningApi {
  /** Such as `http://127.0.0.1:8080`. */
  url: string;
  port: number;
  /** Stops listening, lets running requests end for up to 5 s, then cuts them. */
  close(): Promise<void>;
}

/** Where the API listens, and how long a client may take. */
export interface ServeOptions {
  port: number;
  host: string;
  /** For a request's head, milliseconds; default 10,000. Whoever is slower is cut off with 408. */
  headersTimeoutMs?: number;
  /** For a whole request, milliseconds; default 30,000. */
  requestTimeoutMs?: number;
}

const CLOSE_GRACE_MS = 5_000;

/**
 * Serves the API. Port 0 takes any free one.
 * @throws ReosError `conflict` when the port is taken, `forbidden` when it may not be opened
 */
export async function serveApi(app: Hono<ApiEnv>, options: ServeOptions): Promise<RunningApi> {
  const server = await listen(app, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, port, close: () => close(server) };
}

function listen(
  app: Hono<ApiEnv>,
  { port, host, headersTimeoutMs = 10_000, requestTimeoutMs = 30_000 }: ServeOptions,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: app.fetch,
      port,
      hostname: host,
      serverOptions: {
        headersTimeout: headersTimeoutMs,
        requestTimeout: requestTimeoutMs,
        // How often the two are looked at.
        connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
      },
    }) as Server;
    lingerAfterRefusals(server);
    answerUnread(server);
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): unknown {
  if (error.code === 'EADDRINUSE') {
    return new ReosError(
      'conflict',
      `Port ${port} on ${host} is taken by another program. Set REOS_API_PORT to a free one.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new ReosError(
      'forbidden',
      `Port ${port} on ${host} may not be opened by this user. Set REOS_API_PORT to one above 1023.`,
      { cause: error },
    );
  }
  return error;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
