import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACS_YEAR, censusAcs, parseAcsValue } from '../../../src/activities/enrich/census-acs.ts';
import { censusGeocoder } from '../../../src/activities/enrich/census-geocoder.ts';
import { hasRecorded, RECORDED, SUBJECT, startService, type TestService } from './serve.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());
const geocode = (subject: object) => censusGeocoder.fetch(service.deps(censusGeocoder), { ...SUBJECT, ...subject });
const acs = (subject: object, key?: string) =>
  censusAcs.fetch(service.deps(censusAcs, key), { ...SUBJECT, ...subject });

describe('ACS values', () => {
  const SENTINELS = [-666666666, -222222222, -333333333, -999999999, -888888888, -555555555];
  it('reads every sentinel, in every spelling, as null', () => {
    const spelling = fc.constantFrom<(value: number) => unknown>(
      (v) => v,
      String,
      (v) => `${v}.0`,
      (v) => ` ${v}.00 `,
      (v) => v.toExponential(8),
    );
    fc.assert(
      fc.property(fc.constantFrom(...SENTINELS), spelling, (value, write) => {
        expect(parseAcsValue(write(value))).toBeNull();
      }),
    );
  });
  it('reads what is no number as null, and counts as themselves', () => {
    fc.assert(
      fc.property(fc.nat(2_000_001), (value) => {
        expect(parseAcsValue(String(value))).toBe(value);
      }),
    );
    for (const value of [null, undefined, '', '-', '**', '(X)', 'N', 'null', '250,000+', Number.NaN])
      expect(parseAcsValue(value)).toBeNull();
  });
});

describe('census-acs', () => {
  const header = ['NAME', 'B19013_001E', 'B25077_001E', 'B01003_001E', 'B25064_001E', 'B25003_001E', 'B25003_002E'];
  const tract = { censusTract: '53033005302' };
  const row = ['Census Tract 53.02', '91000', '640500', '4210', '1790', '1800', '720'];

  it('asks for the tract and reads its row', async () => {
    service.reply({
      body: [
        [...header, 'state', 'county', 'tract'],
        [...row, '53', '033', '005302'],
      ],
    });
    const answer = await acs(tract, 'k3y');
    expect(answer).toMatchObject({
      fields: {
        medianIncomeCents: 9_100_000,
        medianHomeValueCents: 64_050_000,
        population: 4210,
        medianRentCents: 179_000,
        ownerOccupiedShare: 0.4,
      },
      calls: 1,
      simulated: false,
    });
    expect(answer.sourceUrl).not.toContain('k3y');
    const asked = service.asked[0];
    expect(asked?.pathname).toBe(`/base/${ACS_YEAR}/acs/acs5`);
    expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
      for: 'tract:005302',
      in: 'state:53 county:033',
      key: 'k3y',
    });
  });

  it('fills the gaps of a tract from the ZIP code area, at lower confidence', async () => {
    service.reply(
      { body: [header, ['t', '-666666666', '-666666666.0', '12', null, '0', '0']] },
      {
        body: [
          [...header, 'zip code tabulation area'],
          [...row, '98104'],
        ],
      },
    );
    const answer = await acs({ ...tract, zip: '98104-1234' });
    expect(service.asked[1]?.searchParams.get('for')).toBe('zip code tabulation area:98104');
    expect(answer.fields).toMatchObject({ population: 12, medianIncomeCents: 9_100_000, ownerOccupiedShare: 0.4 });
    expect(answer.calls).toBe(2);
    expect(answer.confidence).toBeLessThan(0.9);
  });

  it('takes an area without data (204, or a header alone) as an empty answer', async () => {
    service.reply({ status: 204, body: '' });
    expect(await acs(tract)).toMatchObject({ fields: {}, confidence: 0 });
    service.reply({ body: [header] });
    expect((await acs(tract)).fields).toEqual({});
  });

  it('calls a refused key by its name', async () => {
    service.reply({ headers: { 'content-type': 'text/html' }, body: '<html><title>Invalid Key</title></html>' });
    await expect(acs(tract, 'wrong')).rejects.toMatchObject({ code: 'auth_revoked' });
  });

  it.skipIf(!hasRecorded)('reads recorded rows (needs ../shared/data/api/census)', async () => {
    service.reply({
      body: readFileSync(join(RECORDED, 'census', 'acs5_2018_B19013_maryland_counties_first9.json'), 'utf8'),
    });
    expect((await acs(tract)).fields).toEqual({ medianIncomeCents: 6_114_500 });
  });
});

const match = (zip: string, city: string, state: string, x: number, y: number, geographies?: object) => ({
  matchedAddress: `1 MAIN ST, ${city}, ${state}, ${zip}`,
  coordinates: { x, y },
  tigerLine: { side: 'L', tigerLineId: '1' },
  addressComponents: { zip, city, state, streetName: 'MAIN' },
  ...(geographies === undefined ? {} : { geographies }),
});
const inKing = { Counties: [{ GEOID: '53033' }], 'Census Tracts': [{ GEOID: '53033005302' }] };
const matches = (...all: object[]) => ({ body: { result: { input: {}, addressMatches: all } } });

describe('census-geocoder', () => {
  it('gives the tract of a point', async () => {
    service.reply({ body: { result: { input: {}, geographies: inKing } } });
    const answer = await geocode({ latitude: 47.66, longitude: -122.31 });
    expect(answer).toMatchObject({ fields: { censusTract: '53033005302' }, confidence: 0.95, calls: 1 });
    expect(service.asked[0]?.pathname).toBe('/base/geographies/coordinates');
    expect(Object.fromEntries(service.asked[0]?.searchParams ?? [])).toMatchObject({
      x: '-122.31',
      y: '47.66',
      benchmark: 'Public_AR_Current',
      vintage: 'Current_Current',
    });
  });

  it('doubts a point in another county, and knows nothing of one at sea', async () => {
    service.reply({ body: { result: { geographies: inKing } } });
    expect((await geocode({ latitude: 47.66, longitude: -122.31, countyFips: '53061' })).confidence).toBe(0.5);
    service.reply({ body: { result: { geographies: { Counties: [], 'Census Tracts': [], States: null } } } });
    expect((await geocode({ latitude: 0, longitude: 0 })).fields).toEqual({});
  });

  it('gives coordinates, tract and ZIP code of an address', async () => {
    service.reply(matches(match('98105', 'SEATTLE', 'WA', -122.31, 47.66, inKing)));
    const answer = await geocode({ address: '1 Main St', city: 'Seattle', state: 'WA', zip: '98105' });
    expect(answer.fields).toEqual({
      latitude: 47.66,
      longitude: -122.31,
      censusTract: '53033005302',
      zipCode: '98105',
      city: 'SEATTLE',
      state: 'WA',
    });
    expect(service.asked[0]?.searchParams.get('address')).toBe('1 Main St, Seattle, WA 98105');
  });

  it('asks again for the tract when the match has none', async () => {
    service.reply(matches(match('98105', 'SEATTLE', 'WA', -122.31, 47.66)), {
      body: { result: { geographies: inKing } },
    });
    expect(await geocode({ address: '1 Main St', zip: '98105' })).toMatchObject({
      fields: { censusTract: '53033005302' },
      calls: 2,
    });
  });

  it('takes no match, a match in another county, and several places as an empty answer', async () => {
    service.reply(matches());
    expect(await geocode({ address: '1 Main St', zip: '98105' })).toMatchObject({
      fields: {},
      confidence: 0,
      calls: 1,
    });
    service.reply(
      matches(match('98402', 'TACOMA', 'WA', -122.44, 47.25, { Counties: [{ GEOID: '53053' }], 'Census Tracts': [] })),
    );
    expect((await geocode({ address: '1 Main St', city: 'Tacoma', state: 'WA' })).fields).toEqual({});
    service.reply(
      matches(
        match('98105', 'SEATTLE', 'WA', -122.31, 47.66, inKing),
        match('98118', 'SEATTLE', 'WA', -122.27, 47.54, inKing),
      ),
    );
    expect((await geocode({ address: '1 Main St', city: 'Seattle', state: 'WA' })).fields).toEqual({});
  });

  it('chooses among several by ZIP code, city and state', async () => {
    const several = matches(
      match('97477', 'SPRINGFIELD', 'OR', -123, 44),
      match('98118', 'SEATTLE', 'WA', -122.27, 47.54, inKing),
      match('98105', 'SEATTLE', 'WA', -122.31, 47.66, inKing),
    );
    service.reply(several);
    expect((await geocode({ address: '1 Main St', city: 'Seattle', state: 'WA', zip: '98118' })).fields.latitude).toBe(
      47.54,
    );
  });

  it.skipIf(!hasRecorded)('reads recorded answers (needs ../shared/data/api/census)', async () => {
    const read = (name: string) => readFileSync(join(RECORDED, 'census', name), 'utf8');
    const cassette = (name: string): string =>
      (
        parse(read(name).replaceAll(/!!python\/\S+/g, '')) as {
          interactions: { response: { body: { string: string } } }[];
        }
      ).interactions[0]?.response.body.string ?? '';
    service.reply(
      { body: read('geocoder-match-1300-perdido-st.json') },
      { body: { result: { geographies: { 'Census Tracts': [{ GEOID: '22071013400' }] } } } },
    );
    expect((await geocode({ address: '1300 Perdido St', zip: '70112', countyFips: '22071' })).fields).toMatchObject({
      latitude: 29.952439235888,
      zipCode: '70112',
    });
    service.reply({ body: read('geocoder-ambiguous-100-main-st.json') });
    expect((await geocode({ address: '100 Main St', city: 'Springfield', state: null, zip: '00000' })).fields).toEqual(
      {},
    );
    service.reply({ body: read('geocoder-no-match-9400-clinton.json') });
    expect((await geocode({ address: '9400 Clinton Dr', zip: '77029' })).fields).toEqual({});
    service.reply({ body: cassette('censusgeocode_coordinates.yaml') });
    expect(await geocode({ latitude: 43, longitude: -74, countyFips: '36091' })).toMatchObject({
      fields: { censusTract: '36091061500' },
      confidence: 0.95,
    });
    service.reply({ body: cassette('censusgeocode_onelineaddress.yaml') });
    expect(
      (
        await geocode({
          address: '1600 Pennsylvania Avenue NW',
          city: 'Washington',
          state: 'DC',
          zip: '20500',
          countyFips: '11001',
        })
      ).fields,
    ).toMatchObject({ censusTract: '11001006202' });
  });
});
