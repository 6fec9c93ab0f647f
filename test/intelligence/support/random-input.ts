import { z } from 'zod';
import type { Random } from '../../../src/domain/valuation/random.ts';
import type { Tool } from '../../../src/intelligence/tool.ts';

interface Field {
  type?: string | string[];
  enum?: unknown[];
  items?: Field;
  anyOf?: Field[];
  oneOf?: Field[];
  const?: unknown;
  format?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  properties?: Record<string, Field>;
  required?: string[];
}

/** Words that a field of text may hold, by the field's name. */
export type Words = Readonly<Record<string, readonly string[]>>;

/** An input that the tool's schema takes, but for what only the tool can know. Left-out fields are left out often. */
export function randomInput(tool: Tool, random: Random, words: Words): Record<string, unknown> {
  return objectOf(z.toJSONSchema(tool.input, { io: 'input' }) as Field, random, words);
}

function objectOf({ properties = {}, required = [] }: Field, random: Random, words: Words): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(properties)) {
    if (required.includes(name) || random.below(2) === 0) given[name] = anyValue(name, field, random, words);
  }
  return given;
}

function anyValue(name: string, field: Field, random: Random, words: Words): unknown {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  if (field.enum !== undefined) return pick(field.enum);
  if (field.const !== undefined) return field.const;
  const choices = field.anyOf ?? field.oneOf;
  if (choices !== undefined) return anyValue(name, pick(choices), random, words);
  switch ([field.type].flat()[0]) {
    case 'boolean':
      return random.below(2) === 0;
    case 'integer':
    case 'number': {
      const low = Math.max(field.minimum ?? field.exclusiveMinimum ?? 0, -1e6);
      const high = Math.min(field.maximum ?? 1e6, Math.max(low + 1, 1e6));
      // Small numbers are what people ask for.
      const value = low + (high - low) * random.unit() ** 3;
      return [field.type].flat()[0] === 'integer' ? Math.ceil(value) : value + (value === low ? 1e-3 : 0);
    }
    case 'array':
      return Array.from({ length: Math.max(field.minItems ?? 0, 1 + random.below(2)) }, () =>
        anyValue(name, field.items ?? {}, random, words),
      );
    case 'object':
      return objectOf(field, random, words);
    case 'null':
      return null;
    default:
      return pick(words[field.format === 'date' ? 'day' : name] ?? words.text ?? ['all']);
  }
}
