import { type CheerioAPI, load } from 'cheerio';
import type { SiteRecipe } from './recipe-schema.ts';

/** One JSON-LD node of a page. */
export type LdNode = Record<string, unknown>;

/** A parsed page: its markup, its JSON-LD nodes flattened, and its embedded states by name (read when asked for). */
export interface PageDocument {
  $: CheerioAPI;
  url: string;
  ld: LdNode[];
  state(name: string): unknown;
}

/** Parses a page. Broken JSON-LD or state is as if absent: a page's own mistakes must not stop the others. */
export function openPage(html: string, url: string, recipe: Pick<SiteRecipe, 'embedded_state'>): PageDocument {
  const $ = load(html);
  const states = new Map<string, unknown>();
  return {
    $,
    url,
    ld: ldNodes($),
    state(name) {
      if (!states.has(name)) states.set(name, readState($, recipe.embedded_state[name]));
      return states.get(name) ?? null;
    },
  };
}

function ldNodes($: CheerioAPI): LdNode[] {
  return $('script[type="application/ld+json"]')
    .get()
    .flatMap((element) => flattenLd(parseLoose($(element).text())));
}

/** Lists and `@graph` opened up, main entities and offered items put beside the node that holds them. */
function flattenLd(value: unknown): LdNode[] {
  if (Array.isArray(value)) return value.flatMap(flattenLd);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as LdNode;
  const inner = ['@graph', 'mainEntity', 'itemOffered', 'about', 'item', 'itemListElement'].flatMap((key) =>
    flattenLd(node[key]),
  );
  return node['@type'] === undefined ? inner : [node, ...inner];
}

/** The types of a node, without the schema.org prefix. */
export function ldTypes(node: LdNode): string[] {
  const types = Array.isArray(node['@type']) ? node['@type'] : [node['@type']];
  return types.filter((t): t is string => typeof t === 'string').map((t) => t.replace(/^.*[/#:]/, ''));
}

function readState($: CheerioAPI, where: SiteRecipe['embedded_state'][string] | undefined): unknown {
  if (where === undefined) return null;
  const scripts = $(where.selector ?? 'script').get();
  for (const script of scripts) {
    const text = $(script).text();
    if (where.regex === undefined) {
      const value = parseLoose(text);
      if (value !== null) return value;
      continue;
    }
    const match = new RegExp(where.regex).exec(text);
    if (match === null) continue;
    const value = parseLoose(balanced(text.slice(match.index + match[0].length)));
    if (value !== null) return value;
  }
  return null;
}

/** The JSON object or list a text starts with, up to its closing bracket. */
function balanced(text: string): string {
  const start = text.search(/[[{]/);
  let depth = 0;
  let quoted = false;
  for (let i = Math.max(0, start); i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return text.slice(start, i + 1);
    }
  }
  return '';
}

/** JSON, also inside an HTML comment or CDATA; null when it is none. */
function parseLoose(text: string): unknown {
  const inner = text
    .trim()
    .replace(/^(<!--|\/\/<!\[CDATA\[|<!\[CDATA\[)/, '')
    .replace(/(-->|\/\/\]\]>|\]\]>)$/, '');
  try {
    return JSON.parse(inner);
  } catch {
    return null;
  }
}
