import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message that the receiver got. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

export interface Receiver {
  /** Scheme, host and port. */
  origin: string;
  got: Received[];
  /** What the next messages are answered with; 204 by default. */
  answer: (message: Received) => { status: number; headers?: Record<string, string>; body?: string; holdMs?: number };
  close(): Promise<void>;
}

/** A real HTTP server on the loopback interface that keeps what it gets. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    origin: '',
    got: [],
    answer: () => ({ status: 204 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      at: Date.now(),
    };
    receiver.got.push(message);
    const { status, headers = {}, body = '', holdMs = 0 } = receiver.answer(message);
    setTimeout(() => {
      response.writeHead(status, headers);
      response.end(body);
    }, holdMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
