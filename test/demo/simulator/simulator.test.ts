import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chooseBaseUrls, probeProviders } from '../../../src/activities/enrich/probe.ts';
import type { EnrichmentSubject } from '../../../src/activities/enrich/provider.ts';
import { PROVIDER_NAMES, PROVIDERS, type ProviderName } from '../../../src/activities/enrich/registry.ts';
import { type FailureMode, type Simulator, startSimulator } from '../../../src/demo/simulator/server.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import type { HttpClient } from '../../../src/http/types.ts';

const RECORDED = join(process.cwd(), '..', 'shared', 'data', 'api');
const SEED = {
  pin: '1234560070',
  countyFips: '53033',
  latitude: 47.6712,
  longitude: -122.3441,
  zip: '98103',
  valueDollars: 500_000,
};
let simulator: Simulator;
let http: HttpClient;
beforeAll(async () => {
  simulator = await startSimulator({ parcels: [SEED] });
  http = createHttpClient({ userAgent: 'test', trustedOrigins: [simulator.url] });
});
afterAll(() => simulator.stop());
afterEach(() => simulator.recover());

const subject: EnrichmentSubject = {
  propertyId: 'p',
  countyFips: '53033',
  countySlug: 'king-wa',
  apn: SEED.pin,
  address: null,
  city: null,
  state: 'WA',
  zip: '98103',
  latitude: SEED.latitude,
  longitude: SEED.longitude,
  censusTract: null,
};
const ask = (name: ProviderName, more: Partial<EnrichmentSubject> = {}) =>
  PROVIDERS[name].fetch({ http, baseUrls: simulator.baseUrls }, { ...subject, ...more });
const get = async (provider: ProviderName, path: string, searchParams: Record<string, string>): Promise<unknown> =>
  JSON.parse((await http.fetch({ url: simulator.baseUrls[provider] + path, searchParams })).body.toString());

describe('the simulator as the providers see it', () => {
  it('fills what they declare, marked as simulated', async () => {
    const tract = (await ask('census-geocoder')).fields.censusTract ?? null;
    expect(tract).toMatch(/^53033\d{6}$/);
    const people = await ask('census-acs', { censusTract: tract });
    expect(people.fields.medianIncomeCents).toBeGreaterThanOrEqual(5_500_000);
    expect(people.fields.medianIncomeCents).toBeLessThanOrEqual(16_000_000);
    expect(people.fields.medianHomeValueCents).toBeGreaterThanOrEqual(25_000_000);
    expect(people.fields.medianHomeValueCents).toBeLessThanOrEqual(120_000_000);
    const parcel = await ask('king-county-assessor');
    expect(parcel.fields).toMatchObject({ apn: SEED.pin, zipCode: '98103', state: 'WA', city: 'SEATTLE' });
    expect(parcel.fields.assessedValueCents).toBeGreaterThan(40_000_000);
    expect(parcel.fields.assessedValueCents).toBeLessThan(54_000_000);
    const flood = await ask('fema-flood');
    expect(flood.fields.floodZone).toBeDefined();
    const cook = await ask('cook-county-assessor', { countyFips: '17031', apn: '16012160010000' });
    expect(cook.fields).toMatchObject({ state: 'IL', ownerName: 'OWNER OF RECORD', taxYear: 2024 });
    for (const answer of [people, parcel, flood, cook]) expect(answer.simulated).toBe(true);
  });

  it('geocodes the address that its assessor gave to the same parcel', async () => {
    const { address, city, zipCode } = (await ask('king-county-assessor')).fields;
    const found = await ask('census-geocoder', {
      latitude: null,
      longitude: null,
      address: address ?? null,
      city: city ?? null,
      zip: zipCode ?? null,
    });
    expect(found.fields).toMatchObject({ latitude: SEED.latitude, longitude: SEED.longitude, zipCode: '98103' });
  });

  it('knows no place at sea and no address without a number', async () => {
    expect((await ask('census-geocoder', { latitude: 30, longitude: -150 })).fields).toEqual({});
    expect((await ask('fema-flood', { latitude: 30, longitude: -150 })).fields).toEqual({});
    expect(
      (await ask('census-geocoder', { latitude: null, longitude: null, address: 'Nowhere', zip: '98103' })).fields,
    ).toEqual({});
  });

  it('answers the same after a restart, and differently for other places', async () => {
    const again = await startSimulator({ parcels: [SEED] });
    const other = createHttpClient({ userAgent: 'test', trustedOrigins: [again.url] });
    for (const name of PROVIDER_NAMES) {
      const where =
        name === 'cook-county-assessor'
          ? { countyFips: '17031', apn: '16012160010000' }
          : { censusTract: '53033335701' };
      const second = await PROVIDERS[name].fetch({ http: other, baseUrls: again.baseUrls }, { ...subject, ...where });
      expect((await ask(name, where)).fields).toEqual(second.fields);
    }
    await again.stop();
    const south = await ask('census-acs', { censusTract: '53033171501' });
    const east = await ask('census-acs', { censusTract: '53033301901' });
    expect(Number(east.fields.medianHomeValueCents)).toBeGreaterThan(Number(south.fields.medianHomeValueCents) * 1.5);
  });

  it('finds mostly minimal flood hazard and some zone AE', async () => {
    const zones = new Map<string, number>();
    for (let row = 0; row < 20; row += 1) {
      for (let column = 0; column < 10; column += 1) {
        const { floodRisk } = (
          await ask('fema-flood', { latitude: 47.2 + row * 0.028, longitude: -122.4 + column * 0.021 })
        ).fields;
        zones.set(String(floodRisk), (zones.get(String(floodRisk)) ?? 0) + 1);
      }
    }
    expect(zones.get('low')).toBeGreaterThan(150);
    expect(zones.get('high')).toBeGreaterThan(1);
  });
});

describe('failures on request', () => {
  it.each<[FailureMode, string]>([
    ['down', 'transient'],
    ['http_500', 'transient'],
    ['http_503', 'transient'],
    ['http_429', 'transient'],
    ['http_403', 'auth_revoked'],
    ['html', 'transient'],
    ['malformed', 'transient'],
    ['arcgis_error', 'transient'],
    ['empty', 'transient'],
  ])('%s comes through as %s', async (mode, code) => {
    simulator.fail('fema-flood', mode);
    await expect(ask('fema-flood')).rejects.toMatchObject({ code });
    expect((await ask('census-geocoder')).fields.censusTract).toBeDefined();
  });

  it('ends after the number of times asked for, and is in the ledger', async () => {
    simulator.fail('fema-flood', 'http_429', 1);
    await expect(ask('fema-flood')).rejects.toMatchObject({ retryAfterSeconds: 2 });
    expect((await ask('fema-flood')).simulated).toBe(true);
    expect(simulator.ledger.slice(-2)).toMatchObject([
      { provider: 'fema-flood', status: 429, failure: 'http_429' },
      { provider: 'fema-flood', status: 200, failure: null },
    ]);
  });

  it('shows in the probe, which takes no longer than its time-out', async () => {
    simulator.fail('census-acs', 'hang');
    simulator.fail('fema-flood', 'down');
    const started = Date.now();
    const probes = await probeProviders(http, simulator.baseUrls, 300);
    expect(Date.now() - started).toBeLessThan(1500);
    expect(Object.fromEntries(probes.map(({ provider, answers }) => [provider, answers]))).toEqual({
      'census-geocoder': true,
      'census-acs': false,
      'fema-flood': false,
      'king-county-assessor': true,
      'cook-county-assessor': true,
    });
    expect(probes.find(({ provider }) => provider === 'census-acs')?.reason).toMatch(/did not answer/);
    expect(probes.every(({ answers, simulated }) => answers === simulated)).toBe(true);
    const chosen = chooseBaseUrls(probes, { 'census-acs': 'http://127.0.0.1:1/data' });
    expect(chosen['census-acs']).toBe('http://127.0.0.1:1/data');
    expect(chosen['census-geocoder']).toBe(simulator.baseUrls['census-geocoder']);
    expect(chosen['fema-flood']).toBe(simulator.baseUrls['fema-flood']);
  });
});

/** Every path of keys in a value; list items share one path. Census blocks are named after their decade. */
function keyPaths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => keyPaths(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = `${path}.${key.replace(/^20\d0 Census Blocks$/, 'Census Blocks')}`;
    return [here, ...keyPaths(item, here)];
  });
}

describe.skipIf(!existsSync(RECORDED))(
  'the simulated answers have the keys of the recorded ones (needs ../shared/data/api)',
  () => {
    const recorded = (name: string) => readFileSync(join(RECORDED, name), 'utf8');
    const cassette = (name: string): unknown => {
      const tape = parse(recorded(name).replaceAll(/!!python\/\S+/g, '')) as {
        interactions: { response: { body: { string: string } } }[];
      };
      return JSON.parse(tape.interactions[0]?.response.body.string ?? '');
    };
    const vintage = { benchmark: 'Public_AR_Current', vintage: 'Current_Current', format: 'json' };

    it('geocoder, by coordinates', async () => {
      const answer = await get('census-geocoder', '/geographies/coordinates', { x: '-122.3', y: '47.6', ...vintage });
      expect(keyPaths(answer).sort()).toEqual(keyPaths(cassette('census/censusgeocode_coordinates.yaml')).sort());
    });

    it('geocoder, by address: with and without geographies, and without a match', async () => {
      const address = { address: '100 Main St, Seattle, WA 98103', ...vintage };
      const plain = JSON.parse(recorded('census/geocoder-match-1300-perdido-st.json')) as unknown;
      expect(keyPaths(await get('census-geocoder', '/locations/onelineaddress', address)).sort()).toEqual(
        keyPaths(plain).sort(),
      );
      const withPlaces = keyPaths(await get('census-geocoder', '/geographies/onelineaddress', address)).filter(
        (path) => !path.includes('.input'),
      );
      const recordedPlaces = keyPaths(cassette('census/censusgeocode_address-geographies.yaml')).filter(
        (path) => !path.includes('.input'),
      );
      expect(withPlaces.sort()).toEqual(recordedPlaces.sort());
      const none = JSON.parse(recorded('census/geocoder-no-match-9400-clinton.json')) as unknown;
      expect(keyPaths(await get('census-geocoder', '/locations/onelineaddress', { address: 'x' })).sort()).toEqual(
        keyPaths(none).sort(),
      );
    });

    it('ACS: a header row and rows of text', async () => {
      const rows = (await get('census-acs', '/2023/acs/acs5', {
        get: 'NAME,B19013_001E',
        for: 'tract:335701',
        in: 'state:53 county:033',
      })) as string[][];
      const real = JSON.parse(recorded('census/acs5_2018_B19013_maryland_counties_first9.json')) as string[][];
      expect(rows[0]?.slice(0, 4)).toEqual(real[0]);
      expect(rows[1]?.map((value) => typeof value)).toEqual(rows[0]?.map(() => 'string'));
    });

    it.each(['nfhl-minimal-hazard.json', 'nfhl-zone-ae-pasadena.json'])('FEMA: %s', async (name) => {
      const answer = await get('fema-flood', '/28/query', {
        geometry: '-122.3,47.6',
        geometryType: 'esriGeometryPoint',
        inSR: '4326',
        returnGeometry: 'false',
        f: 'json',
        outFields: 'FLD_ZONE,ZONE_SUBTY,SFHA_TF,DFIRM_ID,FLD_AR_ID,STATIC_BFE,SOURCE_CIT',
      });
      expect(keyPaths(answer).sort()).toEqual(keyPaths(JSON.parse(recorded(`fema/${name}`))).sort());
    });

    it('an ArcGIS layer', async () => {
      const answer = await get('king-county-assessor', '/2/query', {
        where: "PIN='1234560070'",
        outFields: '*',
        returnGeometry: 'false',
        f: 'json',
      });
      const top = Object.keys(JSON.parse(recorded('arcgis/us-ca-carson-0.json')) as object).filter(
        (key) => !/geometry|spatial/i.test(key),
      );
      expect(Object.keys(answer as object).sort()).toEqual(top.sort());
    });
  },
);
