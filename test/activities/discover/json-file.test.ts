import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/activities/discover/registry.ts';
import { collect, quarantinedOf, recipes, recordsOf, tempFile, testDeps } from './support.ts';

const HOUSE = {
  address: '12 Oak St',
  city: 'Kent',
  zip: '98042',
  price: 450000,
  sqft: 1800,
  home_type: 'SINGLE_FAMILY',
  beds: 3,
};
const read = (name: string, content: unknown) =>
  collect(
    discover(testDeps(), 'json_file', {
      path: tempFile(name, typeof content === 'string' ? content : JSON.stringify(content, null, 1)),
      recipes,
    }),
  );

describe('json files', () => {
  it.each([
    ['an array', 'a.json', [HOUSE, HOUSE]],
    ['items', 'a.json', { total: 2, items: [HOUSE, HOUSE] }],
    ['an OData value on one line', 'a.json', JSON.stringify({ '@odata.context': 'x', value: [HOUSE, HOUSE] })],
    ['nested data.results', 'a.json', { data: { results: [HOUSE, HOUSE] } }],
    ['JSON lines', 'a.json', `${JSON.stringify(HOUSE)}\n${JSON.stringify(HOUSE)}\n`],
    ['ndjson', 'a.ndjson', `${JSON.stringify(HOUSE)}\n\n${JSON.stringify(HOUSE)}`],
  ])('reads %s', async (_kind, name, content) => {
    const records = recordsOf(await read(name, content));
    expect(records).toHaveLength(2);
    expect(records[0]?.record).toMatchObject({ ListPrice: 450_000, LivingArea: 1800, BedroomsTotal: 3, City: 'Kent' });
  });

  it('reads GeoJSON points and polygons as places', async () => {
    const properties = { APN: '1-2', Address: '1 Elm St' };
    const features = [
      { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [-122.1, 47.4] } },
      {
        type: 'Feature',
        properties,
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [-122, 47],
              [-121, 47],
              [-121, 48],
              [-122, 48],
              [-122, 47],
            ],
          ],
        },
      },
    ];
    const records = recordsOf(await read('p.geojson', { type: 'FeatureCollection', features }));
    expect(records.map(({ record }) => [record.record_kind, record.Latitude, record.Longitude])).toEqual([
      ['parcel', 47.4, -122.1],
      ['parcel', 47.5, -121.5],
    ]);
  });

  it('quarantines a broken record with its line and reads the others', async () => {
    const items = await read('b.ndjson', `${JSON.stringify(HOUSE)}\n{"price": 4,\n${JSON.stringify(HOUSE)}\n`);
    expect(recordsOf(items)).toHaveLength(2);
    expect(quarantinedOf(items)).toMatchObject([{ rowReference: 'b.ndjson:2', reasons: [{ code: 'broken_json' }] }]);
  });

  it('keeps values among the records that are no records', async () => {
    const items = await read('m.json', `[${JSON.stringify(HOUSE)}, "a, ]b", null,\n [1, 2], ${JSON.stringify(HOUSE)}]`);
    expect(recordsOf(items)).toHaveLength(2);
    expect(quarantinedOf(items).map((q) => [q.rowReference, q.payload['text']])).toEqual([
      ['m.json:1', '"a, ]b"'],
      ['m.json:1', 'null'],
      ['m.json:2', '[1, 2]'],
    ]);
  });

  it.each([
    ['an empty file', '', /^x\.json:1: the file is empty/],
    ['no records', '{"a": 1, "b": {"c": 2}}', /^x\.json:1: no record/],
    ['a file cut off', '[{"address": "12 Oak', /^x\.json:1: the document ends before it is complete/],
    [
      'a record without end',
      `[{"address": "${'x'.repeat(1_200_000)}"}]`,
      /^x\.json:1: the record that starts here is longer than 1 MiB/,
    ],
  ])('refuses %s', async (_what, content, message) => {
    await expect(read('x.json', content)).rejects.toThrow(message);
  });
});
