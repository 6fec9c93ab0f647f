import type { Cheerio, CheerioAPI } from 'cheerio';
import { putValue } from './column-mapping.ts';
import { type LdNode, ldTypes, type PageDocument } from './page-document.ts';
import type { PageRecipe, PageRule } from './recipe-schema.ts';
import type { Extracted } from './record-build.ts';
import { valueAt, valuesAt } from './value-path.ts';

/** Any node of a page, by cheerio's own types. */
type AnyNode = ReturnType<ReturnType<CheerioAPI['root']>['contents']> extends Cheerio<infer T> ? T : never;

/** Where rules look: the whole page, or one item of a list. */
export interface PageScope {
  page: PageDocument;
  element: Cheerio<AnyNode> | null;
  state: unknown;
  ld: LdNode[];
}

/** The recipe's page this document is, or null when it is none of them. */
export function recognisePage(pages: readonly PageRecipe[], page: PageDocument): PageRecipe | null {
  return pages.find((recipe) => missingSigns(recipe, page).length === 0) ?? null;
}

/** The signs of a recipe's page that the document does not show, for the message about a changed layout. */
export function missingSigns(recipe: PageRecipe, page: PageDocument): string[] {
  const { state, path, selector, ld_types: types } = recipe.when;
  const missing: string[] = [];
  if (state !== undefined && valueAt(page.state(state), path ?? '') === null)
    missing.push(`state ${state}:${path ?? ''}`);
  if (selector !== undefined && page.$(selector).length === 0) missing.push(`selector ${selector}`);
  if (types !== undefined && nodesOf(page, types).length === 0) missing.push(`JSON-LD ${types.join('/')}`);
  return missing;
}

/** The scope of a detail page. */
export function pageScope(recipe: PageRecipe, page: PageDocument): PageScope {
  return { page, element: null, state: stateRoot(recipe.state, page), ld: nodesOf(page, recipe.ld_types) };
}

/** One scope for each item of a list page. */
export function itemScopes(recipe: PageRecipe, page: PageDocument): PageScope[] {
  const { items } = recipe;
  if (items?.state !== undefined) {
    const found = valuesAt(stateRoot(recipe.state, page), items.state).flat();
    return found.map((state) => ({ page, element: null, state, ld: [] }));
  }
  if (items?.selector !== undefined) {
    return page
      .$(items.selector)
      .get()
      .map((node) => ({ page, element: page.$(node as AnyNode), state: null, ld: [] }));
  }
  return nodesOf(page, items?.ld_types).map((node) => ({ page, element: null, state: null, ld: [node] }));
}

function stateRoot(where: string | undefined, page: PageDocument): unknown {
  if (where === undefined) return null;
  const colon = where.indexOf(':');
  return colon === -1 ? page.state(where) : valueAt(page.state(where.slice(0, colon)), where.slice(colon + 1));
}

function nodesOf(page: PageDocument, types: readonly string[] | undefined): LdNode[] {
  return types === undefined ? page.ld : page.ld.filter((node) => ldTypes(node).some((type) => types.includes(type)));
}

/** Reads all fields of a page recipe in a scope; of several rules for a field the first that finds a value wins. */
export function extractFields(recipe: PageRecipe, scope: PageScope, constants: Record<string, string>): Extracted {
  const out: Extracted = { values: new Map(), problems: [], extras: {} };
  for (const [field, given] of Object.entries(recipe.fields)) {
    for (const rule of Array.isArray(given) ? given : [given]) {
      const before = out.problems.length;
      putValue(out, field, rawValue(rule, scope), rule);
      if (out.values.has(field)) {
        // An earlier rule's unreadable text does not matter when a later one finds the value.
        out.problems = out.problems.filter((problem) => problem.field !== field);
        break;
      }
      if (out.problems.length === before && field.startsWith('extras.') && field.slice(7) in out.extras) break;
    }
  }
  for (const [field, value] of Object.entries({ ...constants, ...recipe.constants })) {
    if (!out.values.has(field)) putValue(out, field, value, {});
  }
  return out;
}

/** What one rule finds, unparsed; null when nothing. */
export function rawValue(rule: PageRule, scope: PageScope): unknown {
  if (rule.value !== undefined) return rule.value;
  if (rule.url === true) return scope.page.url;
  if (rule.state !== undefined) return oneOrAll(valuesAt(scope.state, rule.state), rule.all);
  if (rule.ld !== undefined)
    return oneOrAll(
      scope.ld.flatMap((node) => valuesAt(node, rule.ld ?? '')),
      rule.all,
    );
  if (rule.meta !== undefined) {
    const { $ } = scope.page;
    return $(`meta[name="${rule.meta}"], meta[property="${rule.meta}"]`).first().attr('content') ?? null;
  }
  return rule.selector === undefined ? null : selected(rule, rule.selector, scope);
}

function selected(rule: PageRule, selector: string, scope: PageScope): unknown {
  const { $ } = scope.page;
  const found =
    scope.element === null ? $(selector) : selector === ':self' ? scope.element : scope.element.find(selector);
  const texts = found
    .get()
    .map((node) => {
      const value = rule.attr === undefined ? $(node as AnyNode).text() : $(node as AnyNode).attr(rule.attr);
      return (value ?? '').replace(/[\s\u00a0]+/g, ' ').trim();
    })
    .filter((text) => text !== '');
  // A regex chooses among equal elements: "the table cell that says Year Built".
  const pattern = rule.regex === undefined ? null : new RegExp(rule.regex, 'is');
  const fitting = pattern === null ? texts : texts.filter((text) => pattern.test(text));
  return rule.all === true ? fitting : (fitting[0] ?? null);
}

function oneOrAll(values: unknown[], all: boolean | undefined): unknown {
  const plain = values.filter((value) => value !== '');
  if (all === true) return plain.flat();
  const first = plain[0] ?? null;
  return Array.isArray(first) && first.every((v) => typeof v === 'string') ? first.join('; ') : first;
}
