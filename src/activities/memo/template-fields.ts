import mustache from 'mustache';
import { messageOf } from '../../domain/errors.ts';
import { buildMemoModel } from '../../domain/memo/model.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';
import { MEMO_SECTION_KEYS } from '../../domain/memo/sections.ts';
import { nearestWord } from '../discover/nearest-word.ts';

/** What is wrong with a template, and on which line of it (1 is the first; null for the whole). */
export interface TemplateProblem {
  line: number | null;
  text: string;
}

/** A template's mustache tags: fields it demands a value of, and what is wrong with it. */
export interface TemplateFields {
  /** From comments such as `{{! requires: header.image, header.street }}`. */
  required: string[];
  problems: TemplateProblem[];
}

/** Fields that hold drawings of our own: the only ones that may go in unescaped. */
const DRAWINGS = new Set([
  'header.picture',
  'score.dial',
  'opportunity.chart',
  'trend.chart',
  'comparables.map',
  'insights.chart',
]);

/** What every memo must show, whoever designs it. */
const NEEDED = [
  ...MEMO_SECTION_KEYS.map((key) => `titles.${key}`),
  'header.address',
  'score.value',
  'simulatedNotice',
  'disclaimer',
];
/** The dial shows the score's value too. */
const STAND_INS: Readonly<Record<string, string>> = { 'score.value': 'score.dial' };

type Token = [kind: string, value: string, start: number, end: number, inner?: Token[] | string];

/** One step into the model: the value there, and the path that led to it. */
interface Context {
  value: unknown;
  path: string;
}

/** A model in which every list and every optional part has something: the shape that templates are held against. */
let shape: Context | undefined;
function modelShape(): Context {
  const picture = 'data:image/png;base64,AAAA';
  const input = sampleInput();
  const model = buildMemoModel({ ...input, images: [picture, picture] });
  shape ??= { value: model, path: '' };
  return shape;
}

/** Reads the mustache tags of a template and holds them against what a memo has. */
export function readTemplateFields(source: string): TemplateFields {
  let tokens: Token[];
  try {
    tokens = mustache.parse(source) as unknown as Token[];
  } catch (error) {
    const at = / at (\d+)$/.exec(messageOf(error))?.[1];
    const text = messageOf(error).replace(/ at \d+$/, '');
    return { required: [], problems: [{ line: at === undefined ? null : lineAt(source, Number(at)), text }] };
  }
  const found: TemplateFields = { required: [], problems: [] };
  const used = new Set<string>();
  walk(tokens, [modelShape()], source, found, used);
  for (const field of NEEDED) {
    const standIn = STAND_INS[field];
    if (used.has(field) || (standIn !== undefined && used.has(standIn))) continue;
    found.problems.push({ line: null, text: `the required field {{${field}}} is missing` });
  }
  for (const field of found.required) {
    if (resolve([modelShape()], field) === undefined) {
      found.problems.push({ line: null, text: unknownField(field, [modelShape()], 'requires') });
    }
  }
  return found;
}

/** The line, counted from 1, on which a position lies. */
export function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length;
}

function walk(
  tokens: readonly Token[],
  contexts: readonly Context[],
  source: string,
  found: TemplateFields,
  used: Set<string>,
): void {
  const problem = (start: number, text: string) => found.problems.push({ line: lineAt(source, start), text });
  for (const [kind, value, start, , inner] of tokens) {
    if (kind === 'text') continue;
    if (kind === '!') {
      const names = /^requires:(.*)$/s.exec(value.trim())?.[1] ?? '';
      found.required.push(...names.split(/[\s,]+/).filter((name) => name !== ''));
      continue;
    }
    if (kind === '>') {
      problem(start, `{{> ${value}}} would include another file, which templates cannot`);
      continue;
    }
    if (kind === '=') {
      problem(start, 'changing the delimiters is not possible here: fields are written {{so}}');
      continue;
    }
    const field = resolve(contexts, value);
    if (field === undefined) {
      problem(start, unknownField(value, contexts, 'names'));
      continue;
    }
    used.add(field.path);
    if (kind === '&' && !DRAWINGS.has(field.path)) {
      problem(start, `{{{${value}}}} would put text into the page as markup; write {{${value}}}`);
    }
    if ((kind === '#' || kind === '^') && Array.isArray(inner)) {
      walk(inner, kind === '#' ? [enter(field), ...contexts] : contexts, source, found, used);
    }
  }
}

/** The context inside a section: the first element of a list, an object itself. */
function enter({ value, path }: Context): Context {
  return { value: Array.isArray(value) ? value[0] : value, path };
}

/** Looks a dotted name up as mustache does: its first part in the nearest context that has it, the rest inside. */
function resolve(contexts: readonly Context[], name: string): Context | undefined {
  if (name === '.') return contexts[0];
  const [first = '', ...rest] = name.split('.');
  const context = contexts.find(({ value }) => has(value, first));
  if (context === undefined) return undefined;
  let at: Context = step(context, first);
  for (const part of rest) {
    if (!has(at.value, part)) return undefined;
    at = step(at, part);
  }
  return at;
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key);
}

function step({ value, path }: Context, key: string): Context {
  return { value: Reflect.get(value as object, key), path: path === '' ? key : `${path}.${key}` };
}

function unknownField(name: string, contexts: readonly Context[], verb: string): string {
  const names = contexts.flatMap((context) => fieldNames(context.value, ''));
  const near = nearestWord(name, names);
  return `it ${verb} {{${name}}}, which no memo has here${near === null ? '' : `; did you mean {{${near}}}?`}`;
}

function fieldNames(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return path === '' ? [] : [path];
  const inner = Object.entries(value).flatMap(([key, item]) => fieldNames(item, path === '' ? key : `${path}.${key}`));
  return path === '' ? inner : [path, ...inner];
}
