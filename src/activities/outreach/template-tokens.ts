import Mustache from 'mustache';
import { messageOf } from '../../domain/errors.ts';
import { BLOCK_FIELDS, FACT_FIELDS, type MessageView, VALUE_FIELDS } from './template-view.ts';

/** What a part of a template uses. */
export interface PartUse {
  /** Fields that are written out, wherever they stand. */
  values: Set<string>;
  /** Fields that open a block. */
  blocks: Set<string>;
}

/** A problem of one part; `field` when one is to blame. */
export class PartProblem extends Error {
  override readonly name = 'PartProblem';
  readonly field: string | null;
  constructor(message: string, field: string | null = null) {
    super(message);
    this.field = field;
  }
}

type Token = [type: string, name: string, start: number, end: number, ...rest: unknown[]];

const childrenOf = (token: Token): Token[] => token[4] as Token[];

/**
 * Reads the tags of a part and refuses what it must not use: unknown fields, unescaped values, other templates,
 * changed delimiters.
 * @throws PartProblem naming the tag
 */
export function readPart(text: string): PartUse {
  let tokens: Token[];
  try {
    tokens = Mustache.parse(text) as unknown as Token[];
  } catch (error) {
    throw new PartProblem(`its tags are not right: ${messageOf(error)}`);
  }
  const use: PartUse = { values: new Set(), blocks: new Set() };
  collect(tokens, false, use);
  return use;
}

function collect(tokens: readonly Token[], isInFacts: boolean, use: PartUse): void {
  for (const token of tokens) {
    const [type, name] = token;
    if (type === 'text' || type === '!') continue;
    if (type === '&') throw new PartProblem(`{{{${name}}}} would write a value unescaped; write {{${name}}}`, name);
    if (type === '>') throw new PartProblem(`{{> ${name}}} takes in another template, which is not possible`, name);
    if (type === '=') throw new PartProblem('it changes the delimiters of its tags, which is not possible');
    if (type === 'name') {
      if (!VALUE_FIELDS.has(name) && !(isInFacts && FACT_FIELDS.has(name))) throw unknownField(name, isInFacts);
      if (VALUE_FIELDS.has(name)) use.values.add(name);
      continue;
    }
    if (!BLOCK_FIELDS.has(name)) throw unknownField(name, isInFacts);
    use.blocks.add(name);
    collect(childrenOf(token), isInFacts || (type === '#' && name === 'facts'), use);
  }
}

function unknownField(name: string, isInFacts: boolean): PartProblem {
  const known = [...BLOCK_FIELDS, ...(isInFacts ? FACT_FIELDS : [])].sort().join(', ');
  return new PartProblem(`{{${name}}} is no field. Fields are ${known}`, name);
}

/** The first field that the part would write although the view has no value for it; null when there is none. */
export function findMissing(text: string, view: MessageView): string | null {
  const values = view as unknown as Record<string, unknown>;
  const visit = (tokens: readonly Token[], isInFacts: boolean): string | null => {
    for (const token of tokens) {
      const [type, name] = token;
      if (type === 'name' && values[name] === undefined && !(isInFacts && FACT_FIELDS.has(name))) return name;
      if (type !== '#' && type !== '^') continue;
      const value = values[name];
      const isShown = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
      if (isShown !== (type === '#')) continue;
      const missing = visit(childrenOf(token), isInFacts || name === 'facts');
      if (missing !== null) return missing;
    }
    return null;
  };
  return visit(Mustache.parse(text) as unknown as Token[], false);
}

/** Fills one part. Values are escaped for where they stand; a text is never a block's context. */
export function fillPart(text: string, view: MessageView, escapeValue: (value: string) => string): string {
  // A writer of its own keeps no template of a tenant in the library's cache for ever.
  return new Mustache.Writer().render(text, view, {}, { escape: (value: unknown) => escapeValue(String(value)) });
}
