import { describe, expect, it } from 'vitest';
import type { LayoutHints } from '../../../../src/activities/market/layouts/layout.ts';
import { LAYOUTS } from '../../../../src/activities/market/layouts/registry.ts';

const read = (header: string[], rows: string[][], file?: string, hints: LayoutHints = {}) => {
  const plan = LAYOUTS.map((layout) => layout.recognise(header, rows, { ...hints, file })).find((one) => one !== null);
  const all = plan?.headerIsData === true ? [header, ...rows] : rows;
  return { layout: plan?.layout, read: all.map((row) => plan?.read(row)) };
};

describe('FHFA', () => {
  const master = [
    'hpi_type',
    'hpi_flavor',
    'frequency',
    'level',
    'place_name',
    'place_id',
    'yr',
    'period',
    'index_nsa',
    'index_sa',
  ];
  const of = (type: string, flavour: string, frequency = 'quarterly') => [
    type,
    flavour,
    frequency,
    'State',
    'Ohio',
    'OH',
    '2020',
    '2',
    '300.5',
    '301',
  ];

  it('keeps the indices of the master file apart', () => {
    const rows = [
      of('traditional', 'all-transactions'),
      of('traditional', 'purchase-only', 'monthly'),
      of('distress-free', 'purchase-only'),
      of('non-metro', 'all-transactions'),
    ];
    expect(read(master, rows)).toMatchObject({
      read: [
        {
          figures: [
            { publisher: 'fhfa', market: 'Ohio', period: '2020-04-01', grain: 'quarter' },
            { publisher: 'fhfa_adjusted', value: 301 },
          ],
        },
        { figures: [{ publisher: 'fhfa_purchase_only', grain: 'month', period: '2020-02-01' }, {}] },
        { figures: [{ publisher: 'fhfa_purchase_only_distress_free' }, {}] },
        { figures: [{ publisher: 'fhfa', market: 'Ohio (non-metro)' }, {}] },
      ],
    });
  });

  it.each([
    ['HPI_AT_us_and_census.csv', ['East North Central', '1990', '1', '120.5'], 'fhfa', 'East North Central'],
    ['HPI_AT_state.csv', ['OH', '1990', '1', '120.5'], 'fhfa', 'OH'],
    ['states.csv', ['OH', '1990', '1', '120.5'], 'fhfa', 'OH'],
  ])('%s has no header', (file, row, publisher, market) => {
    expect(read(row, [row], file)).toMatchObject({ layout: 'fhfa', read: [{ figures: [{ publisher, market }] }, {}] });
  });

  it('tells the indices of files with a header apart by the name of the file', () => {
    const metro = ['cbsa', 'metro_name', 'yr', 'qtr', 'index_nsa', 'index_sa'];
    const rows = [['10420', 'Fairhaven, OR', '2020', '1', '200', '201']];
    expect(read(metro, rows, 'HPI_PO_metro.txt')).toMatchObject({
      read: [
        {
          figures: [
            { publisher: 'fhfa_purchase_only', market: 'Fairhaven, OR', value: 200 },
            { publisher: 'fhfa_purchase_only_adjusted', value: 201 },
          ],
        },
      ],
    });
    const state = ['state', 'yr', 'qtr', 'index_nsa', 'index_sa'];
    expect(read(state, [['OH', '2020', '1', '200', '201']], 'HPI_EXP_state.txt')).toMatchObject({
      read: [{ figures: [{ publisher: 'fhfa_expanded_data' }, {}] }],
    });
    expect(() => read(state, [['OH', '2020', '1', '200', '201']], 'states.txt')).toThrow(
      /purchase-only or the expanded-data/,
    );
    const zip = ['Three-Digit ZIP Code', 'Year', 'Quarter', 'Index (NSA)', 'Index Type'];
    expect(read(zip, [['10', '2020', '1', '200', 'Native 3-Digit ZIP index']])).toMatchObject({
      read: [{ figures: [{ publisher: 'fhfa', market: '010xx' }] }],
    });
    const year = [
      'Five-Digit ZIP Code',
      'Year',
      'Annual Change (%)',
      'HPI',
      'HPI with 1990 base',
      'HPI with 2000 base',
    ];
    expect(() => read(year, [['97301', '2020', '5', '200', '.', '.']])).toThrow(/one index a year.*quarterly/);
  });
});

describe('FRED', () => {
  const one = (heading: string[], file?: string, hints = {}) =>
    read(heading, [['2020-01-01', ...heading.slice(1).map(() => '3.5')]], file, hints);

  it('needs an id: of the column, the file or the person', () => {
    expect(one(['DATE', 'VALUE'], 'MORTGAGE30US.csv')).toMatchObject({
      read: [{ figures: [{ series: 'mortgage_rate_30y' }] }],
    });
    expect(one(['DATE', 'VALUE'], 'download.csv', { series: 'UNRATE' })).toMatchObject({
      read: [{ figures: [{ series: 'UNRATE' }] }],
    });
    expect(() => one(['DATE', 'VALUE'], 'download.csv')).toThrow(/--series/);
    expect(one(['observation_date', 'PHXPOP', 'M2'])).toMatchObject({
      layout: 'fred',
      read: [{ figures: [{}, { series: 'M2' }] }],
    });
  });

  it('is neither a table of states nor prices of a day', () => {
    expect(() => one(['Date', 'TX', 'CA'])).toThrow(/states/);
    expect(() => one(['Date', 'Open', 'High', 'Low', 'Close', 'Adj Close', 'Volume'])).toThrow(/prices of a day/);
    expect(one(['date', 'series', 'value']).layout).toBeUndefined();
  });
});
