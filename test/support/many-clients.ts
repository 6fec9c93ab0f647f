import { Worker } from 'node:worker_threads';

/** An answer as one of many clients got it. */
export interface ClientAnswer {
  status: number;
  /** Status line and headers. */
  head: string;
  /** From when the request was written until its answer was there, milliseconds. */
  ms: number;
}

// A thread of its own: what it takes to ask so often must not slow down the server that answers.
const CLIENTS = `
const { connect } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const { port, count, text } = workerData;
const open = () => new Promise((resolve, reject) => {
  const socket = connect(port, '127.0.0.1', () => resolve(socket));
  socket.on('error', reject);
});
const ask = (socket) => new Promise((resolve) => {
  const writtenAt = performance.now();
  let answer = '';
  socket.write(text);
  const end = () => {
    socket.destroy();
    const head = answer.split('\\r\\n\\r\\n')[0];
    resolve({ status: Number(answer.slice(9, 12)), head, ms: performance.now() - writtenAt });
  };
  socket.on('data', (data) => {
    answer += data;
    if (answer.includes('\\r\\n\\r\\n') && answer.trimEnd().endsWith('}')) end();
  });
  socket.on('close', end);
});
Promise.all(Array.from({ length: count }, open))
  .then((sockets) => Promise.all(sockets.map(ask)))
  .then((answers) => parentPort.postMessage(answers));
`;

/** Opens so many connections to this machine, then asks the same on all of them at once. Status 0: cut off unanswered. */
export function askAtOnce(
  port: number,
  count: number,
  { path, headers }: { path: string; headers: Readonly<Record<string, string>> },
): Promise<ClientAnswer[]> {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(CLIENTS, { eval: true, workerData: { port, count, text } });
    worker.once('message', (answers: ClientAnswer[]) => {
      resolve(answers);
      worker.terminate().catch(reject);
    });
    worker.once('error', reject);
  });
}
