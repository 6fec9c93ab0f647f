import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayoutHints } from '../../../../src/activities/market/layouts/layout.ts';
import { LAYOUTS } from '../../../../src/activities/market/layouts/registry.ts';
import { parseFigure, parseMonth } from '../../../../src/activities/market/layouts/values.ts';

const read = (header: string[], rows: string[][], file?: string, hints: LayoutHints = {}) => {
  const plan = LAYOUTS.map((layout) => layout.recognise(header, rows, { ...hints, file })).find((one) => one !== null);
  const all = plan?.headerIsData === true ? [header, ...rows] : rows;
  return { layout: plan?.layout, read: all.map((row) => plan?.read(row)) };
};

describe('published numbers', () => {
  it('are what is printed', () => {
    expect(['$276K', '1.30%', '-0.20%', '"x', '371,041', '.', ' - ', '97.80%', '5.'].map(parseFigure)).toEqual([
      276000,
      0.013,
      -0.002,
      undefined,
      371041,
      null,
      null,
      0.978,
      5,
    ]);
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (x) => parseFigure(String(x)) === (x === 0 ? 0 : x),
      ),
    );
    expect(['Feb-19', 'February 2019', '2019-02', '2/28/19', 'soon'].map(parseMonth)).toEqual([
      '2019-02-01',
      '2019-02-01',
      '2019-02-01',
      '2019-02-01',
      null,
    ]);
  });
});

describe('layouts', () => {
  it('are known by their headers', () => {
    const fhfa = read(
      ['Name', 'Statistical Area Number', 'Year', 'Quarter', 'Index', 'Index Standard Error '],
      [
        ['Fairhaven, OR', '10180', '2022', '3', '312.10', '( 5.11)'],
        ['Fairhaven, OR', '10180', '1975', '1', '-', '-'],
      ],
    );
    expect(fhfa).toMatchObject({
      layout: 'fhfa',
      read: [{ figures: [{ period: '2022-07-01', value: 312.1 }, { value: 5.11 }] }, { missing: 2 }],
    });
    const bare = read(
      ['Fairhaven, OR', '10180', '2022', '3', '312.10', '( 5.11)'],
      [['Fairhaven, OR', '10180', '2022', '4', '313', '-']],
    );
    expect(bare).toMatchObject({
      layout: 'fhfa',
      read: [{ figures: [{ value: 312.1 }, {}] }, { figures: [{ value: 313 }] }],
    });
    const county = ['RegionID', 'SizeRank', 'RegionName', 'RegionType', 'StateName', 'State', '1/31/00', '2/29/00'];
    expect(read(county, [['1', '0', 'Gold County', 'County', 'OR', 'OR', '216775', '']], 'x_zhvi.csv')).toMatchObject({
      layout: 'zillow_wide',
      read: [
        {
          figures: [{ market: 'Gold County, OR', period: '2000-01-01', metric: 'home_value_index', value: 216775 }],
          missing: 1,
        },
      ],
    });
    const rent = ['RegionID', 'SizeRank', 'RegionName', 'RegionType', 'StateName', '2015-01-31'];
    expect(read(rent, [['1', '0', '7030', 'zip', 'NJ', '1219.5']])).toMatchObject({
      read: [{ figures: [{ market: '07030', metric: 'rent_index' }] }],
    });
    const tracker = [
      'PERIOD_BEGIN',
      'PERIOD_DURATION',
      'REGION_TYPE',
      'IS_SEASONALLY_ADJUSTED',
      'REGION',
      'PROPERTY_TYPE',
      'MEDIAN_SALE_PRICE',
      'MEDIAN_SALE_PRICE_YOY',
      'MEDIAN_DOM',
    ];
    expect(
      read(tracker, [
        ['2024-01-01', '90', 'zip code', 'false', 'Zip Code: 07030', 'Condo/Co-op', '500000', '0.1', '41'],
        ['2024-01-01', '7', 'place', 'true', 'Fairhaven, OR', 'All Residential', '1', '', '2'],
        ['2024-01-09', '28', 'metro', 'f', 'X', 'All Residential', '1', '', ''],
      ]),
    ).toMatchObject({
      layout: 'redfin_tracker',
      read: [
        {
          figures: [
            { market: '07030', segment: 'condo-co-op', grain: 'quarter', value: 500000 },
            { metric: 'days_on_market', value: 41 },
          ],
        },
        {
          figures: [
            { market: 'Fairhaven, OR (city)', publisher: 'redfin_adjusted', grain: 'week', period: '2024-01-01' },
            {},
          ],
        },
        { figures: [], problems: [], leftOut: expect.stringMatching(/windows of 4 weeks/) },
      ],
    });
    expect(
      read(
        ['DATE', 'UNRATE'],
        [
          ['2020-01-01', '3.5'],
          ['2020-02-01', '.'],
        ],
      ),
    ).toMatchObject({ layout: 'fred', read: [{ figures: [{ series: 'UNRATE', value: 3.5 }] }, { missing: 1 }] });
    expect(read(['colour'], [['red']]).layout).toBeUndefined();
  });

  it('takes the weeks of the weekly Redfin file, and leaves its windows of 4 and 12 weeks out', () => {
    const header = ['REGION_NAME', 'REGION_TYPE', 'PERIOD_BEGIN', 'PERIOD_END', 'DURATION', 'TOTAL_HOMES_SOLD'];
    const rows = [
      ['Fairhaven, OR metro area', 'metro', '2021-02-01', '2021-02-07', '1 weeks', '40'],
      ['Fairhaven, OR metro area', 'metro', '2021-02-01', '2021-02-28', '4 weeks', '160'],
      ['Fairhaven, OR metro area', 'metro', '2020-12-07', '2021-02-28', '12 weeks', '480'],
      ['Gold County, OR', 'county', '2021-02-01', '2021-02-28', '28', '12'],
      ['Gold County, OR', 'county', '2021-03-01', '2021-03-28', '28', '12'],
    ];
    expect(read([...header], rows)).toMatchObject({
      layout: 'redfin_tracker',
      read: [
        { figures: [{ grain: 'week', period: '2021-02-01', metric: 'homes_sold', value: 40 }] },
        { figures: [], problems: [], leftOut: expect.stringMatching(/4 weeks/) },
        { figures: [], leftOut: expect.stringMatching(/12 weeks/) },
        { figures: [{ grain: 'month', period: '2021-02-01' }] },
        { figures: [], leftOut: expect.stringMatching(/4 weeks/) },
      ],
    });
  });

  it.each([
    ['national', ' National', 'National'],
    ['state', 'Oregon', 'Oregon'],
    ['county', 'Gold County, OR', 'Gold County, OR'],
    ['place', 'Fairhaven, OR', 'Fairhaven, OR (city)'],
    ['zip code', 'Zip Code: 97301', '97301'],
    ['neighborhood', 'Fairhaven, OR - Old Mill', 'Fairhaven, OR - Old Mill'],
  ])('names a %s of Redfin', (level, region, market) => {
    const header = ['PERIOD_BEGIN', 'PERIOD_END', 'PERIOD_DURATION', 'REGION_TYPE', 'REGION', 'MEDIAN_SALE_PRICE'];
    const row = ['2024-01-01', '2024-01-31', '30', level, region, '400000'];
    expect(read(header, [row])).toMatchObject({ read: [{ figures: [{ market, grain: 'month' }] }] });
  });
});
