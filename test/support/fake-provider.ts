import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake provider does with one request. Those named `accept…` have taken the message. */
export type ProviderFault =
  | 'none'
  | 'slow_down'
  | 'server_error'
  | 'refuse'
  | 'request_timeout'
  | 'accept_then_hang'
  | 'accept_then_502'
  | 'reset'
  | 'redirect'
  | 'redirect_here'
  | 'nonsense';

/** One request as it arrived. */
export interface ProviderRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  raw: string;
}

/** A loopback HTTP server that answers as told and can be closed with what hangs on it. */
export async function startProvider(
  answer: (request: ProviderRequest, response: ServerResponse, socket: IncomingMessage['socket']) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      answer({ method, path, headers, raw: Buffer.concat(chunks).toString('utf8') }, response, request.socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}
