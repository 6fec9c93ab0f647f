import { describe, expect, it } from 'vitest';
import { dryRunFile, previewFile } from '../../../src/activities/discover/file-preview.ts';
import { readSalesFile } from '../../../src/activities/discover/sales-file.ts';
import { recipes, tempFile } from './support.ts';

/** A table of `count` rows, each made from its number. */
const table = (header: string, count: number, row: (i: number) => string) =>
  `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`;
const read = (name: string, content: string) => readSalesFile(tempFile(name, content), { recipes });
const price = (i: number) => 200_000 + 1000 * ((i * 37) % 300);

describe('a sales file of a layout that nobody described', () => {
  it('dates a sale by year and month in columns of their own, and heeds a state’s transfer codes', async () => {
    const data = await read(
      'roll.csv',
      table('PARCEL_ID,SALE_PRC1,SALE_YR1,SALE_MO1,QUAL_CD1,SALE_PRC2,S_LEGAL', 30, (i) =>
        [
          `0${13_000 + i}`,
          price(i),
          2021,
          i === 1 ? 'March' : '07',
          i === 2 ? '11' : '01',
          90_000,
          `LOT ${i} BLK 2`,
        ].join(','),
      ),
    );
    expect(data.sales[0]).toMatchObject({ parcel: '013000', closeDate: '2021-07-15', closePrice: 200_000 });
    expect(data.sales[1]).toMatchObject({ closeDate: '2021-03-15' });
    expect(data.counts.leftOut).toEqual({ "not arm's length: QUAL_CD1 is 11": 1 });
  });

  it('reads a day that stands beside its year, and seconds since 1970', async () => {
    const header = 'SCHEDNUM,SALE_YEAR,SALE_MONTHDAY,SALE_PRICE';
    const denver = await read(
      'd.csv',
      table(header, 25, (i) => `0${i + 100},2020,${i === 0 ? 611 : 1204},${price(i)}`),
    );
    expect(denver.sales.slice(0, 2).map(({ closeDate }) => closeDate)).toEqual(['2020-06-11', '2020-12-04']);
    const seconds = await read(
      's.csv',
      table('apn,sale date,sale price', 25, (i) => `A${i},1559347200,${price(i)}`),
    );
    expect(seconds.sales[0]?.closeDate).toBe('2019-06-01');
  });

  it('takes latitude and longitude out of one column of points, as text or as a pair', async () => {
    const town = await read(
      'town.csv',
      table('Date Recorded,Address,Sale Amount,Non Use Code,Location', 30, (i) =>
        [
          `0${1 + (i % 9)}/13/2021`,
          `${i} ELM ST`,
          price(i),
          i === 3 ? '01 - Family' : '',
          `POINT (-72.${100 + i} 41.5)`,
        ].join(','),
      ),
    );
    expect(town.sales[0]?.facts).toMatchObject({ latitude: 41.5, longitude: -72.1 });
    expect(town.counts.leftOut).toEqual({ "not arm's length: Non Use Code is 01 - Family": 1 });
    const pair = await read(
      'pair.csv',
      table('Sold On,Price,Lat/Long', 30, (i) => `2021-03-0${1 + (i % 9)},${price(i)},"(-33.${100 + i}, 151.2)"`),
    );
    expect(pair.sales[0]?.facts).toMatchObject({ latitude: -33.1, longitude: 151.2 });
  });

  it('leaves a name to the column whose values fit it', async () => {
    const data = await read(
      'mls.csv',
      table(
        'Area,Apx SqFt,Sold Price,Close Date,Built',
        60,
        (i) => `Area ${i % 5},"1,${100 + i}",${price(i)},6/3/24,Yes`,
      ),
    );
    expect(data.sales[0]?.facts).toMatchObject({ sqft: 1100, subdivision: 'Area 0', yearBuilt: null });
    expect(data.notes.join(' ')).toContain('"Built" holds words, not the numbers of YearBuilt');
  });

  it('takes the unit of each lot from the column beside it, and a code of five and four digits for its first five', async () => {
    const data = await read(
      'lots.csv',
      table('LS_PRICE,LS_DATE,LOT_SIZE,LOT_UNITS,ZIP', 30, (i) =>
        [price(i), '20210305', i === 0 ? 0.5 : 9000, i === 0 ? 'A' : 'S', '016051234'].join(','),
      ),
    );
    expect(data.sales[0]).toMatchObject({ closeDate: '2021-03-05', facts: { lotSizeSqft: 21_780, zipCode: '01605' } });
    expect(data.sales[1]?.facts.lotSizeSqft).toBe(9000);
  });

  it('joins a house number to the street beside it, and takes no block of flats for a house', async () => {
    const houses = await read(
      'houses.csv',
      table(
        'str_num,str,city,price,Tdate,sales_cd',
        30,
        (i) => `${i},OAK,Elmville,${price(i)},1/2/2021 0:00,${i === 4 ? 'U' : 'Q'}`,
      ),
    );
    expect(houses.sales[1]?.parcel).toBe('1 OAK||ELMVILLE');
    expect(houses.counts.leftOut).toEqual({ "not arm's length: sales_cd is U": 1 });
    const flats = await read(
      'flats.csv',
      table(
        'month,town,block,street_name,floor_area_sqm,resale_price',
        40,
        (i) => `2019-0${1 + (i % 9)},ELM,12,OAK AVE,${60 + i},${price(i)}`,
      ),
    );
    expect(flats.sales[0]).toMatchObject({ parcel: null, closeDate: '2019-01-15', facts: { sqft: 645.83 } });
    expect(flats.counts.kept).toBe(40);
  });

  it('leaves out what is dated in the future, and keeps the year that is not over', async () => {
    const path = tempFile(
      'ahead.csv',
      table('sale price,sale date', 9, (i) => `${price(i)},20${i === 0 ? 91 : 21}-03-05`),
    );
    const data = await readSalesFile(path, { recipes, today: '2024-02-01' });
    expect(data.counts).toEqual({ rows: 9, kept: 8, leftOut: { 'dated after 2024-02-01': 1 } });
    const years = tempFile(
      'years.csv',
      table('sale price,sale year', 9, (i) => `${price(i)},20${i === 0 ? 25 : 24}`),
    );
    const kept = await readSalesFile(years, { recipes, today: '2024-02-01' });
    expect(kept.counts).toEqual({ rows: 9, kept: 8, leftOut: { 'dated after 2024-02-01': 1 } });
  });

  it('leaves out what is the price in another form, whatever it is called', async () => {
    const data = await read(
      'twice.csv',
      table('sale price,sale date,sqft,feature a,feature b,feature c,UNITPREIS', 80, (i) =>
        [
          price(i),
          '2021-03-05',
          1000 + i,
          price(i) * 1.1,
          -Math.log(price(i)),
          (i * 31) % 80,
          ((price(i) / (1000 + i)) * 10.764).toFixed(1),
        ].join(','),
      ),
    );
    expect(Object.keys(data.sales[0]?.extras ?? {})).toEqual(['feature c']);
    expect(data.notes.join(' ')).toContain('Column "feature a" is the price again');
  });

  it('knows the published layout that has no header row, and refuses another without one', async () => {
    const row = (i: number) =>
      `"{${String(10_000_000 + i)}-1111-4F3A-E053-6B04A8C0AAAA}","${price(i)}","2021-03-01 00:00","ZZ1 ${i % 9}AA","T","N","F","${i}","","OAK ROAD","","ELMVILLE","DISTRICT ${i % 3}","NOWHERE","A","A"`;
    const known = await read('pp.csv', Array.from({ length: 30 }, (_, i) => row(i)).join('\n'));
    expect(known.counts).toMatchObject({ rows: 30, kept: 30 });
    expect(known.sales[1]).toMatchObject({
      closeDate: '2021-03-01',
      parcel: '1 OAK RD||ELMVILLE',
      facts: { zipCode: 'ZZ1 1AA' },
    });
    const bare = read(
      'bare.csv',
      table('12 Oak St,450000,2021-03-01,1800', 10, (i) => `${i} Oak St,${price(i)},2021-03-02,1${i}00`),
    );
    await expect(bare).rejects.toThrow(/bare\.csv:1: the file has no header row.*names of the columns/);
  });

  it('is imported as sales when a price and a date are all it says, days first', async () => {
    const path = tempFile(
      'melb.csv',
      table('Address,Price,Date,Type', 30, (i) => `${i + 1} Oak St,${price(i)},${13 + (i % 9)}/11/2016,h`),
    );
    const found = await previewFile(path, 'melb.csv', { recipes });
    expect(found.recordKind).toBe('sale');
    const run = await dryRunFile(() => new Date('2024-01-01'), 'csv_file', {
      recipes,
      path,
      displayName: 'melb.csv',
      countyFips: '53033',
      columns: found.given,
    });
    expect(run).toMatchObject({ rows: 30, valid: 30, refused: 0 });
  });
});
