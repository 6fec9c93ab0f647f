import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake does with one request. Those named `accept…` have taken the message. */
export type Fault =
  | 'none'
  | 'slow_down'
  | 'server_error'
  | 'refuse'
  | 'accept_then_hang'
  | 'accept_then_502'
  | 'accept_then_reset'
  | 'reset'
  | 'redirect';

/** One post that arrived. */
export interface FakePost {
  sendId: string;
  /** What it met. */
  fault: Fault;
  /** When, in ms since 1970. */
  at: number;
  headers: IncomingMessage['headers'];
  body: MailBody;
}

export interface FakeSendGrid {
  url: string;
  /** Every accepted post, in order: a send id that is here twice was sent twice. */
  accepted: string[];
  /** Every post that arrived, accepted or not. */
  posts: FakePost[];
  close(): Promise<void>;
}

/** The parts of SendGrid's v3 mail/send body that tests look at. */
export interface MailBody {
  from: { email: string; name?: string };
  reply_to?: { email: string };
  subject: string;
  personalizations: { to: { email: string }[]; custom_args?: { send_id?: string } }[];
  custom_args?: { send_id?: string };
  headers?: Record<string, string>;
  content: { type: string; value: string }[];
  attachments?: { filename: string; content: string; type: string }[];
}

/**
 * An HTTP server that behaves as POST /v3/mail/send does, with its own ledger.
 * @param faultFor which fault meets the n-th post (from 0) of a send
 * @param options what a 429 asks for (default 7 s), and how long the answer to a post takes (default: at once)
 */
export async function startFakeSendGrid(
  faultFor: (sendId: string, n: number) => Fault = () => 'none',
  options: { retryAfterSeconds?: number; answerAfterMs?: (sendId: string, n: number) => number } = {},
): Promise<FakeSendGrid> {
  const accepted: string[] = [];
  const posts: FakePost[] = [];
  const postsOf = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });

  function answer(request: IncomingMessage, response: ServerResponse, raw: Buffer): void {
    if (request.method !== 'POST' || request.url !== '/v3/mail/send') {
      response.writeHead(404).end();
      return;
    }
    if (request.headers.authorization !== 'Bearer SG.test-key') {
      problem(response, 401, 'The provided authorization grant is invalid, expired, or revoked');
      return;
    }
    const body = JSON.parse(raw.toString('utf8')) as MailBody;
    const sendId = body.custom_args?.send_id ?? body.personalizations[0]?.custom_args?.send_id ?? '';
    const n = postsOf.get(sendId) ?? 0;
    postsOf.set(sendId, n + 1);
    const fault = faultFor(sendId, n);
    posts.push({ sendId, fault, at: Date.now(), headers: request.headers, body });
    if (fault === 'none' || fault.startsWith('accept')) accepted.push(sendId);
    const messageId = `message-${accepted.length}`;
    const waitMs = options.answerAfterMs?.(sendId, n) ?? 0;
    if (waitMs > 0) setTimeout(() => meet(fault, messageId, request, response), waitMs);
    else meet(fault, messageId, request, response);
  }

  function meet(fault: Fault, messageId: string, request: IncomingMessage, response: ServerResponse): void {
    switch (fault) {
      case 'none':
        response.writeHead(202, { 'X-Message-Id': messageId }).end();
        return;
      case 'slow_down':
        response.setHeader('Retry-After', String(options.retryAfterSeconds ?? 7));
        problem(response, 429, 'too many requests');
        return;
      case 'server_error':
        problem(response, 500, 'internal error');
        return;
      case 'refuse':
        problem(response, 400, 'Does not contain a valid address.', 'personalizations.0.to.0.email');
        return;
      case 'accept_then_502':
        problem(response, 502, 'bad gateway');
        return;
      case 'redirect':
        response.writeHead(302, { Location: 'http://127.0.0.1:9/v3/mail/send' }).end();
        return;
      case 'accept_then_reset':
      case 'reset':
        request.socket.resetAndDestroy();
        return;
      case 'accept_then_hang':
        return;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    accepted,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function problem(response: ServerResponse, status: number, message: string, field: string | null = null): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ message, field, help: null }] }));
}
