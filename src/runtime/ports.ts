import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReosError } from '../domain/errors.ts';
import { acquireLock } from './lock-file.ts';

/** True when nothing listens on host:port and we may listen there. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return tryPort(port, host).then((chosen) => chosen !== null);
}

/**
 * The preferred port when it is free, else any free one. Another process can still take it before the part listens;
 * the supervisor then reports the refusal.
 * @param preferred 0 means "any free port"
 */
export async function choosePort(preferred: number, host = '127.0.0.1'): Promise<number> {
  const chosen = (preferred === 0 ? null : await claimPort(preferred, host)) ?? (await claimAnyPort(host));
  if (chosen === null) {
    throw new ReosError('missing_part', `No port can be opened on ${host}. Check that the loopback interface is up.`);
  }
  return chosen;
}

/** Ports this process has claimed: it may choose them again. */
const claimed = new Set<number>();

/**
 * The port when it is free and no other process of ours means to open it: between choosing a port and its part listening
 * there lie seconds in which a second start would choose the same.
 */
async function claimPort(preferred: number, host: string): Promise<number | null> {
  const port = await tryPort(preferred, host);
  if (port === null || claimed.has(port)) return port;
  const user = process.getuid?.() ?? 'user';
  try {
    await acquireLock(join(tmpdir(), `reos-ports-${user}`, `${port}.lock`), { what: `Port ${port}`, waitMs: 0 });
  } catch (error) {
    if (error instanceof ReosError && error.code === 'conflict') return null;
    throw error;
  }
  claimed.add(port);
  return port;
}

/**
 * Where free ports are looked for: below the ranges from which Linux (32768 up), macOS and Windows (49152 up) give
 * outgoing connections theirs. A port of those ranges can be taken by any connection while its part is down for a restart.
 */
export const portRange = { first: 12_000, last: 31_999 } as const;

async function claimAnyPort(host: string): Promise<number | null> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = await claimPort(randomInt(portRange.first, portRange.last + 1), host);
    if (port !== null) return port;
  }
  return null;
}

/** Different free ports, one for each preference, in order: a port is never given twice in one call. */
export async function choosePorts(preferences: number[], host = '127.0.0.1'): Promise<number[]> {
  const chosen: number[] = [];
  for (const preferred of preferences) {
    let port = await choosePort(chosen.includes(preferred) ? 0 : preferred, host);
    while (chosen.includes(port)) port = await choosePort(0, host);
    chosen.push(port);
  }
  return chosen;
}

function tryPort(port: number, host: string): Promise<number | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(null));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address ? address.port : null;
      server.close(() => done(chosen));
    });
  });
}
