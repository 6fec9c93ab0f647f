import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPacer } from '../../../src/activities/discover/pacer.ts';
import { discover } from '../../../src/activities/discover/registry.ts';
import { readRobots, retryAfterSeconds } from '../../../src/activities/discover/robots.ts';
import type { CachedPage, SiteRequest } from '../../../src/activities/discover/source.ts';
import { startFsboSite } from '../../../src/demo/fsbo-site/site.ts';
import { collect, quarantinedOf, recipes, recordsOf, testDeps } from './support.ts';

type Answer = { status?: number; body?: string; headers?: Record<string, string> };
let server: Server | undefined;
const asked: string[] = [];
const stops: Array<() => Promise<void>> = [];

async function site(answer: (path: string) => Answer): Promise<string> {
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { status = 200, body = '', headers = {} } = answer(request.url ?? '');
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const request = (baseUrl: string, more: Partial<SiteRequest> = {}): SiteRequest => ({
  recipes,
  recipe: 'fsbo-demo',
  baseUrl,
  countyFips: '53033',
  ...more,
});
const list = (links: string[], next = '') =>
  `<ul class="listings">${links.map((l) => `<li class="listing-card"><a class="card-link" href="${l}">1 Elm St</a></li>`).join('')}</ul>${next}`;
const home = (n: number) =>
  `<article class="h-listing"><p class="p-price">$400,000</p></article><script type="application/ld+json">${JSON.stringify({ '@type': 'RealEstateListing', mainEntity: { '@type': 'SingleFamilyResidence', floorSize: { value: 1500 }, address: { streetAddress: `${n} Elm St` } } })}</script>`;

describe('listing sites', () => {
  it('crawls the bundled site: 22 homes, two broken pages kept, three offered parcels', async () => {
    const parcels = [1, 2, 3].map((n) => ({
      apn: `712930052${n}`,
      latitude: 47.51,
      longitude: -122.25,
      livingAreaSqft: 1180,
    }));
    const fsbo = await startFsboSite({ duplicateParcels: parcels });
    stops.push(fsbo.stop);
    const items = await collect(discover(testDeps(), 'listing_site', request(fsbo.url)));
    const records = recordsOf(items).map((i) => i.record);
    expect(records).toHaveLength(22);
    expect(records.filter((r) => r.ParcelNumber?.startsWith('712930052'))).toHaveLength(3);
    expect(records.every((r) => r.record_kind === 'listing' && r.Latitude !== null && r.CountyFips === '53033')).toBe(
      true,
    );
    expect(quarantinedOf(items).map((q) => q.reasons[0]?.code)).toEqual(['required', 'unreadable_page']);
  });

  it('goes on from any checkpoint without losing or repeating a home', async () => {
    const fsbo = await startFsboSite();
    stops.push(fsbo.stop);
    const all = await collect(discover(testDeps(), 'listing_site', request(fsbo.url)));
    for (const [at, item] of all.entries()) {
      if (item.type !== 'checkpoint') continue;
      const rest = await collect(discover(testDeps(), 'listing_site', request(fsbo.url, { cursor: item.cursor })));
      const ids = recordsOf([...all.slice(0, at), ...rest]).map((i) => i.record.source_id);
      expect(ids).toHaveLength(22);
      expect(new Set(ids).size).toBe(22);
    }
  });

  it('obeys robots.txt, stays on the site, fetches a home once', async () => {
    const url = await site((path) => {
      if (path === '/robots.txt') return { body: 'User-agent: reos\nDisallow: /homes/b\n' };
      if (path === '/homes')
        return { body: list(['/homes/a', '/homes/a', '/homes/b', 'http://10.0.0.1/x', 'javascript:void(0)']) };
      return { body: home(1) };
    });
    const items = await collect(discover(testDeps(), 'listing_site', request(url)));
    expect(recordsOf(items)).toHaveLength(1);
    expect(items.filter((i) => i.type === 'blocked').map((i) => i.reason)).toEqual([
      expect.stringContaining('Disallow: /homes/b (robots.txt line 2)'),
      expect.stringContaining("not the recipe's site"),
    ]);
    expect(quarantinedOf(items)).toMatchObject([
      { reasons: expect.arrayContaining([expect.objectContaining({ code: 'no_link' })]) },
    ]);
    expect(asked).toEqual(['/robots.txt', '/homes', '/homes/a']);
  });

  it('stops at a wall and counts a page that is gone as gone', async () => {
    const url = await site((path) => {
      if (path === '/robots.txt') return { status: 404 };
      if (path === '/homes') return { body: list(['/homes/1', '/homes/2', '/homes/3', '/homes/4']) };
      if (path === '/homes/1') return { status: 404 };
      return path === '/homes/2' ? { body: home(2) } : { status: 202, body: '<script>AwsWafIntegration</script>' };
    });
    const items = await collect(discover(testDeps(), 'listing_site', request(url)));
    expect(items.map((i) => (i.type === 'blocked' ? `${i.status}` : i.type))).toEqual(['404', 'record', '202']);
  });

  it('hands a 429 on with its Retry-After', async () => {
    const url = await site((path) => (path === '/robots.txt' ? {} : { status: 429, headers: { 'retry-after': '17' } }));
    await expect(collect(discover(testDeps(), 'listing_site', request(url)))).rejects.toMatchObject({
      code: 'transient',
      retryAfterSeconds: 17,
    });
  });

  it('stops with the saved page when the layout changed', async () => {
    const saved: string[] = [];
    const empty = await site((path) => (path === '/robots.txt' ? {} : { body: '<main>fresh design</main>' }));
    await expect(collect(discover(testDeps(saved), 'listing_site', request(empty)))).rejects.toThrow(
      /layout changed.*selector ul\.listings.*saved as pages\/1\.html/s,
    );
    server?.close();
    const links = Array.from({ length: 12 }, (_, i) => `/homes/${i}`);
    const bare = await site((path) =>
      path === '/robots.txt'
        ? {}
        : { body: path === '/homes' ? list(links) : '<article class="h-listing">?</article>' },
    );
    await expect(collect(discover(testDeps(saved), 'listing_site', request(bare)))).rejects.toThrow(
      /5 of 5 detail pages lack required fields/,
    );
    expect(saved.at(-1)).toMatch(/^layout_changed /);
  });

  it('asks again conditionally and reads the remembered page', async () => {
    const fsbo = await startFsboSite();
    stops.push(fsbo.stop);
    const pages = new Map<string, CachedPage>();
    const statuses: number[] = [];
    const deps = testDeps();
    const counting = {
      ...deps,
      http: {
        fetch: async (r: Parameters<typeof deps.http.fetch>[0]) => {
          const answer = await deps.http.fetch(r);
          statuses.push(answer.status);
          return answer;
        },
      },
      pageCache: {
        get: async (url: string) => pages.get(url) ?? null,
        set: async (url: string, page: CachedPage) => void pages.set(url, page),
      },
    };
    await collect(discover(counting, 'listing_site', request(fsbo.url)));
    statuses.length = 0;
    const again = await collect(discover(counting, 'listing_site', request(fsbo.url)));
    expect(recordsOf(again)).toHaveLength(22);
    expect(statuses.filter((s) => s === 304)).toHaveLength(27);
  });

  it('does not crawl a site without permission, nor one that needs a browser without one', async () => {
    const crawl = (more: Partial<SiteRequest>) =>
      collect(discover(testDeps(), 'listing_site', request('http://127.0.0.1:1', more)));
    await expect(crawl({ recipe: 'zillow' })).rejects.toMatchObject({ code: 'forbidden' });
    const url = await site(() => ({}));
    await expect(crawl({ recipe: 'zillow', operatorPermission: true, baseUrl: url })).rejects.toMatchObject({
      code: 'missing_part',
    });
  });
});

describe('politeness', () => {
  it('paces a host and bounds what runs at once', async () => {
    let clock = 0;
    let running = 0;
    let most = 0;
    const pacer = createPacer(
      () => clock,
      async (ms) => {
        clock += ms;
      },
    );
    const starts: number[] = [];
    const task = async () => {
      starts.push(clock);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 6 }, () => pacer.run('h', { requestsPerSecond: 2, concurrency: 1 }, task)));
    expect(most).toBe(1);
    expect(starts).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  });

  it('reads robots.txt for our name and Retry-After in both forms', () => {
    const robots = readRobots('http://h/robots.txt', 'User-agent: *\nCrawl-delay: 4\nDisallow: /x', 'reos/1 (+mail)');
    expect([robots.crawlDelaySeconds, robots.forbids('http://h/x/1') !== null, robots.forbids('http://h/y')]).toEqual([
      4,
      true,
      null,
    ]);
    const now = new Date('2026-01-01T00:00:00Z');
    expect([
      retryAfterSeconds('5', now),
      retryAfterSeconds('Thu, 01 Jan 2026 00:01:00 GMT', now),
      retryAfterSeconds('soon', now),
    ]).toEqual([5, 60, undefined]);
  });
});
