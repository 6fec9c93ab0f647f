import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { load } from 'cheerio';
import iconv from 'iconv-lite';
import { ReosError } from '../../domain/errors.ts';
import { findWall } from './bot-wall.ts';
import { fileName } from './file-items.ts';
import { nearestWord } from './nearest-word.ts';
import { openPage } from './page-document.ts';
import { recognisePage } from './page-extract.ts';
import { absolute, layoutChanged, readPage, sha256Of } from './page-items.ts';
import type { SiteRecipe } from './recipe-schema.ts';
import type { DiscoverDeps, DiscoveredItem, SavedPageRequest, Source } from './source.ts';

/** A page saved on disk, read by the recipe of its site (asked for, by its address, or by what it shows). */
export const savedPage: Source<'saved_page'> = {
  kind: 'saved_page',
  async *discover(deps: DiscoverDeps, request: SavedPageRequest): AsyncGenerator<DiscoveredItem> {
    const name = fileName(request);
    const html = decodeHtml(await readBytes(request.path, name));
    const meta = await readMeta(request.path);
    const url = request.url ?? meta.url ?? canonicalUrl(html);
    const status = request.status ?? meta.status ?? 200;
    const given = request.recipe === undefined ? null : recipeByName(request.recipes.sites, request.recipe);
    const wall = findWall(status, html, given?.blocked.markers);
    if (wall !== null) {
      yield { type: 'blocked', url: url ?? name, status, reason: wall.reason };
      return;
    }
    const recipe = given ?? chooseRecipe(request.recipes.sites, html, url, name);
    const pageUrl = url ?? recipe.base_url ?? 'http://saved.invalid/';
    const raw = { contentType: 'text/html', sha256: sha256Of(html), bytes: Buffer.byteLength(html), ref: request.path };
    const context = {
      recipe,
      source: request.source ?? recipe.source ?? recipe.name,
      name,
      raw,
      countyFips: request.countyFips ?? null,
      rules: { now: deps.clock(), countyBox: request.countyBox ?? null },
    };
    const reading = readPage(openPage(html, pageUrl, recipe), context);
    const bare = reading.items.filter(
      ({ extracted }) => extracted.values.size <= Object.keys(recipe.constants).length + 1,
    );
    if (reading.items.length >= 3 && bare.length === reading.items.length) {
      throw layoutChanged(context, `none of the ${reading.items.length} items has a readable field`);
    }
    for (const { item } of reading.items) {
      // A page of unknown address has records without one.
      if (url === null && item.type === 'record' && item.record.url === pageUrl) item.record.url = null;
      yield item;
    }
  },
};

async function readBytes(path: string, name: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ReosError('not_found', `The saved page ${name} cannot be read; check the path.`, { cause: error });
  }
}

/** Decodes by byte order mark, then the page's own charset, then UTF-8. */
function decodeHtml(bytes: Buffer): string {
  const declared = /<meta[^>]+charset=["']?([\w-]+)/i.exec(bytes.subarray(0, 4096).toString('latin1'))?.[1] ?? 'utf-8';
  return iconv.decode(bytes, iconv.encodingExists(declared) ? declared : 'utf-8');
}

/** Crawlers put status and address beside a page as `<name>.meta.json`. */
async function readMeta(path: string): Promise<{ url?: string; status?: number }> {
  const beside = path.replace(/\.[a-z]+$/i, '.meta.json');
  try {
    const meta = JSON.parse(await readFile(beside, 'utf8')) as {
      status?: number;
      final_url?: string;
      requested_url?: string;
    };
    return { url: meta.final_url ?? meta.requested_url, status: meta.status };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ReosError('validation', `${basename(beside)} is not valid JSON; correct or remove it.`, { cause: error });
  }
}

function canonicalUrl(html: string): string | null {
  const $ = load(html);
  return absolute($('link[rel=canonical]').attr('href') ?? $('meta[property="og:url"]').attr('content'), null);
}

/** A site recipe by its name. */
export function recipeByName(sites: readonly SiteRecipe[], name: string): SiteRecipe {
  const found = sites.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  const near = nearestWord(
    name,
    sites.map((recipe) => recipe.name),
  );
  throw new ReosError(
    'not_found',
    `There is no site recipe "${name}"${near === null ? '' : `; did you mean "${near}"?`} (config/recipes/sites).`,
  );
}

/** By host first; then the first recipe one of whose pages fits; recipes for any site come last. */
function chooseRecipe(sites: readonly SiteRecipe[], html: string, url: string | null, name: string): SiteRecipe {
  const host = url === null ? null : new URL(url).hostname;
  const own = host === null ? [] : sites.filter((r) => r.hosts.some((h) => host === h || host.endsWith(`.${h}`)));
  const fits = (recipe: SiteRecipe) =>
    recognisePage(recipe.pages, openPage(html, url ?? 'http://saved.invalid/', recipe)) !== null;
  const hostless = (recipe: SiteRecipe) => recipe.hosts.length === 0;
  const ordered = [...own, ...sites.filter((r) => !hostless(r)), ...sites.filter(hostless)];
  const chosen = own.length > 0 ? (own.find(fits) ?? own[0]) : ordered.find(fits);
  if (chosen !== undefined) return chosen;
  throw new ReosError(
    'validation',
    `${name}: no site recipe fits this page (known: ${sites.map((r) => r.name).join(', ')}). Name one, or add a recipe in config/recipes/sites.`,
    { details: { file: name } },
  );
}
