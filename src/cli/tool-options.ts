import type { Command } from 'commander';
import { z } from 'zod';
import { ReosError } from '../domain/errors.ts';
import type { Tool } from '../intelligence/tool.ts';

interface Field {
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  description?: string;
  items?: { type?: string };
  anyOf?: Field[];
  oneOf?: Field[];
}

/** The fields of a tool's input as JSON Schema has them, and those that must be given. */
function fieldsOf({ input }: Tool): { fields: Array<[string, Field]>; required: readonly string[] } {
  const schema = z.toJSONSchema(input, { io: 'input' }) as { properties?: Record<string, Field>; required?: string[] };
  return { fields: Object.entries(schema.properties ?? {}), required: schema.required ?? [] };
}

const flagOf = (name: string) => `--${name.replaceAll('_', '-')}`;
const optionOf = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Adds one option for each field of the tool's input. */
export function addToolOptions(command: Command, tool: Tool): Command {
  const { fields, required } = fieldsOf(tool);
  for (const [name, field] of fields) {
    const choices = field.enum === undefined ? '' : field.enum.join(' | ');
    const fallback = field.default === undefined ? '' : `default ${String(field.default)}`;
    const about = [field.description, choices, required.includes(name) ? 'required' : fallback].filter(Boolean);
    const value = typeOf(field) === 'boolean' ? '' : ` <${valueName(field)}>`;
    command.option(`${flagOf(name)}${value}`, about.join('; ') || name.replaceAll('_', ' '));
  }
  return command;
}

/**
 * The tool's input out of the options.
 * @throws ReosError `validation` for a number that is none; what else is wrong, the tool says
 */
export function toolInput(tool: Tool, options: Record<string, unknown>): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, field] of fieldsOf(tool).fields) {
    const value = options[optionOf(name)];
    if (value !== undefined) given[name] = readValue(flagOf(name), value, field);
  }
  return given;
}

function readValue(flag: string, value: unknown, field: Field): unknown {
  const type = typeOf(field);
  if (type === 'boolean' || typeof value !== 'string') return value;
  if (type === 'object' || field.oneOf !== undefined) return readJson(flag, value);
  if (type === 'array') {
    const isNumbers = field.items?.type === 'number' || field.items?.type === 'integer';
    const parts = value.split(',').map((part) => part.trim());
    return isNumbers ? parts.map((part) => readNumber(flag, part)) : parts;
  }
  return type === 'number' || type === 'integer' ? readNumber(flag, value) : value;
}

function readJson(flag: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReosError('validation', `${flag}: '${text}' is no JSON, such as {"kind":"offer_level","share":0.02}.`, {
      cause: error,
    });
  }
}

function readNumber(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new ReosError('validation', `${flag}: '${text}' is no number.`);
}

function typeOf(field: Field): string | undefined {
  const [first] = [field.type ?? field.anyOf?.map(typeOf).filter((type) => type !== 'null')].flat();
  return first;
}

const valueName = (field: Field) =>
  ({ number: 'n', integer: 'n', array: 'list' })[typeOf(field) ?? ''] ??
  (field.oneOf === undefined ? undefined : 'json') ??
  (field.enum === undefined ? 'text' : 'word');
