import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { linger } from './linger.ts';

const ANSWERS: Record<string, { status: number; code: string; title: string; detail: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'payload_too_large',
    title: 'Too large',
    detail: 'Address and headers are longer than 16 kB together. Ask in parts, or send lists in a body.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'transient',
    title: 'Too slow',
    detail: 'The request did not arrive in time. Send it again.',
  },
};
const NO_REQUEST = {
  status: 400,
  code: 'validation',
  title: 'The request is wrong',
  detail: 'This is no HTTP request.',
};

/** Answers what never became a request as every other error is answered: as problem+json, where Node's own has no body. */
export function answerUnread(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const { status, ...answer } = ANSWERS[error.code ?? ''] ?? NO_REQUEST;
    const body = JSON.stringify({ type: 'about:blank', status, ...answer, request_id: randomUUID() });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.resume();
    linger(socket);
  });
}
