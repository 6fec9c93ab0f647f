import { ReosError } from '../../domain/errors.ts';
import { type CrawlState, checkpointOf, inOrder, resumeState, startState, urlKey } from './crawl-state.ts';
import { createPacer } from './pacer.ts';
import { openPage } from './page-document.ts';
import { type FetchContext, type Fetched, fetchPage } from './page-fetch.ts';
import { absolute, layoutChanged, type PageContext, type PageReading, readPage, sha256Of } from './page-items.ts';
import type { SiteRecipe } from './recipe-schema.ts';
import type { Extracted } from './record-build.ts';
import { fetchRobots } from './robots.ts';
import { recipeByName } from './saved-page.ts';
import type { DiscoverDeps, DiscoveredItem, SiteRequest, Source } from './source.ts';

type SitePage = Extract<Fetched, { ok: true }>;

interface Crawl extends FetchContext {
  request: SiteRequest;
  state: CrawlState;
  baseUrl: string;
}

/** A listing site: list pages, their pagination, and the detail pages they lead to, by a recipe. */
export const listingSite: Source<'listing_site'> = {
  kind: 'listing_site',
  async *discover(deps: DiscoverDeps, request: SiteRequest): AsyncGenerator<DiscoveredItem> {
    const recipe = recipeByName(request.recipes.sites, request.recipe);
    const baseUrl = permittedBase(recipe, request);
    const starts = (request.start ?? recipe.crawl.start).map((path) => new URL(path, baseUrl).href);
    const crawl: Crawl = {
      deps,
      recipe,
      request,
      baseUrl,
      robots: await fetchRobots(deps, baseUrl),
      pacer: deps.pacer ?? createPacer(),
      hosts: new Set([new URL(baseUrl).host, ...(request.baseUrl === undefined ? recipe.hosts : [])]),
      state: request.cursor ? resumeState(request.cursor, recipe.name) : startState(recipe.name, starts),
    };
    const maxPages = request.maxPages ?? recipe.crawl.max_pages;
    const { state } = crawl;
    const seenLists = new Set<string>();
    while (state.listUrl !== null && state.pages < maxPages) {
      seenLists.add(state.listUrl);
      const next = yield* crawlListPage(crawl, state.listUrl);
      if (next === 'stop') return;
      state.pages += 1;
      const repeated = next !== null && seenLists.has(next);
      state.listUrl = next === null || repeated ? (state.starts.shift() ?? null) : next;
      yield checkpointOf(state);
    }
    refuseChangedLayout(crawl);
  },
};

function permittedBase(recipe: SiteRecipe, request: SiteRequest): string {
  if (recipe.permission !== 'allowed' && request.operatorPermission !== true) {
    throw new ReosError(
      'forbidden',
      `Recipe ${recipe.name} is off for crawling (permission: ${recipe.permission}): the site's terms are yours to check. State your permission to crawl it, or save its pages and import those.`,
      { details: { recipe: recipe.name, permission: recipe.permission } },
    );
  }
  const base = request.baseUrl ?? recipe.base_url;
  if (base !== undefined && URL.canParse(base)) return base;
  throw new ReosError('validation', `Recipe ${recipe.name} has no base_url and none was given; say where the site is.`);
}

/** One list page with its details. Answers the next list page, null at the end, or 'stop' when the site refuses us. */
async function* crawlListPage(crawl: Crawl, url: string): AsyncGenerator<DiscoveredItem, string | null | 'stop'> {
  const fetched = await fetchPage(crawl, url);
  if (!fetched.ok) {
    yield await blocked(crawl, fetched);
    return fetched.stop ? 'stop' : null;
  }
  const reading = await readOrSave(crawl, fetched);
  const follow = crawl.recipe.pages.some((page) => page.role === 'detail') && reading.page.link !== undefined;
  if (!follow) {
    for (const { item } of reading.items) yield item;
    return nextList(crawl, url, reading);
  }
  const done = new Set(crawl.state.done);
  const details = new Map<string, Extracted>();
  for (const { item, extracted, detailUrl } of reading.items) {
    if (detailUrl === null) yield noLink(item);
    else if (!done.has(urlKey(detailUrl)) && !details.has(detailUrl)) details.set(detailUrl, extracted);
  }
  const pages = inOrder([...details.keys()], crawl.recipe.rate.concurrency, async (detail) => ({
    detail,
    answer: await fetchPage(crawl, detail),
  }));
  for await (const { detail, answer } of pages) {
    if (answer.ok) yield* readDetail(crawl, answer, details.get(detail));
    else yield await blocked(crawl, answer);
    if (!answer.ok && answer.stop) return 'stop';
    crawl.state.done.push(urlKey(detail));
    if (crawl.state.done.length % 10 === 0) yield checkpointOf(crawl.state);
  }
  return nextList(crawl, url, reading);
}

async function blocked(crawl: Crawl, fetched: Extract<Fetched, { ok: false }>): Promise<DiscoveredItem> {
  const { url, status, reason, stop } = fetched;
  return {
    type: 'blocked',
    url,
    status,
    reason: stop ? `${reason}; the crawl of ${new URL(crawl.baseUrl).host} stops here` : reason,
  };
}

/** A card that leads nowhere: kept for a person with what it says. */
function noLink(item: DiscoveredItem): DiscoveredItem {
  if (item.type !== 'record' && item.type !== 'quarantined') return item;
  const reason = { field: 'Url', code: 'no_link', message: 'the list item has no link to a detail page', value: null };
  return item.type === 'quarantined'
    ? { ...item, reasons: [...item.reasons, reason] }
    : { type: 'quarantined', rowReference: item.rowReference, reasons: [reason], payload: { ...item.record } };
}

async function* readDetail(crawl: Crawl, page: SitePage, card: Extracted | undefined): AsyncGenerator<DiscoveredItem> {
  const { state } = crawl;
  state.read += 1;
  try {
    const ref = await crawl.deps.savePage(page.html, { url: page.url, reason: 'record' });
    const reading = readPage(openPage(page.html, page.url, crawl.recipe), contextOf(crawl, page, ref), card);
    for (const { item } of reading.items) {
      if (item.type === 'quarantined' && item.reasons.some((r) => r.code === 'required')) state.incomplete += 1;
      yield item;
    }
  } catch (error) {
    if (!(error instanceof ReosError) || error.code !== 'validation') throw error;
    // One broken page is that page's trouble; many are the layout's, and end the crawl below.
    state.incomplete += 1;
    yield {
      type: 'quarantined',
      rowReference: page.url,
      reasons: [{ field: '(page)', code: 'unreadable_page', message: error.message, value: null }],
      payload: { url: page.url, sha256: sha256Of(page.html) },
    };
  }
  if (tooManyIncomplete(crawl)) refuseChangedLayout(crawl, await keepPage(crawl, page), page.url);
}

function tooManyIncomplete({ state, recipe }: Crawl): boolean {
  return state.read >= recipe.layout.min_pages && state.incomplete / state.read > recipe.layout.max_missing_share;
}

function refuseChangedLayout(crawl: Crawl, ref?: string, url = crawl.baseUrl): void {
  if (!tooManyIncomplete(crawl)) return;
  const { read, incomplete } = crawl.state;
  const fields = crawl.recipe.pages
    .filter((p) => p.role === 'detail')
    .flatMap((p) => Object.keys(p.fields).slice(0, 6));
  throw layoutChanged(
    { recipe: crawl.recipe, name: url, raw: { contentType: 'text/html', sha256: '', ref } },
    `${incomplete} of ${read} detail pages lack required fields (rules for ${fields.join(', ')} … find nothing)`,
  );
}

const keepPage = (crawl: Crawl, page: SitePage) =>
  crawl.deps.savePage(page.html, { url: page.url, reason: 'layout_changed' });

/** Reads a list page; a layout that changed is reported with the saved page. */
async function readOrSave(crawl: Crawl, page: SitePage): Promise<PageReading> {
  const document = openPage(page.html, page.url, crawl.recipe);
  try {
    return readPage(document, contextOf(crawl, page));
  } catch (error) {
    if (!(error instanceof ReosError) || error.details['layoutChanged'] !== true) throw error;
    const ref = await keepPage(crawl, page);
    return readPage(document, contextOf(crawl, page, ref));
  }
}

function contextOf({ recipe, request, deps }: Crawl, page: SitePage, ref?: string): PageContext {
  return {
    recipe,
    source: request.source ?? recipe.source ?? recipe.name,
    name: page.url,
    raw: { contentType: 'text/html', sha256: sha256Of(page.html), bytes: Buffer.byteLength(page.html), ref },
    countyFips: request.countyFips ?? null,
    rules: { now: deps.clock(), countyBox: request.countyBox ?? null },
  };
}

/** The next list page: the page's own link, or the counted parameter as long as pages bring items. */
function nextList({ recipe, state }: Crawl, url: string, reading: PageReading): string | null {
  const parameter = recipe.crawl.page_parameter;
  if (reading.nextUrl !== null || parameter === undefined) return reading.nextUrl;
  if (reading.items.length === 0) return null;
  const next = new URL(url);
  next.searchParams.set(parameter, String(Number(next.searchParams.get(parameter) ?? state.pages + 1) + 1));
  return absolute(next.href, url);
}
