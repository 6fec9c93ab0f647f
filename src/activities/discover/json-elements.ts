import type { Readable } from 'node:stream';
import { ReosError } from '../../domain/errors.ts';
import { MAX_RECORD_BYTES } from './file-scan.ts';

/** Text of one element and the line (from 1) it starts on. */
export interface JsonElement {
  text: string;
  line: number;
}

/** Keys whose array holds the records of a document. */
const CONTAINERS = new Set([
  'items',
  'data',
  'results',
  'value',
  'features',
  'records',
  'listings',
  'properties',
  'rows',
]);

/**
 * Splits JSON into its records without holding the document: elements of a top-level array, of the first array under a
 * container key (`items`, `data`, `results`, `value`, `features` …; at any depth reached through container keys), or
 * the top-level values of JSON lines. Only an element is held at a time (1 MiB at most).
 * @throws ReosError `validation` naming file and line: an element too long, a document that ends in its middle
 */
export async function* readJsonElements(text: Readable, file: string): AsyncGenerator<JsonElement> {
  const stack: Array<{ array: boolean; records: boolean; key: string }> = [];
  let element = '';
  let elementDepth = -1;
  let elementLine = 1;
  let line = 1;
  let inString = false;
  let escaped = false;
  /** A value among the records that is neither object nor list: handed on too, so that it is not lost. */
  let loose = '';
  let lastString = '';
  let key = '';
  const fail = (message: string, at = line) =>
    new ReosError('validation', `${file}:${at}: ${message}`, { details: { file, line: at } });

  for await (const chunk of text as AsyncIterable<string>) {
    for (const char of chunk) {
      if (char === '\n') line += 1;
      const inElement = elementDepth >= 0;
      if (inElement) element += char;
      if (element.length > MAX_RECORD_BYTES || loose.length > MAX_RECORD_BYTES)
        throw fail('the record that starts here is longer than 1 MiB.', elementLine);
      if (inString) {
        if (escaped) escaped = false;
        else if (char === '\\') escaped = true;
        else if (char === '"') inString = false;
        else if (!inElement && lastString.length < 64) lastString += char;
        if (loose !== '') loose += char;
        continue;
      }
      const top = stack.at(-1);
      if (!inElement && top?.records === true) {
        if (char !== ',' && char !== ']' && (loose !== '' || !/[\s{[]/.test(char))) {
          if (loose === '') elementLine = line;
          loose += char;
        } else if (loose !== '' && (char === ',' || char === ']')) {
          yield { text: loose.trim(), line: elementLine };
          loose = '';
        }
      }
      if (char === '"') {
        inString = true;
        lastString = '';
      } else if (char === ':') {
        key = lastString;
      } else if (char === '{' || char === '[') {
        const isRecord = !inElement && top?.records === true;
        if (isRecord) {
          elementDepth = stack.length;
          element = char;
          elementLine = line;
        }
        const opensRecords =
          char === '[' && !inElement && !isRecord && (top === undefined || (!top.array && CONTAINERS.has(key)));
        stack.push({ array: char === '[', records: opensRecords, key });
      } else if (char === '}' || char === ']') {
        const closed = stack.pop();
        if (closed === undefined || closed.array !== (char === ']'))
          throw fail(`"${char}" closes nothing that is open.`);
        if (stack.length === elementDepth) {
          yield { text: element, line: elementLine };
          element = '';
          elementDepth = -1;
        }
      }
    }
  }
  if (stack.length > 0 || inString) throw fail('the document ends before it is complete; the file is cut off.');
}

/** Splits JSON lines: one value per line. */
export async function* readJsonLines(text: Readable, file: string): AsyncGenerator<JsonElement> {
  let rest = '';
  let line = 1;
  for await (const chunk of text as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (part.trim() !== '') yield { text: part.trim(), line };
      line += 1;
    }
    if (rest.length > MAX_RECORD_BYTES) {
      throw new ReosError('validation', `${file}:${line}: the line is longer than 1 MiB.`, { details: { file, line } });
    }
  }
  if (rest.trim() !== '') yield { text: rest.trim(), line };
}
