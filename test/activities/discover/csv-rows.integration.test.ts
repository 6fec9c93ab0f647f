import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/activities/discover/registry.ts';
import type { FileRequest } from '../../../src/activities/discover/source.ts';
import { collect, quarantinedOf, recipes, recordsOf, tempFile, testDeps } from './support.ts';

const HEAD = 'Address,City,State,Zip,Beds,Baths,SqFt,Price,Type,PIN';
const ROW = '12 Oak St,Kent,WA,98042,3,2.25,1800,"$450,000",House,7129300520';

const read = (name: string, content: string | Buffer, more: Partial<FileRequest> = {}) =>
  collect(discover(testDeps(), 'csv_file', { path: tempFile(name, content), recipes, ...more }));

describe('csv files', () => {
  it('maps unknown files of a known kind by header synonyms', async () => {
    const [item] = recordsOf(await read('a.csv', `${HEAD}\n${ROW}\n`));
    expect(item?.record).toMatchObject({
      record_kind: 'listing',
      ListPrice: 450_000,
      LivingArea: 1800,
      BathroomsTotalDecimal: 2.25,
      BathroomsTotalInteger: 3,
      PropertyType: 'Residential',
      ParcelNumber: '7129300520',
      PostalCode: '98042',
    });
    expect(item?.rowReference).toBe('a.csv:2');
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${HEAD}\n${ROW}\n`)],
    ['UTF-16 LE', iconv.encode(`${HEAD}\n${ROW}\n`, 'utf16le', { addBOM: true })],
    ['UTF-16 BE', iconv.encode(`${HEAD}\n${ROW}\n`, 'utf16-be', { addBOM: true })],
    ['CR LF', `${HEAD}\r\n${ROW}\r\n`],
    ['CR only', `${HEAD}\r${ROW}\r`],
    ['tabs', `${HEAD.replaceAll(',', '\t')}\n${ROW.replace('"$450,000"', '450000').replaceAll(',', '\t')}\n`],
    ['semicolons', `${HEAD.replaceAll(',', ';')}\n${ROW.replace('"$450,000"', '450000').replaceAll(',', ';')}\n`],
    ['pipes', `${HEAD.replaceAll(',', '|')}\n${ROW.replace('"$450,000"', '450000').replaceAll(',', '|')}\n`],
    ['gzip', gzipSync(`${HEAD}\n${ROW}\n`)],
  ])('reads %s', async (_name, content) => {
    const [item] = recordsOf(await read('a.csv', content));
    expect(item?.record).toMatchObject({ ListPrice: 450_000, UnparsedAddress: '12 Oak St' });
  });

  it('falls back to Windows-1252 with a warning', async () => {
    const items = recordsOf(
      await read('a.csv', iconv.encode(`${HEAD}\n${ROW.replace('Oak', 'Café')}\n`, 'windows-1252')),
    );
    expect(items[0]?.record.UnparsedAddress).toBe('12 Café St');
    expect(items[0]?.warnings).toMatchObject([{ code: 'encoding' }]);
  });

  it('refuses broken UTF-8 with line and byte offset', async () => {
    const broken = Buffer.concat([
      Buffer.from(`${HEAD}\n${ROW.replace('Oak', 'Café Žižka')}\n12 `),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('\n'),
    ]);
    await expect(read('bad.csv', broken)).rejects.toThrow(/^bad\.csv:3: byte \d+ is not valid UTF-8/);
  });

  it('quarantines ragged rows with file, line and counts, counting quoted line breaks', async () => {
    const items = await read('r.csv', `${HEAD},Notes\n${ROW},"two\nlines"\n1,2,3\n\n${ROW},x\n`);
    expect(recordsOf(items).map((i) => i.rowReference)).toEqual(['r.csv:2', 'r.csv:6']);
    expect(quarantinedOf(items)).toMatchObject([
      {
        rowReference: 'r.csv:4',
        reasons: [{ code: 'ragged_row', message: 'r.csv:4: expected 11 columns, got 3' }],
        payload: { text: expect.stringContaining('1,2,3') },
      },
    ]);
  });

  it('names the field of a bad value and loses nothing', async () => {
    const items = await read(
      'v.csv',
      `${HEAD}\n${ROW.replace('"$450,000"', 'call us')}\n${ROW.replace('"$450,000"', '-5')}\n${ROW.replace('"$450,000"', '200000000')}\n`,
    );
    expect(quarantinedOf(items).map((q) => q.reasons.map((r) => `${r.field} ${r.code}`))).toEqual([
      ['ListPrice unreadable'],
      ['ListPrice unreadable'],
      ['ListPrice too_large'],
    ]);
  });

  it('keeps unknown, blank and repeated columns in extras', async () => {
    const [item] = recordsOf(await read('x.csv', `${HEAD},Colour,,Price\n${ROW},red,blank,7\n`));
    expect(item?.record.extras).toEqual({ Colour: 'red', 'column 12': 'blank', 'Price (2)': '7' });
    expect(item?.record.ListPrice).toBe(450_000);
  });

  it.each([
    ['empty.csv', '', /^empty\.csv:1: the file is empty/],
    ['head.csv', `${HEAD}\n`, /^head\.csv:2: there is a header row but no rows/],
    ['quote.csv', `${HEAD}\n${ROW}\n"12 Oak,Kent\n`, /^quote\.csv:3: a quote/],
    ['nul.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0]), /binary data/],
    [
      'odd.csv',
      'colour,shape\nred,round\n',
      /^odd\.csv:1: no column for Parcel.*"colour", "shape".*config\/recipes\/files/s,
    ],
  ])('refuses %s clearly', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });

  it('refuses a line without end and a quote that swallows the file, within bounded memory', async () => {
    const before = process.memoryUsage().rss;
    await expect(read('long.csv', `${HEAD}\n${'x'.repeat(40_000_000)}`)).rejects.toThrow(
      /^long\.csv:2: the line is longer than 1 MiB/,
    );
    const swallowed = `${HEAD}\n"${`${ROW.replaceAll('"', '')}\n`.repeat(30_000)}`;
    await expect(read('swallow.csv', swallowed)).rejects.toThrow(
      /^swallow\.csv:2: the record that starts here is longer than 1 MiB/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
  });

  it('goes on from a checkpoint, and refuses one of a changed file', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ROW.replace('12 Oak', `${i + 1} Oak`));
    const path = tempFile('many.csv', [HEAD, ...rows].join('\n'));
    const all = await collect(discover(testDeps(), 'csv_file', { path, recipes }));
    const cursor = all.flatMap((i) => (i.type === 'checkpoint' ? [i.cursor] : []))[0];
    const rest = recordsOf(await collect(discover(testDeps(), 'csv_file', { path, recipes, cursor })));
    expect(rest).toHaveLength(1500);
    expect(rest[0]?.rowReference).toBe('many.csv:1002');
    const other = tempFile('many.csv', `${HEAD}\n${ROW}\n`);
    await expect(collect(discover(testDeps(), 'csv_file', { path: other, recipes, cursor }))).rejects.toThrow(
      /changed since/,
    );
  });

  it('reads a King County sale as a closed sale, never as an asking price', async () => {
    const head =
      'id,date,price,bedrooms,bathrooms,sqft_living,sqft_lot,floors,waterfront,view,condition,grade,sqft_above,sqft_basement,yr_built,yr_renovated,zipcode,lat,long,sqft_living15,sqft_lot15';
    const [item] = recordsOf(
      await read(
        'kc.csv',
        `${head}\n"0990100010","20140512T000000",1.225e+006,4,4.5,5420,101930,"1",0,2,3,11,3890,1530,2001,0,"98053",47.6561,-122.005,4760,101930\n`,
      ),
    );
    expect(item?.record).toMatchObject({
      record_kind: 'sale',
      ListPrice: null,
      ClosePrice: 1_225_000,
      CloseDate: '2014-05-12',
      BathroomsTotalDecimal: 4.5,
      BathroomsTotalInteger: 5,
      YearRenovated: null,
      PropertyCondition: 'Average',
      ConstructionGrade: '11',
      WaterfrontYN: false,
      ParcelNumber: '0990100010',
      CountyFips: '53033',
    });
    expect(item?.record.extras).toMatchObject({ view: '2', sqft_living15: '4760' });
  });

  it('keeps a New York transfer for $0, marked as not at arm’s length', async () => {
    const head =
      'BOROUGH,NEIGHBORHOOD,BUILDING CLASS CATEGORY,BLOCK,LOT,ADDRESS,APARTMENT NUMBER,ZIP CODE,TOTAL UNITS,LAND SQUARE FEET,GROSS SQUARE FEET,YEAR BUILT,BUILDING CLASS AT TIME OF SALE, SALE PRICE ,SALE DATE';
    const row = '3,BATH BEACH,01 ONE FAMILY DWELLINGS,6363,22,8645 16TH AVENUE,,11214,1,"2,058","1,492",1930,A9';
    const [gift, sold] = recordsOf(
      await read('nyc.csv', `${head}\n${row},0,4/23/2019\n${row},"1,200,000",9/20/2019\n`),
    );
    expect(gift?.record).toMatchObject({
      ArmsLengthYN: false,
      ClosePrice: null,
      ParcelNumber: '3063630022',
      CountyFips: '36047',
    });
    expect(sold?.record).toMatchObject({
      ArmsLengthYN: null,
      ClosePrice: 1_200_000,
      CloseDate: '2019-09-20',
      LivingArea: 1492,
    });
  });
});
