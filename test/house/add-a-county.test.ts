import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadRecipes } from '../../src/activities/discover/recipe-load.ts';
import { discover } from '../../src/activities/discover/registry.ts';
import type { DiscoverDeps, DiscoveredItem } from '../../src/activities/discover/source.ts';
import { declareSchedules } from '../../src/client/schedules.ts';
import { openCounties } from '../../src/config/county-index.ts';

const CONFIG = resolve(import.meta.dirname, '../../config');
const PAGE = `<!doctype html><html><head><link rel="canonical" href="https://homes.example.com/1"><script type="application/ld+json">
{"@context":"https://schema.org","@type":"SingleFamilyResidence","name":"12 Harbor St","url":"https://homes.example.com/1",
 "address":{"@type":"PostalAddress","streetAddress":"12 Harbor St","addressLocality":"Tacoma","addressRegion":"WA","postalCode":"98402"},
 "geo":{"latitude":47.25,"longitude":-122.44},"floorSize":{"value":1500,"unitCode":"FTK"},"numberOfBedrooms":3,
 "offers":{"@type":"Offer","price":420000,"priceCurrency":"USD"}}</script></head><body><h1>12 Harbor St</h1></body></html>`;

it('adds a county with one file, and reads a page of a known portal in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reos-county-'));
  try {
    await cp(CONFIG, folder, { recursive: true });
    const king = await readFile(join(CONFIG, 'counties', 'king-wa.yaml'), 'utf8');
    const pierce = king
      .replace(/^name: .*$/m, 'name: Pierce County')
      .replace(/^fips: .*$/m, 'fips: "53053"')
      .replace(/^slug: .*$/m, 'slug: pierce-wa');
    await writeFile(join(folder, 'counties', 'pierce-wa.yaml'), pierce);

    const counties = await openCounties(folder);
    const county = counties.find('pierce-wa');
    expect(county.fips).toBe('53053');
    expect(declareSchedules(counties.all).map(({ id }) => id)).toContain('discovery_offmarket:pierce-wa');

    const page = join(folder, 'home.html');
    await writeFile(page, PAGE);
    const request = {
      path: page,
      recipes: await loadRecipes(folder),
      countyFips: county.fips,
      countyBox: county.bounds,
    };
    const items: DiscoveredItem[] = [];
    for await (const item of discover(NOTHING, 'saved_page', request)) items.push(item);
    expect(items.find((item) => item.type === 'record')).toMatchObject({
      record: { ListPrice: 420_000, City: 'Tacoma' },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const NOTHING: DiscoverDeps = {
  http: { fetch: () => Promise.reject(new Error('a saved page needs no request')) },
  clock: () => new Date('2026-11-01T00:00:00Z'),
  userAgent: 'reos-test',
  savePage: async () => 'saved',
};
