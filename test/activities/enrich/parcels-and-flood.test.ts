import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryLayer } from '../../../src/activities/enrich/arcgis.ts';
import { cookCountyAssessor, readRecords } from '../../../src/activities/enrich/cook-county-assessor.ts';
import { femaFlood, floodRiskOf, readFloodZone } from '../../../src/activities/enrich/fema-flood.ts';
import { kingCountyAssessor } from '../../../src/activities/enrich/king-county-assessor.ts';
import { hasRecorded, RECORDED, SUBJECT, startService, type TestService } from './serve.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());
const features = (...all: object[]) => ({ body: { features: all.map((attributes) => ({ attributes })) } });

describe('fema-flood', () => {
  const flood = () => femaFlood.fetch(service.deps(femaFlood), { ...SUBJECT, latitude: 47.6, longitude: -122.3 });

  it.each([
    ['X', 'AREA OF MINIMAL FLOOD HAZARD', 'low'],
    ['X', null, 'low'],
    ['X', '0.2 PCT ANNUAL CHANCE FLOOD HAZARD', 'moderate'],
    ['X', 'AREA WITH REDUCED FLOOD RISK DUE TO LEVEE', 'moderate'],
    ['A', null, 'high'],
    ['AE', 'FLOODWAY', 'high'],
    ['AO', null, 'high'],
    ['AH', null, 'high'],
    ['A99', null, 'high'],
    ['A12', null, 'high'],
    ['V', null, 'very_high'],
    ['VE', null, 'very_high'],
    ['D', null, 'undetermined'],
    ['OPEN WATER', null, 'undetermined'],
    ['AREA NOT INCLUDED', null, 'undetermined'],
    ['B', null, 'moderate'],
    ['C', null, 'low'],
  ] as const)('zone %s (%s) is %s', (zone, subtype, risk) => {
    expect(floodRiskOf(zone, subtype)).toBe(risk);
  });

  it('asks layer 28 at the point', async () => {
    service.reply(features({ FLD_ZONE: 'AE', ZONE_SUBTY: null, STATIC_BFE: 21 }));
    expect((await flood()).fields).toEqual({ floodZone: 'AE', floodRisk: 'high' });
    expect(service.asked[0]?.pathname).toBe('/base/28/query');
    expect(Object.fromEntries(service.asked[0]?.searchParams ?? [])).toMatchObject({
      geometry: '-122.3,47.6',
      inSR: '4326',
      f: 'json',
    });
  });

  it('takes the worst of several zones, and unmapped land as an empty answer', async () => {
    service.reply(features({ FLD_ZONE: 'X' }, { FLD_ZONE: 'VE' }, { FLD_ZONE: 'AE' }, { FLD_ZONE: null }));
    expect((await flood()).fields.floodRisk).toBe('very_high');
    service.reply(features());
    expect(await flood()).toMatchObject({ fields: {}, confidence: 0 });
  });

  it('reads −9999 as no elevation', () => {
    expect(readFloodZone({ attributes: { FLD_ZONE: 'AE', STATIC_BFE: -9999 } })?.baseFloodElevationFeet).toBeNull();
    expect(readFloodZone({ attributes: { FLD_ZONE: 'AE', STATIC_BFE: 12.5 } })?.baseFloodElevationFeet).toBe(12.5);
  });

  it.skipIf(!hasRecorded).each([
    ['nfhl-minimal-hazard.json', { floodZone: 'X', floodRisk: 'low' }],
    ['nfhl-zone-ae-pasadena.json', { floodZone: 'AE', floodRisk: 'high' }],
  ])('reads the recorded %s (needs ../shared/data/api/fema)', async (name, fields) => {
    service.reply({ body: readFileSync(join(RECORDED, 'fema', name), 'utf8') });
    expect((await flood()).fields).toEqual(fields);
  });

  it.skipIf(!hasRecorded).each(['us-ca-carson-0', 'us-ny-orange-0', 'us-pa-lancaster-0', 'us-al-cullman-0'])(
    'reads the features of the recorded %s (needs ../shared/data/api/arcgis)',
    async (name) => {
      service.reply({ body: readFileSync(join(RECORDED, 'arcgis', `${name}.json`), 'utf8') });
      const page = await queryLayer(service.deps(femaFlood), femaFlood, 0, {});
      expect(page.features.length).toBeGreaterThan(0);
    },
  );
});

describe('king-county-assessor', () => {
  const parcel = {
    PIN: '1234560070',
    ADDR_FULL: '4321 NE 12TH  ST',
    CTYNAME: 'SEATTLE',
    POSTALCTYNAME: 'SEATTLE',
    ZIP5: '98105',
    APPRLNDVAL: 300000,
    APPR_IMPR: 412000,
    LOTSQFT: 5000,
    PREUSE_DESC: 'Single Family(Res Use/Zone)',
    PROPTYPE: 'R',
  };
  const king = (more: object) => kingCountyAssessor.fetch(service.deps(kingCountyAssessor), { ...SUBJECT, ...more });

  it('asks by PIN and reads the parcel', async () => {
    service.reply({
      body: {
        features: [
          {
            attributes: parcel,
            geometry: {
              rings: [
                [
                  [-122.1, 47.1],
                  [-122.1, 47.3],
                  [-122.3, 47.3],
                  [-122.1, 47.1],
                ],
              ],
            },
          },
        ],
      },
    });
    const answer = await king({ apn: '123456-0070' });
    expect(answer.fields).toMatchObject({
      apn: '1234560070',
      address: '4321 NE 12TH ST',
      city: 'SEATTLE',
      state: 'WA',
      zipCode: '98105',
      assessedValueCents: 71_200_000,
      lotSizeSqft: 5000,
      propertyType: 'Residential',
      propertySubType: 'Single Family Residence',
    });
    expect(answer.fields.latitude).toBeCloseTo(47.2);
    expect(service.asked[0]?.searchParams.get('where')).toBe("PIN='1234560070'");
  });

  it('asks by point while no PIN is known, and leaves zero values out', async () => {
    service.reply(
      features({
        ...parcel,
        APPRLNDVAL: 0,
        APPR_IMPR: 0,
        LOTSQFT: 0,
        PREUSE_DESC: 'Park, Public',
        PROPTYPE: 'U',
        ADDR_FULL: ' ',
      }),
    );
    const answer = await king({ latitude: 47.6, longitude: -122.3 });
    expect(answer.fields).toEqual({ apn: '1234560070', city: 'SEATTLE', state: 'WA', zipCode: '98105' });
    expect(service.asked[0]?.searchParams.get('geometry')).toBe('-122.3,47.6');
  });

  it('covers King County only, and sends nothing but ten digits', () => {
    expect(kingCountyAssessor.coverage({ ...SUBJECT, apn: "1' OR '1'='1" })).toBe(false);
    expect(kingCountyAssessor.coverage({ ...SUBJECT, apn: '1234560070', countyFips: '17031' })).toBe(false);
  });

  it('takes an unknown PIN, or another parcel than asked for, as an empty answer', async () => {
    service.reply(features());
    expect((await king({ apn: '1234560070' })).fields).toEqual({});
    service.reply(features({ ...parcel, PIN: '9999999999' }));
    expect((await king({ apn: '1234560070' })).fields).toEqual({});
  });
});

describe('cook-county-assessor', () => {
  const addresses = [
    {
      pin: '16012160010000',
      prop_address_full: '1700 W TEST ST',
      prop_address_city_name: 'CHICAGO',
      prop_address_state: 'IL',
      prop_address_zipcode_1: '60608',
      mail_address_name: 'SAMPLE TRUST',
    },
  ];
  const values = [{ class: '203', year: '2024.0', mailed_tot: '31000', certified_tot: '30000' }];
  const card = {
    year: '2024',
    class: '203',
    char_yrblt: '1925',
    char_bldg_sf: '1200',
    char_land_sf: '3125',
    char_beds: '3',
    char_fbath: '1',
    char_hbath: '1',
    char_type_resd: '1.5 Story',
    char_repair_cnd: 'Average',
  };

  it('asks three data sets by PIN with leading zeros and a token header', async () => {
    service.reply({ body: addresses }, { body: values }, { body: [card] });
    const answer = await cookCountyAssessor.fetch(service.deps(cookCountyAssessor, 'tok'), {
      ...SUBJECT,
      countyFips: '17031',
      apn: '6012160010000',
    });
    expect(service.asked.map(({ pathname, searchParams }) => `${pathname}?${searchParams.get('pin')}`)).toEqual([
      '/base/3723-97qp.json?06012160010000',
      '/base/uzyt-m557.json?06012160010000',
      '/base/x54s-btds.json?06012160010000',
    ]);
    expect(service.headers[0]?.['x-app-token']).toBe('tok');
    expect(answer).toMatchObject({
      calls: 3,
      fields: {
        address: '1700 W TEST ST',
        city: 'CHICAGO',
        zipCode: '60608',
        ownerName: 'SAMPLE TRUST',
        assessedValueCents: 30_000_000,
        taxYear: 2024,
        sqft: 1200,
        lotSizeSqft: 3125,
        yearBuilt: 1925,
        bedrooms: 3,
        bathrooms: 1.5,
        stories: 1.5,
        condition: 3,
        propertyType: 'Residential',
      },
    });
  });

  it('sums the buildings of the latest year only', () => {
    const fields = readRecords(
      [],
      [],
      [
        card,
        { ...card, char_bldg_sf: '800', char_beds: '2', char_yrblt: '1990' },
        { ...card, year: '2023', char_bldg_sf: '9999' },
      ],
    );
    expect(fields).toMatchObject({ sqft: 2000, bedrooms: 5, yearBuilt: 1925 });
  });

  it('raises commercial values by their own level, and leaves unknown classes out', () => {
    expect(readRecords([], [{ class: '5-17', mailed_tot: '25000', year: '2024' }], []).assessedValueCents).toBe(
      10_000_000,
    );
    expect(readRecords([], [{ class: 'EX', mailed_tot: '25000' }], []).assessedValueCents).toBeUndefined();
  });

  it('takes a PIN without rows as an empty answer', async () => {
    service.reply({ body: [] });
    const answer = await cookCountyAssessor.fetch(service.deps(cookCountyAssessor), {
      ...SUBJECT,
      countyFips: '17031',
      apn: '16012160010000',
    });
    expect(answer).toMatchObject({ fields: {}, confidence: 0, calls: 3 });
  });
});
