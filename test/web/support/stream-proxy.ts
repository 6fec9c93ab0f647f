import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of the dashboard whose streams of events can fall silent while everything else goes on. */
export interface StreamProxy {
  url: string;
  /** How many streams were opened. */
  streams(): number;
  /** From now on nothing comes through the streams that are open now; they stay open. */
  silence(): void;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function startStreamProxy(target: string): Promise<StreamProxy> {
  let opened = 0;
  let silentUpTo = 0;
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const isStream = incoming.url?.startsWith('/api/v1/events') === true;
    if (isStream) opened += 1;
    const own = opened;
    const ahead = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('data', (chunk: Buffer) => {
          if (!isStream || own > silentUpTo) outgoing.write(chunk);
        });
        answer.on('end', () => outgoing.end());
        answer.on('error', () => outgoing.destroy());
      },
    );
    ahead.on('error', () => outgoing.destroy());
    outgoing.on('close', () => ahead.destroy());
    incoming.pipe(ahead);
  };
  const server = createServer(forward);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streams: () => opened,
    silence: () => {
      silentUpTo = opened;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
