import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How much of a refused body is still taken, bytes, so that a client that sends first and reads then gets to read. */
const TAKEN_BYTES = 1024 * 1024;
/** How long a client has to read its answer before the connection is cut, milliseconds. */
const LINGER_MS = 1_000;
const LOOK_EVERY_MS = 20;

/**
 * Lets the answer to a body arrive that was refused before it was read: the answer says `Connection: close`, a
 * little more of the body is taken, and the connection is half-closed first and cut later.
 */
export function lingerAfterRefusals(server: Server): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(request)) return;
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
    const closing = (...args: unknown[]) => {
      if (!request.complete) {
        response.setHeader('Connection', 'close');
        const { socket } = request;
        socket.destroySoon = () => linger(socket);
      }
      return writeHead(...args);
    };
    response.writeHead = closing as typeof response.writeHead;
  });
}

/** Without a body there is nothing to wait for, whether or not the parser has said so yet. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const lingering = new WeakSet<Socket>();

/**
 * Half-closes a connection behind its answer and cuts it later, a little of what still comes taken meanwhile. Closed at once,
 * the unread rest would make the system throw the answer away.
 */
export function linger(socket: Socket): void {
  if (lingering.has(socket)) return;
  lingering.add(socket);
  const before = socket.bytesRead;
  const look = setInterval(() => {
    if (socket.bytesRead - before > TAKEN_BYTES) socket.pause();
  }, LOOK_EVERY_MS);
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => {
    clearInterval(look);
    clearTimeout(cut);
  });
  socket.end();
}
