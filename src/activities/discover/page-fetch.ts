import { ReosError } from '../../domain/errors.ts';
import { findWall, type Wall } from './bot-wall.ts';
import type { SiteRecipe } from './recipe-schema.ts';
import { type Robots, retryAfterSeconds } from './robots.ts';
import type { DiscoverDeps, Pacer } from './source.ts';

/** A fetched page, or why there is none. */
export type Fetched =
  | { ok: true; html: string; url: string; status: number }
  | { ok: false; url: string; status: number; reason: string; stop: boolean };

export interface FetchContext {
  deps: DiscoverDeps;
  recipe: SiteRecipe;
  robots: Robots;
  pacer: Pacer;
  /** Hosts (with port) that may be fetched. */
  hosts: ReadonlySet<string>;
}

/**
 * Fetches one page politely: robots.txt, pace, own name, conditional when the page is remembered.
 * @throws ReosError `transient` with Retry-After on 429, 5xx and when no answer comes
 */
export async function fetchPage(context: FetchContext, url: string): Promise<Fetched> {
  const { deps, recipe, robots, pacer, hosts } = context;
  const host = new URL(url).host;
  if (!hosts.has(host)) return refused(url, `the link leads to ${host}, which is not the recipe's site`);
  const rule = robots.forbids(url);
  if (rule !== null) return refused(url, `robots.txt forbids it: ${rule}`);
  const perSecond = Math.min(recipe.rate.requests_per_second, 1 / (robots.crawlDelaySeconds || 0.001));
  const limits = { requestsPerSecond: perSecond, concurrency: recipe.rate.concurrency };
  const answer = await pacer.run(host, limits, () =>
    recipe.render === 'browser' ? render(deps, recipe, url) : get(deps, url),
  );
  if (!hosts.has(new URL(answer.url).host)) return refused(url, `the page redirects to ${new URL(answer.url).host}`);
  const wall: Wall | null = findWall(answer.status, answer.html, recipe.blocked.markers);
  if (wall !== null) return { ok: false, url, status: answer.status, reason: wall.reason, stop: wall.kind !== 'gone' };
  if (answer.status === 429 || answer.status >= 500) {
    throw new ReosError(
      'transient',
      `${url} answered ${answer.status}; the crawl waits and goes on from its last checkpoint.`,
      {
        details: { url, status: answer.status },
        retryAfterSeconds: answer.retryAfter,
      },
    );
  }
  if (answer.status !== 200) return refused(url, `HTTP ${answer.status}`, answer.status);
  return { ok: true, html: answer.html, url: answer.url, status: answer.status };
}

const refused = (url: string, reason: string, status = 0): Fetched => ({ ok: false, url, status, reason, stop: false });

interface Answer {
  status: number;
  html: string;
  url: string;
  retryAfter?: number | undefined;
}

async function get(deps: DiscoverDeps, url: string): Promise<Answer> {
  const known = (await deps.pageCache?.get(url)) ?? null;
  const headers: Record<string, string> = { 'user-agent': deps.userAgent, accept: 'text/html,application/xhtml+xml' };
  if (known?.etag) headers['if-none-match'] = known.etag;
  if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
  const answer = await deps.http.fetch({ url, headers });
  if (answer.status === 304 && known !== null) return { status: 200, html: known.body, url };
  const html = answer.body.toString('utf8');
  const { etag = null, 'last-modified': lastModified = null } = answer.headers as Record<string, string | undefined>;
  if (answer.status === 200 && (etag !== null || lastModified !== null)) {
    await deps.pageCache?.set(url, { etag, lastModified, body: html });
  }
  const retryAfter = retryAfterSeconds(answer.headers['retry-after'], deps.clock());
  return { status: answer.status, html, url: answer.url, retryAfter };
}

async function render(deps: DiscoverDeps, recipe: SiteRecipe, url: string): Promise<Answer> {
  if (deps.renderPage === undefined) {
    throw new ReosError(
      'missing_part',
      `Recipe ${recipe.name} needs a browser (render: browser) and none is set up; run "reos doctor".`,
    );
  }
  const page = await deps.renderPage(url);
  return { ...page, url };
}
