import { table } from './output.ts';

const WIDE = 60;

/** A tool's answer as a person reads it: figures line by line, lists of things as tables, notes at the end. */
export function toolText(answer: Readonly<Record<string, unknown>>): string {
  const plain: string[] = [];
  const blocks: string[] = [];
  for (const [key, value] of Object.entries(answer)) {
    if (key === 'notes') continue;
    if (isListOfObjects(value)) blocks.push(`${words(key)}\n${tableOf(value)}`);
    else if (isObject(value)) plain.push(...Object.entries(value).map(([name, of]) => line(`${key} ${name}`, of)));
    else plain.push(line(key, value));
  }
  const notes = Array.isArray(answer.notes) ? answer.notes.map((note) => `note: ${String(note)}`) : [];
  return [...plain, ...blocks.map((block) => `\n${block}`), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

const words = (key: string) => key.replaceAll('_', ' ');

const line = (key: string, value: unknown) => `${words(key)}: ${cell(value)}`;

function tableOf(rows: ReadonlyArray<Record<string, unknown>>): string {
  if (rows.length === 0) return '(none)';
  // What a line cannot hold is in the JSON.
  const columns = Object.keys(rows[0]!).filter((key) =>
    rows.some((row) => !isObject(row[key]) && !isListOfObjects(row[key])),
  );
  return table(
    rows.map((row) => Object.fromEntries(columns.map((key) => [words(key), cell(row[key])]))),
    columns.map(words),
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) {
    if (value.length === 0) return '(none)';
    const text = value.map((part) => (isObject(part) ? JSON.stringify(part) : cell(part))).join('; ');
    return text.length > WIDE ? `${text.slice(0, WIDE - 1)}…` : text;
  }
  return isObject(value) ? JSON.stringify(value) : String(value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfObjects = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject);
