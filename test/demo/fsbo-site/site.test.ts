import { describe, expect, it } from 'vitest';
import { fsboHouses } from '../../../src/demo/fsbo-site/houses.ts';
import { startFsboSite } from '../../../src/demo/fsbo-site/site.ts';

describe('the bundled site of homes sold by owners', () => {
  it('serves the same 24 homes on three pages each time, with invented people only', async () => {
    const site = await startFsboSite();
    const get = async (path: string) => (await fetch(site.url + path)).text();
    const pages = await Promise.all([1, 2, 3].map((n) => get(`/homes?page=${n}`)));
    const links = pages.flatMap((page) => [...page.matchAll(/href="(\/homes\/[^"]+)"/g)].map((m) => m[1] ?? ''));
    expect(new Set(links).size).toBe(24);
    expect(pages.map((page) => page.includes('rel="next"'))).toEqual([true, true, false]);
    const details = await Promise.all(links.map(get));
    expect(details.filter((page) => !page.includes('</html>'))).toHaveLength(1);
    expect(details.filter((page) => page.includes('Call for price'))).toHaveLength(1);
    expect(
      details
        .join('')
        .match(/\d{3}-\d{3}-\d{4}/g)
        ?.every((phone) => phone.includes('-555-01')),
    ).toBe(true);
    expect(await get(links[0] ?? '')).toBe(details[0]);
    expect((await fetch(`${site.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${site.url}/homes`, { method: 'POST' })).status).toBe(405);
    await site.stop();
  });

  it('asks from clear bargains to far too much, around $450,000', () => {
    const prices = fsboHouses()
      .flatMap((h) => h.askingPriceDollars ?? [])
      .sort((a, b) => a - b);
    expect(prices[0]).toBeLessThan(200_000);
    expect(prices.at(-1)).toBeGreaterThan(900_000);
    expect(prices[Math.floor(prices.length / 2)]).toBeGreaterThan(300_000);
  });

  it('offers the parcels of the caller', () => {
    const parcel = {
      apn: '7129300520',
      latitude: 47.5,
      longitude: -122.2,
      livingAreaSqft: 1180,
      askingPriceDollars: 150_000,
    };
    const offered = fsboHouses([parcel]).filter((house) => house.parcelNumber === parcel.apn);
    expect(offered).toMatchObject([
      { latitude: 47.5, livingAreaSqft: 1180, askingPriceDollars: 150_000, broken: null },
    ]);
  });
});
