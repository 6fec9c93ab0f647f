import { createHash } from 'node:crypto';
import { ReosError } from '../../domain/errors.ts';
import type { RuleContext } from '../../domain/listing-rules.ts';
import type { PageDocument } from './page-document.ts';
import {
  extractFields,
  itemScopes,
  missingSigns,
  type PageScope,
  pageScope,
  rawValue,
  recognisePage,
} from './page-extract.ts';
import type { PageRecipe, SiteRecipe } from './recipe-schema.ts';
import { buildItem, type Extracted } from './record-build.ts';
import type { DiscoveredItem, RawReference } from './source.ts';
import { plainText } from './value-parse.ts';

/** What all records of one page have in common. */
export interface PageContext {
  recipe: SiteRecipe;
  source: string;
  /** What messages call the page: its URL or file. */
  name: string;
  raw: RawReference;
  countyFips: string | null;
  rules: RuleContext;
}

/** A page read by a recipe. */
export interface PageReading {
  page: PageRecipe;
  items: Array<{ item: DiscoveredItem; extracted: Extracted; detailUrl: string | null }>;
  nextUrl: string | null;
}

/**
 * Reads a page by its recipe: which kind of page it is, its items as records or quarantine entries, links onward.
 * @throws ReosError `validation` "layout changed" when the page is none of the recipe's, a list without its items, or a
 * page none of whose items has a field the recipe requires
 */
export function readPage(document: PageDocument, context: PageContext, card?: Extracted): PageReading {
  const { recipe } = context;
  const page = recognisePage(recipe.pages, document);
  if (page === null) {
    const signs = recipe.pages.map((p) => `${p.name} needs ${missingSigns(p, document).join(' and ')}`).join('; ');
    throw layoutChanged(context, `the page is none of the recipe's: ${signs}`);
  }
  if (page.role === 'detail') {
    const extracted = extractFields(page, pageScope(page, document), recipe.constants);
    if (card !== undefined) mergeCard(extracted, card);
    return {
      page,
      items: [{ ...readItem(extracted, page, context, null, document.url), detailUrl: null }],
      nextUrl: null,
    };
  }
  const scopes = itemScopes(page, document);
  const says = page.empty !== undefined && document.$(page.empty).length > 0;
  if (scopes.length === 0 && !says) {
    const where = page.items?.selector ?? page.items?.state ?? page.items?.ld_types?.join('/') ?? '(no items rule)';
    throw layoutChanged(context, `no items found by ${where} on a page of kind "${page.name}"`);
  }
  const items = scopes.map((scope, i) => {
    const extracted = extractFields(page, scope, recipe.constants);
    const detailUrl = page.link === undefined ? null : absolute(rawValue(page.link, scope), document.url);
    return { ...readItem(extracted, page, context, i + 1, detailUrl), detailUrl };
  });
  return { page, items, nextUrl: nextPage(page, document) };
}

function readItem(
  extracted: Extracted,
  page: PageRecipe,
  context: PageContext,
  index: number | null,
  url: string | null,
) {
  const { recipe } = context;
  const own = extracted.values.get('Url');
  if (own !== undefined) {
    const full = absolute(own, url ?? recipe.base_url ?? null);
    if (full !== null) extracted.values.set('Url', full);
  }
  const kept: Extracted = {
    values: new Map(extracted.values),
    problems: extracted.problems,
    extras: { ...extracted.extras },
  };
  const item = buildItem(extracted, {
    source: context.source,
    recordKind: page.record_kind ?? recipe.record_kind,
    rowReference: index === null ? context.name : `${context.name}#${index}`,
    raw: context.raw,
    url,
    countyFips: context.countyFips ?? recipe.county_fips ?? null,
    rules: { ...context.rules, required: page.required ?? recipe.required ?? null },
  });
  return { item, extracted: kept };
}

/** A list's card fills what its detail page leaves open. */
function mergeCard(detail: Extracted, card: Extracted): void {
  for (const [field, value] of card.values)
    if (!detail.values.has(field) && field !== 'Url') detail.values.set(field, value);
  detail.extras = { ...card.extras, ...detail.extras };
}

function nextPage(page: PageRecipe, document: PageDocument): string | null {
  const rules = page.next === undefined ? [] : Array.isArray(page.next) ? page.next : [page.next];
  const scope: PageScope = pageScope(page, document);
  for (const rule of rules) {
    const url = absolute(rawValue(rule, scope), document.url);
    if (url !== null && url !== document.url) return url;
  }
  return null;
}

/** A link as an absolute http(s) URL without its fragment; null for anything else (javascript:, empty). */
export function absolute(raw: unknown, base: string | null): string | null {
  const text = plainText(raw);
  if (text === '' || text.startsWith('#')) return null;
  try {
    const url = base === null ? new URL(text) : new URL(text, base);
    url.hash = '';
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The error of a page that its recipe no longer fits. `context.raw.ref` is where the page is kept. */
export function layoutChanged(context: Pick<PageContext, 'recipe' | 'name' | 'raw'>, why: string): ReosError {
  const saved = context.raw.ref === undefined ? '' : ` The page is saved as ${context.raw.ref}.`;
  return new ReosError(
    'validation',
    `layout changed: recipe ${context.recipe.name} does not fit ${context.name}: ${why}.${saved} Adapt config/recipes/sites/${context.recipe.name}.yaml and run again.`,
    {
      details: {
        recipe: context.recipe.name,
        url: context.name,
        savedPage: context.raw.ref ?? null,
        layoutChanged: true,
      },
    },
  );
}

export const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
