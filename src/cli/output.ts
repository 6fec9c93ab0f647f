import { SingleBar } from 'cli-progress';
import { messageOf, ReosError } from '../domain/errors.ts';
import { ApiProblem } from '../sdk/client.ts';

/** Where a command's words go: its one answer to stdout, everything else to stderr. */
export interface Output {
  json: boolean;
  /** The answer: the object with --json, the text otherwise. */
  answer(object: Record<string, unknown>, text: string): void;
  /** A line about what is going on. */
  progress(message: string): void;
  /** A bar on a terminal, a plain line each tenth elsewhere. */
  bar(label: string): ProgressBar;
  /** An error, as a person or a program reads it. */
  problem(error: unknown): void;
}

export interface ProgressBar {
  update(done: number, total: number, note?: string): void;
  stop(): void;
}

export interface Streams {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

/** The output of one invocation. */
export function createOutput(streams: Streams, json: boolean): Output {
  const line = (text: string) => streams.stderr.write(`${text}\n`);
  return {
    json,
    answer: (object, text) => streams.stdout.write(json ? `${JSON.stringify(object)}\n` : `${text}\n`),
    progress: line,
    bar: (label) => (streams.stderr.isTTY === true && !json ? terminalBar(label) : plainBar(line, label)),
    problem: (error) => {
      if (json) streams.stdout.write(`${JSON.stringify({ error: problemOf(error) })}\n`);
      else line(`error: ${messageOf(error)}`);
      const isForeseen = error instanceof ReosError || error instanceof ApiProblem;
      if (!isForeseen && error instanceof Error && error.stack) line(error.stack);
    },
  };
}

/** Exit codes: 2 for input that is wrong, 3 for a part that is missing, 4 for something not found, 1 for the rest. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof ReosError) && !(error instanceof ApiProblem)) return 1;
  if (error.code === 'validation') return 2;
  if (error.code === 'missing_part') return 3;
  return error.code === 'not_found' ? 4 : 1;
}

function problemOf(error: unknown): Record<string, unknown> {
  if (error instanceof ApiProblem) {
    const { code, message, status, requestId, field, errors } = error;
    const fields = { ...(field === undefined ? {} : { field }), ...(errors.length === 0 ? {} : { errors }) };
    return { code, message, details: { status, request_id: requestId, ...fields } };
  }
  const code = error instanceof ReosError ? error.code : 'internal';
  return { code, message: messageOf(error), ...(error instanceof ReosError ? { details: error.details } : {}) };
}

function terminalBar(label: string): ProgressBar {
  const bar = new SingleBar({
    format: `${label.padEnd(12)} {bar} {value}/{total} {note}`,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  });
  bar.start(1, 0, { note: '' });
  return {
    update: (done, total, note = '') => {
      bar.setTotal(total);
      bar.update(done, { note });
    },
    stop: () => bar.stop(),
  };
}

function plainBar(line: (text: string) => unknown, label: string): ProgressBar {
  let said = -1;
  return {
    update: (done, total, note = '') => {
      const tenth = total === 0 ? 10 : Math.floor((done / total) * 10);
      if (tenth === said) return;
      said = tenth;
      line(`${label}: ${done}/${total}${note === '' ? '' : ` (${note})`}`);
    },
    stop: () => undefined,
  };
}

/** A table of text columns, each as wide as it needs to be. */
export function table(rows: ReadonlyArray<Readonly<Record<string, unknown>>>, columns: readonly string[]): string {
  const cells = rows.map((row) => columns.map((name) => String(row[name] ?? '')));
  const widths = columns.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length), 0));
  const render = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [render(columns), ...cells.map(render)].join('\n');
}

export { publicShape } from '../domain/public-shape.ts';
