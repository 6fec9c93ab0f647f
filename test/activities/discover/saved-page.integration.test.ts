import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findWall } from '../../../src/activities/discover/bot-wall.ts';
import { discover } from '../../../src/activities/discover/registry.ts';
import type { SavedPageRequest } from '../../../src/activities/discover/source.ts';
import { collect, quarantinedOf, recipes, recordsOf, sharedData, tempFile, testDeps } from './support.ts';

const html = join(sharedData, 'html');
const readPath = (path: string, more: Partial<SavedPageRequest> = {}) =>
  collect(discover(testDeps(), 'saved_page', { path, recipes, ...more }));
const read = (page: string, more: Partial<SavedPageRequest> = {}) => readPath(tempFile('page.html', page), more);

const card = (n: number, link = true, price = '$500,000') => `<article data-test="property-card" id="zpid_${n}">
  ${link ? `<a data-test="property-card-link" href="/homedetails/${n}_zpid/"><address>${n} Elm St, Kent, WA 98042</address></a>` : ''}
  <span data-test="property-card-price">${price}</span><ul><li><b>3</b> bds</li><li><b>2</b> ba</li><li><b>1,700</b> sqft</li></ul> - House for sale</article>`;

describe('saved pages', () => {
  it('reads cards, keeps a broken one with the reason, and knows a rental', async () => {
    const items = await read(
      `<html><body>${card(1)}${card(2)}${card(3, false, '')}${card(4, true, '$2,045+/mo')}</body></html>`,
    );
    expect(recordsOf(items).map((i) => i.record)).toMatchObject([
      {
        source: 'zillow',
        source_id: '1',
        ListPrice: 500_000,
        LivingArea: 1700,
        BedroomsTotal: 3,
        PropertyType: 'Residential',
        City: 'Kent',
      },
      { source_id: '2', url: 'https://www.zillow.com/homedetails/2_zpid/' },
    ]);
    expect(quarantinedOf(items).map((q) => q.reasons.map((r) => r.code))).toEqual([
      ['required', 'required'],
      ['not_for_sale'],
    ]);
  });

  it('reads state nested as JSON in JSON', async () => {
    const property = {
      zpid: 7,
      streetAddress: '7 Elm St',
      city: 'Kent',
      state: 'WA',
      zipcode: '98042',
      price: 610000,
      livingArea: 2000,
      homeType: 'CONDO',
      homeStatus: 'FOR_SALE',
      yearBuilt: 1999,
    };
    const state = {
      props: { pageProps: { componentProps: { gdpClientCache: JSON.stringify({ 'Query{7}': { property } }) } } },
    };
    const [item] = recordsOf(
      await read(`<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(state)}</script>`),
    );
    expect(item?.record).toMatchObject({
      source_id: '7',
      ListPrice: 610_000,
      PropertySubType: 'Condominium',
      StandardStatus: 'Active',
    });
  });

  it('reads schema.org data of a site without a recipe', async () => {
    const ld = [
      { '@type': 'BreadcrumbList' },
      {
        '@type': ['Product', 'House'],
        name: 'x',
        url: 'https://homes.example/9',
        floorSize: { value: 150, unitCode: 'MTK' },
        numberOfBedrooms: 3,
        address: { streetAddress: '9 Elm St', addressLocality: 'Kent', addressRegion: 'WA', postalCode: '98042' },
        offers: { price: '399,000' },
      },
    ];
    const [item] = recordsOf(
      await read(`<script type="application/ld+json">${JSON.stringify({ '@graph': ld })}</script>`),
    );
    expect(item?.record).toMatchObject({
      source: 'any-json-ld',
      ListPrice: 399_000,
      LivingArea: 1614.59,
      BedroomsTotal: 3,
      City: 'Kent',
    });
  });

  it('says layout changed with recipe and missing signs', async () => {
    await expect(read('<html><body><h1>New design</h1></body></html>', { recipe: 'redfin' })).rejects.toThrow(
      /layout changed: recipe redfin.*selector.*sites\/redfin\.yaml/s,
    );
    await expect(read('<html></html>')).rejects.toThrow(/no site recipe fits/);
    await expect(read('<html></html>', { recipe: 'zilow' })).rejects.toThrow(/did you mean "zillow"/);
  });

  it('never takes a wall for an empty page', async () => {
    const challenge = '<html><script>window.gokuProps={}</script><div id="challenge-container"></div></html>';
    expect(await read(challenge, { status: 202, url: 'https://www.redfin.com/x' })).toMatchObject([
      { type: 'blocked', status: 202 },
    ]);
    expect(await read(challenge)).toMatchObject([{ type: 'blocked' }]);
    expect(findWall(403, '<h1>Forbidden</h1>')?.kind).toBe('wall');
    expect(findWall(404, '')?.kind).toBe('gone');
    expect(findWall(200, '<title>Just a moment...</title>')?.kind).toBe('challenge');
    expect(
      findWall(
        200,
        `<p>${'A home with a view. '.repeat(400)}</p><script src="recaptcha"></script><i class="g-recaptcha"></i>`,
      ),
    ).toBeNull();
  });
});

describe.skipIf(!existsSync(html))('real saved pages (needs ../shared/data/html)', () => {
  const page = (path: string) => readPath(join(html, path));
  const truth = existsSync(html)
    ? (JSON.parse(readFileSync(join(html, 'ground-truth.json'), 'utf8')) as Record<string, Record<string, unknown>>)
    : {};

  it('Zillow detail says what its own state says', async () => {
    const path = 'zillow/detail_714-California-Ave-Venice-CA_20451807.html';
    const t = truth[`html/${path}`] ?? {};
    const record = recordsOf(await page(path))[0]?.record;
    expect(record).toMatchObject({
      source_id: String(t['zpid']),
      UnparsedAddress: t['streetAddress'],
      City: t['city'],
      StateOrProvince: t['state'],
      PostalCode: t['zipcode'],
      ListPrice: t['price'],
      BedroomsTotal: t['bedrooms'],
      BathroomsTotalInteger: t['bathrooms'],
      LivingArea: t['livingArea'],
      YearBuilt: t['yearBuilt'],
      ParcelNumber: t['parcelId'],
      LotSizeSquareFeet: t['lotSize'],
      CountyFips: t['countyFIPS'],
      Latitude: t['latitude'],
      Longitude: t['longitude'],
      DaysOnMarket: t['daysOnZillow'],
      ListingId: t['mlsid'],
    });
  });

  it('Zillow search, Redfin list and Realtor.com detail agree with theirs', async () => {
    const first3 = truth['html/zillow/search_77005_houston_tx.html']?.['first3'] as Array<Record<string, unknown>>;
    const zillow = recordsOf(await page('zillow/search_77005_houston_tx.html')).map((i) => i.record);
    expect(zillow).toHaveLength(41);
    for (const [i, t] of first3.entries()) {
      expect(zillow[i]).toMatchObject({
        source_id: t['zpid'],
        ListPrice: t['unformattedPrice'],
        BedroomsTotal: t['beds'],
        BathroomsTotalInteger: t['baths'],
        LivingArea: t['area'],
        url: t['detailUrl'],
      });
    }
    const redfin = recordsOf(await page('redfin/zipcode_75230_dallas_tx.html')).map((i) => i.record);
    expect(redfin).toHaveLength(41);
    expect(redfin.slice(0, 5).map((r) => `$${r.ListPrice?.toLocaleString('en-US')}`)).toEqual(
      truth['html/redfin/zipcode_75230_dallas_tx.html']?.['first_prices'],
    );
    const realtor = recordsOf(await page('realtor/detail_pwb_us_realtor.html'))[0]?.record;
    expect(realtor).toMatchObject({
      ListPrice: 1_495_000,
      BedroomsTotal: 1,
      LivingArea: null,
      YearBuilt: 1962,
      LotSizeSquareFeet: 14_449,
      PropertySubType: 'Condominium',
      UnparsedAddress: '2200 Pacific Ave Unit 1B',
    });
  });

  it('assessors, auctions and rentals come out as what they are', async () => {
    expect(recordsOf(await page('assessor-scarsdale-ny/7-autenrieth-rd.htm'))[0]?.record).toMatchObject({
      record_kind: 'parcel',
      ParcelNumber: '02.04.6',
      LivingArea: 3274,
      LotSizeSquareFeet: 17_424,
      YearBuilt: 1907,
      TaxAssessedValue: 1_279_000,
    });
    expect(recordsOf(await page('assessor-brevard-fl/search-result-2815275.html')).map((i) => i.record)).toMatchObject([
      { source_id: '2815275', ParcelNumber: '28-36-35-EY-00598.0-0004.00' },
    ]);
    expect(recordsOf(await page('realforeclose/duval_fl_area_w_decoded_row.html'))[0]?.record).toMatchObject({
      ParcelNumber: '035892-0000',
      City: 'JACKSONVILLE',
      PostalCode: '32208',
    });
    for (const rentals of [
      'zillow/search_rentals_boston_20260402.html',
      'zillow/search_card_parse_error.html',
      'craigslist/search_apa_vancouver_2021.html',
    ]) {
      const items = await page(rentals);
      expect(recordsOf(items)).toEqual([]);
      expect(quarantinedOf(items).every((q) => q.reasons.some((r) => r.code === 'not_for_sale'))).toBe(true);
    }
  });

  it.each(['redfin_202_detail', 'redfin_404_zip', 'zillow_403_search_02129'])('%s is blocked', async (name) => {
    expect(await page(`blocked/${name}.html`)).toMatchObject([{ type: 'blocked' }]);
  });
});
