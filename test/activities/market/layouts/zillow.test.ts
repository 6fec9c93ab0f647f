import { describe, expect, it } from 'vitest';
import type { PublishedFigure, RowReading } from '../../../../src/activities/market/layouts/layout.ts';
import { readZillowName } from '../../../../src/activities/market/layouts/zillow-names.ts';
import { zillowWide } from '../../../../src/activities/market/layouts/zillow-wide.ts';

const ABOUT = ['RegionID', 'SizeRank', 'RegionName', 'RegionType', 'StateName'];
const months = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, at) => `${from + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-28`,
  );
const metros = (values: readonly number[], count = 2) =>
  values.map((value, at) => [
    String(at),
    String(at),
    at === 0 ? 'United States' : `Town ${at}, OR`,
    at === 0 ? 'country' : 'msa',
    at === 0 ? '' : 'OR',
    ...Array.from({ length: count }, () => String(value)),
  ]);
const plan = (header: string[], rows: string[][], hints: Parameters<typeof zillowWide.recognise>[2] = {}) =>
  zillowWide.recognise(header, rows, hints);
const first = (header: string[], rows: string[][], file: string) =>
  plan(header, rows, { file })!.read(rows.at(-1)!) as RowReading<PublishedFigure>;

describe('what a Zillow file measures', () => {
  it.each([
    ['Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv', 'home_value_index', 'all', 'zillow'],
    ['Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_month.csv', 'home_value_index', 'all', 'zillow_raw'],
    ['Zip_zhvi_uc_sfr_tier_0.33_0.67_sm_sa_month.csv', 'home_value_index', 'sfr', 'zillow'],
    ['State_zhvi_uc_condo_tier_0.33_0.67_sm_sa_month.csv', 'home_value_index', 'condo', 'zillow'],
    ['Metro_zhvi_uc_sfrcondo_tier_0.67_1.0_sm_sa_month.csv', 'home_value_index', 'top-tier', 'zillow'],
    ['Metro_zhvi_uc_sfrcondo_tier_0.0_0.33_sm_sa_month.csv', 'home_value_index', 'bottom-tier', 'zillow'],
    ['City_zhvi_bdrmcnt_3_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv', 'home_value_index', '3-bedroom', 'zillow'],
    ['Metro_zori_uc_sfrcondomfr_sm_month.csv', 'rent_index', 'all', 'zillow'],
    ['Metro_zori_uc_sfrcondomfr_sm_sa_month.csv', 'rent_index', 'all', 'zillow_smoothed_adjusted'],
    ['County_zori_uc_mfr_sm_month.csv', 'rent_index', 'mfr', 'zillow'],
    ['Metro_invt_fs_uc_sfrcondo_sm_week.csv', 'inventory_count', 'all', 'zillow'],
    ['Metro_invt_fs_uc_sfr_sm_month.csv', 'inventory_count', 'sfr', 'zillow'],
    ['Metro_sales_count_now_uc_sfrcondo_month.csv', 'homes_sold', 'all', 'zillow'],
    ['Metro_new_con_sales_count_raw_uc_sfrcondo_month.csv', 'homes_sold', 'new-construction', 'zillow'],
    ['Metro_new_listings_uc_sfrcondo_sm_month.csv', 'new_listings', 'all', 'zillow'],
    ['Metro_new_pending_uc_sfrcondo_sm_week.csv', 'pending_sales', 'all', 'zillow'],
    ['Metro_mlp_uc_sfrcondo_sm_month.csv', 'median_list_price', 'all', 'zillow'],
    ['Metro_median_sale_price_uc_sfrcondo_sm_sa_month.csv', 'median_sale_price', 'all', 'zillow_smoothed_adjusted'],
    ['Metro_mean_doz_pending_uc_sfrcondo_sm_month.csv', 'days_on_market', 'all', 'zillow_mean'],
    ['Metro_med_doz_pending_uc_sfrcondo_sm_month.csv', 'days_on_market', 'all', 'zillow'],
    ['Metro_perc_listings_price_cut_uc_sfrcondo_sm_month.csv', 'price_drops', 'all', 'zillow'],
    ['Metro_median_sale_to_list_uc_sfrcondo_sm_month.csv', 'list_to_sale_ratio', 'all', 'zillow'],
    ['Metro_market_temp_index_uc_sfrcondo_month.csv', 'market_temperature', 'all', 'zillow'],
    [
      'Metro_mortgage_payment_downpayment_0.05_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv',
      'mortgage_payment',
      'downpayment-0.05',
      'zillow_smoothed_adjusted',
    ],
    ['Zip_Zhvi_SingleFamilyResidence.csv', 'home_value_index', 'sfr', 'zillow'],
    ['2026-01 zillow Metro-ZORI AllHomesPlusMultifamily_SSA.csv.gz', 'rent_index', 'all', 'zillow_smoothed_adjusted'],
    ['Metro_MedianListingPricePerSqft_AllHomes.csv', 'list_price_per_sqft', 'all', 'zillow'],
  ])('%s', (file, metric, segment, publisher) => {
    expect(readZillowName(file)).toMatchObject({ metric, segment, publisher });
  });

  it('is read from the name, whatever the size of the values', () => {
    const header = [...ABOUT, '2018-03-31', '2018-04-30'];
    const rows = metros([1_400_000, ...Array.from({ length: 30 }, (_, at) => 5_000 - 100 * at)]);
    expect(first(header, rows, 'Metro_invt_fs_uc_sfrcondo_sm_month.csv')).toMatchObject({
      figures: [{ metric: 'inventory_count' }, { metric: 'inventory_count' }],
    });
    expect(first(header, rows, 'Metro_mortgage_payment_downpayment_0.20_uc_sfrcondo.csv').figures[0]?.metric).toBe(
      'mortgage_payment',
    );
  });

  it('is told from the shape only where one figure alone can look like it', () => {
    const even = Array.from({ length: 30 }, (_, at) => 300_000 - 1_000 * at);
    const long = [...ABOUT, ...months(2000, 24)];
    expect(plan(long, metros(even, 24))?.mapping[1]?.as).toBe('home_value_index');
    const rents = Array.from({ length: 30 }, (_, at) => 2_000 - 10 * at);
    expect(plan([...ABOUT, ...months(2015, 24)], metros(rents, 24))?.mapping[1]?.as).toBe('rent_index');
    const short = [...ABOUT, ...months(2018, 24)];
    expect(() => plan(short, metros(even, 24))).toThrow(/home values, list prices or sale prices.*--metric/);
    expect(() => plan(short, metros(rents, 24))).toThrow(/rents, monthly payments or counts.*--metric/);
    const counts = [1_400_000, ...Array.from({ length: 60 }, (_, at) => 40_000 - 600 * at)];
    expect(() => plan([...ABOUT, ...months(2008, 24)], metros(counts, 24))).toThrow(/are counts.*--metric/);
    expect(() => plan(short, metros([0.97, 0.98, 0.99], 24))).toThrow(/neither prices nor rents/);
  });

  it('may be said, by a figure that there is', () => {
    const header = [...ABOUT, '2018-03-31', '2018-04-30'];
    const rows = metros([9, 8, 7]);
    expect(plan(header, rows, { metric: 'inventory_count' })?.mapping[1]?.as).toBe('inventory_count');
    expect(() => plan(header, rows, { metric: 'inventory' })).toThrow(/no such figure.*inventory_count/);
    expect(() => plan(header, rows, { file: 'Metro_zhvi.csv' })).toThrow(
      /home_value_index by its name.*usual value is 8/,
    );
    expect(() => plan(header, rows, { file: 'Metro_zhvf_growth_uc_sfrcondo.csv' })).toThrow(/forecast/);
  });
});

describe('where a Zillow row is', () => {
  it('has what its place lies in', () => {
    const zhvi = 'x_zhvi.csv';
    const city = [
      'RegionID',
      'SizeRank',
      'RegionName',
      'RegionType',
      'StateName',
      'State',
      'Metro',
      'CountyName',
      '2020-01-31',
    ];
    const cityRow = ['1', '1', 'Springfield', 'city', 'PA', 'PA', 'Philadelphia', 'Delaware County', '300000'];
    expect(first(city, [cityRow], zhvi).figures[0]?.market).toBe('Springfield, Delaware County, PA (city)');
    const part = [
      'RegionID',
      'SizeRank',
      'RegionName',
      'RegionType',
      'StateName',
      'State',
      'City',
      'Metro',
      'CountyName',
      '2020-01-31',
    ];
    const partRow = ['1', '1', 'Downtown', 'neighborhood', 'OR', 'OR', 'Salem', 'Salem, OR', 'Marion County', '300000'];
    expect(first(part, [partRow], zhvi).figures[0]?.market).toBe('Downtown, Salem, Marion County, OR (neighborhood)');
  });

  it('is known in the old layout, without RegionType and with months as 1996-04', () => {
    const zip = ['RegionID', 'RegionName', 'City', 'State', 'Metro', 'CountyName', 'SizeRank', '1996-04', '1996-05'];
    const zipRow = ['1', '7030', 'Hoboken', 'NJ', 'New York', 'Hudson', '1', '225600', ''];
    expect(first(zip, [zipRow], 'Zip_Zhvi_AllHomes.csv')).toMatchObject({
      figures: [{ market: '07030', grain: 'month', period: '1996-04-01', value: 225600, segment: 'all' }],
      missing: 1,
    });
    const county = [
      'RegionID',
      'RegionName',
      'State',
      'Metro',
      'StateCodeFIPS',
      'MunicipalCodeFIPS',
      'SizeRank',
      '1996-04',
    ];
    const countyRow = ['1', 'Gold', 'OR', 'X', '41', '1', '1', '120000'];
    expect(first(county, [countyRow], 'zhvi.csv').figures[0]?.market).toBe('Gold County, OR');
    const state = ['RegionID', 'RegionName', 'SizeRank', '1996-04'];
    expect(first(state, [['9', 'California', '0', '150000']], 'State_Zhvi_AllHomes.csv').figures[0]?.market).toBe(
      'California',
    );
    expect(first(state, [['9', 'Salem, OR', '0', '150000']], 'Zhvi.csv').figures[0]?.market).toBe('Salem, OR');
    const city = ['RegionID', 'RegionName', 'State', 'Metro', 'CountyName', 'SizeRank', '1996-04'];
    const cityRow = ['9', 'Salem', 'OR', 'Salem', 'Marion', '0', '150000'];
    expect(first(city, [cityRow], 'Zhvi.csv').figures[0]?.market).toBe('Salem, Marion, OR (city)');
  });
});
