import { createServer } from 'node:net';
import { ReosError } from '../domain/errors.ts';

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
  const chosen = (await tryPort(preferred, host)) ?? (await tryPort(0, host));
  if (chosen === null) {
    throw new ReosError('missing_part', `No port can be opened on ${host}. Check that the loopback interface is up.`);
  }
  return chosen;
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
