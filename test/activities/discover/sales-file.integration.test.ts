import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeMapping,
  hashHeaders,
  mappingNeedsApproval,
  parseColumnChoice,
  readSalesFile,
  type SalesFileOptions,
} from '../../../src/activities/discover/sales-file.ts';
import type { SalesData } from '../../../src/domain/valuation/sale-record.ts';
import { recipes, sharedData, tempFile } from './support.ts';

const read = (name: string, content: string | Buffer, options: Partial<SalesFileOptions> = {}) =>
  readSalesFile(tempFile(name, content), { recipes, ...options });

/** Column → `Field:unit (reason)`. */
const told = (data: SalesData) =>
  Object.fromEntries(
    data.mapping.map(({ column, field, unit, reason }) => [column, `${field}${unit ? `:${unit}` : ''} ${reason}`]),
  );

const KING_HEADER =
  'id,date,price,bedrooms,bathrooms,sqft_living,sqft_lot,floors,waterfront,view,condition,grade,sqft_above,sqft_basement,yr_built,yr_renovated,zipcode,lat,long,sqft_living15,sqft_lot15';
const KING_ROW =
  '100000010,"20141013T000000",1.225e+006,3,2.25,1680,7000,1.5,0,2,4,8,1680,0,1951,0,98100,47.55,-122.25,1600,7100';

describe('a sales file of a known layout', () => {
  it('reads the assessor extract of King County; a parcel number that lost its zero gets it back', async () => {
    const data = await read('king.csv', `${KING_HEADER}\n${KING_ROW}\n`);
    expect(data.counts).toEqual({ rows: 1, kept: 1, leftOut: {} });
    expect(data.sales[0]).toMatchObject({
      row: 2,
      parcel: '0100000010',
      closeDate: '2014-10-13',
      closePrice: 1_225_000,
      facts: {
        bathrooms: 2.25,
        sqft: 1680,
        yearRenovated: null,
        condition: 4,
        grade: 8,
        stories: 1.5,
        waterfront: false,
      },
      extras: { view: 2, sqft_living15: 1600, AboveGradeFinishedArea: 1680 },
    });
    expect(data.mapping.every(({ reason }) => reason === 'recipe')).toBe(true);
    expect(mappingNeedsApproval(data.mapping)).toBe(false);
    expect(describeMapping(data)).toMatch(/sqft_living +LivingArea +sqft +recipe/);
  });

  it('reads New York rolling sales: blanks in headers, grouped numbers, flats of one lot apart', async () => {
    const header =
      'BOROUGH,NEIGHBORHOOD,BUILDING CLASS CATEGORY,BLOCK,LOT,ADDRESS,APARTMENT NUMBER,ZIP CODE,TOTAL UNITS,LAND SQUARE FEET,GROSS SQUARE FEET,YEAR BUILT,BUILDING CLASS AT TIME OF SALE, SALE PRICE ,SALE DATE';
    const row = (block: number, lot: number, address: string, price: string, date: string) =>
      `3,GREENHOLM,01 ONE FAMILY DWELLINGS,${block},${lot},"${address}",,11200,1,"2,000","1,500",1930,A9,"${price}",${date}`;
    const data = await read(
      'sales.csv',
      [
        header,
        row(12, 3, '5 OAK LANE', '900,000', '4/23/2019'),
        row(12, 4, '7 ELM LANE, 4F', '800,000', '4/24/2019'),
        row(12, 4, '7 ELM LANE, 5F', '810,000', '4/24/2019'),
        row(12, 5, '9 OAK LANE', '0', '4/25/2019'),
        row(12, 6, '11 OAK LANE', '10', '4/25/2019'),
        row(13, 1, '1 ASH ROAD', '2,000,000', '5/1/2019'),
        row(13, 2, '3 ASH ROAD', '2,000,000', '5/1/2019'),
        row(13, 3, '5 ASH ROAD', '2,000,000', '5/1/2019'),
        row(12, 3, '5 OAK LANE', '900,000', '4/23/2019'),
      ].join('\n'),
    );
    expect(data.sales.map(({ parcel }) => parcel)).toEqual(['3000120003', '3000120004:4F', '3000120004:5F']);
    expect(Object.values(data.counts.leftOut).reduce((a, b) => a + b, 0)).toBe(6);
    expect(data.counts.leftOut).toMatchObject({
      "not arm's length: price is 0 or negative": 1,
      "not arm's length: one price for 3 or more parcels of a deed": 3,
      'duplicate: same parcel, date and price as another row': 1,
    });
    expect(data.sales[0]?.extras).toMatchObject({ BLOCK: 12 });
  });
});

describe('a sales file of an unknown layout', () => {
  it('reads Brazilian numbers, square metres and day-first dates, in Windows-1252 with semicolons', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, i) => `Rua Um ${i + 1};2;${60 + i},5;R$ 1.2${i % 10}0.000,50;${i + 10}/03/2023`,
    );
    const text = ['Endereço;Quartos;Área útil (m²);Valor da venda;Data da venda', ...rows].join('\r\n');
    const data = await read('vendas.csv', Buffer.from(text, 'latin1'));
    expect(told(data)).toMatchObject({
      Quartos: expect.stringContaining('BedroomsTotal'),
      'Área útil (m²)': 'LivingArea:sqm, decimal comma synonym',
      'Valor da venda': 'ClosePrice:decimal comma, R$ synonym',
      'Data da venda': 'CloseDate:day-first shape',
    });
    expect(data.sales[0]).toMatchObject({ closePrice: 1_200_000.5, closeDate: '2023-03-10' });
    expect(data.sales[0]?.facts.sqft).toBeCloseTo(60.5 * 10.7639, 1);
    expect(data.notes.join()).toMatch(/Windows-1252.*decimal comma.*R\$/s);
  });

  it('reads tabs with CR line ends in UTF-16, thousands, acres and full and half baths', async () => {
    const rows = Array.from(
      { length: 6 },
      (_, i) => `00${100 + i}\t2${i}.12.2022\t${350 + i}\t2\t1\t0.25\t1,500 sq ft\t"two\rlines"`,
    );
    const text = [
      'Parcel ID\tSold Date\tSold Price (000s)\tFull Baths\tHalf Baths\tLot Size\tHouse Size\t Memo ',
      ...rows,
    ].join('\r');
    for (const [bom, encoding] of [
      [Buffer.from([0xff, 0xfe]), 'le'],
      [Buffer.from([0xfe, 0xff]), 'be'],
    ] as const) {
      const body = Buffer.from(text, 'utf16le');
      const data = await read('odd.txt', Buffer.concat([bom, encoding === 'le' ? body : body.swap16()]));
      expect(data.counts).toMatchObject({ rows: 6, kept: 6 });
      expect(told(data)).toMatchObject({
        'Sold Price (000s)': 'ClosePrice:thousands synonym',
        'Lot Size': 'LotSizeSquareFeet:acres shape',
      });
      expect(data.sales[0]).toMatchObject({
        parcel: '00100',
        closeDate: '2022-12-20',
        closePrice: 350_000,
        facts: { bathrooms: 2.5, lotSizeSqft: 10_890, sqft: 1500 },
        extras: { Memo: 'two lines' },
      });
    }
  });

  it('knows thousands and square metres by their size, and leaves numbers that contradict alone', async () => {
    const rows = (price: (i: number) => string) => Array.from({ length: 20 }, (_, i) => `${price(i)},${90 + i}`);
    const small = await read('a.csv', ['price,living area', ...rows((i) => String(300 + i))].join('\n'));
    expect(told(small)).toEqual({ price: 'ClosePrice:thousands shape', 'living area': 'LivingArea:sqm shape' });
    expect(small.sales[0]?.closePrice).toBe(300_000);
    expect(small.notes.join()).toContain('in thousands');
    expect(mappingNeedsApproval(small.mapping)).toBe(true);
    const stated = await read('b.csv', ['price,living area', ...rows((i) => `$${300 + i}K`)].join('\n'));
    expect(told(stated).price).toBe('ClosePrice synonym');
    expect(stated.sales[0]?.closePrice).toBe(300_000);
    const millions = await read('c.csv', ['price,sqft', ...rows((i) => (0.5 + i / 100).toFixed(3))].join('\n'));
    expect(millions.sales[0]?.closePrice).toBe(500_000);
    expect(told(millions).sqft).toBe('LivingArea:sqft synonym');
  });

  it('dates sales by spreadsheet day, month, year and fraction of a year, or not at all', async () => {
    const dates = async (header: string, values: string[]) => {
      const data = await read('d.csv', [`${header},price`, ...values.map((v, i) => `${v},${300_000 + i}`)].join('\n'));
      return data.sales.map(({ closeDate }) => closeDate);
    };
    expect(await dates('sale date', ['43831', '43832'])).toEqual(['2020-01-01', '2020-01-02']);
    expect(await dates('sale date', ['2020-01', '2020-02'])).toEqual(['2020-01-15', '2020-02-15']);
    expect(await dates('sale date', ['2019', '2020'])).toEqual(['2019-07-01', '2020-07-01']);
    expect(await dates('X1 transaction date', ['2013.25', '2013.5'])).toEqual(['2013-04-15', '2013-07-15']);
    expect(await dates('Yr Sold,Mo Sold', ['2010,5', '2009,12'])).toEqual(['2010-05-15', '2009-12-15']);
    expect(await dates('saledt', ['4/23/2019', '12/1/2019'])).toEqual(['2019-04-23', '2019-12-01']);
    expect(await dates('saledt', ['23/4/2019', '1/12/2019'])).toEqual(['2019-04-23', '2019-12-01']);
    expect(await dates('when', ['2019-04-23', '2019-04-24'])).toEqual(['2019-04-23', '2019-04-24']);
    expect(await dates('bedrooms', ['3', '4'])).toEqual([null, null]);
  });

  it('keeps what nobody recognises: numbers as numbers, codes as text, counters not at all', async () => {
    const lines = Array.from(
      { length: 12 },
      (_, i) => `${i + 1},0${i + 10},${i * 2},${i % 2 ? 'Yes' : ''},"${i},200",30000${i},x${i},y`,
    );
    const data = await read('e.csv', ['row,class,rank,flag,shed,price,note,note', ...lines].join('\n'));
    expect(data.sales[1]?.extras).toEqual({
      class: '011',
      rank: 2,
      flag: 'Yes',
      shed: 1200,
      note: 'x1',
      'note (2)': 'y',
    });
    expect(data.notes.join()).toContain('"row" only counts the rows');
  });

  it('refuses ragged rows one by one and titles above the table', async () => {
    const data = await read(
      'f.csv',
      'Sales of the county\n\nprice,beds,sqft\n300000,3,1500\n310000,3\n320000,2,900,7\n330000,2,901,\n',
    );
    expect(data.sales.map(({ row }) => row)).toEqual([4, 7]);
    expect(data.counts).toMatchObject({ rows: 4, kept: 2 });
    expect(Object.keys(data.counts.leftOut)).toEqual([
      'ragged row: 2 values for 3 columns',
      'ragged row: 4 values for 3 columns',
    ]);
    expect(data.notes.join()).toContain('above the header row');
  });

  it('reads JSON and JSON lines like a table', async () => {
    const records = [
      { salePrice: 300_000, home: { sqft: 1500 } },
      { salePrice: '$310,000', home: { sqft: 1600 }, pool: true },
    ];
    const json = await read('g.json', JSON.stringify({ data: records }));
    const lines = await read('g.jsonl', records.map((record) => JSON.stringify(record)).join('\n'));
    for (const data of [json, lines]) {
      expect(data.sales.map(({ closePrice }) => closePrice)).toEqual([300_000, 310_000]);
      expect(data.mapping.map(({ column }) => column)).toEqual(['salePrice', 'home.sqft', 'pool']);
    }
  });

  it('drops map-grid coordinates from the place, and takes block and lot for a parcel', async () => {
    const lines = Array.from({ length: 5 }, (_, i) => `${i + 1},7,1340${i},22${i}.5,30000${i}`);
    const data = await read('h.csv', ['block,lot,x,y,price', ...lines].join('\n'));
    expect(data.sales[0]).toMatchObject({ parcel: '17', facts: { latitude: null }, extras: { x: 13_400, y: 220.5 } });
  });
});

describe('who a house is', () => {
  it('is its address with the unit where there is no parcel number, its repeated id, or unknown', async () => {
    const parcels = async (text: string) => (await read('p.csv', text)).sales.map(({ parcel }) => parcel);
    expect(
      await parcels('price,address,apt,zip\n300000,12 North Oak Street,4b,98101\n310000,12 N Oak St,4B,98101\n'),
    ).toEqual(['12 N OAK ST|4B|98101', '12 N OAK ST|4B|98101']);
    expect(await parcels('price,street,city\n300000,12 Oak Street,Perth\n')).toEqual(['12 OAK ST||PERTH']);
    expect(await parcels('price,id\n300000,77\n310000,78\n320000,77\n')).toEqual(['77', '78', '77']);
    expect(await parcels('price,sqft\n300000,1500\n')).toEqual([null]);
  });

  it('is not the kind of street it stands on', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${300000 + i},${i % 2 ? 'Pave' : 'Grvl'}`);
    const data = await read('q.csv', ['SalePrice,Street', ...rows].join('\n'));
    expect(data.sales[0]).toMatchObject({ parcel: null, extras: { Street: 'Grvl' } });
  });
});

describe('what a person says about columns', () => {
  const rows = 'Kosten,Groesse,Sonst\n300000,100,1\n310000,110,2\n';

  it('stops only for the price, and says how to name it', async () => {
    await expect(read('i.csv', rows)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringMatching(/ClosePrice.*"Kosten", "Groesse", "Sonst".*--map "Header=ClosePrice"/),
    });
  });

  it('takes --map over everything, with a unit or to ignore', async () => {
    const overrides = ['kosten=closeprice', 'Groesse=LivingArea:sqm', 'Sonst=ignore'].map(parseColumnChoice);
    const data = await read('i.csv', rows, { overrides });
    expect(data.sales[0]).toMatchObject({ closePrice: 300_000, facts: { sqft: 1076.39 }, extras: {} });
    expect(told(data)).toEqual({
      Kosten: 'ClosePrice approved',
      Groesse: 'LivingArea:sqm approved',
      Sonst: 'null approved',
    });
    const again = await read('j.csv', rows, { approved: data.mapping });
    expect(again.sales.map(({ closePrice, facts }) => [closePrice, facts.sqft])).toEqual(
      data.sales.map(({ closePrice, facts }) => [closePrice, facts.sqft]),
    );
  });

  it('refuses a column, field or unit that does not exist, with the nearest', async () => {
    expect(() => parseColumnChoice('A=ClosePrise')).toThrow(/did you mean ClosePrice/);
    expect(() => parseColumnChoice('A=LivingArea:feet')).toThrow(/known: sqft, sqm/);
    expect(() => parseColumnChoice('A')).toThrow(/Header=Field/);
    await expect(read('i.csv', rows, { overrides: [parseColumnChoice('Koste=ClosePrice')] })).rejects.toThrow(
      /did you mean "Kosten"/,
    );
  });

  it('remembers a guessed layout as it was shown', async () => {
    const text = [
      'price,block,lot,saledt',
      ...Array.from({ length: 20 }, (_, i) => `${300 + i},${i},1,${i + 1}/2/2020`),
    ].join('\n');
    const first = await read('k.csv', text);
    const second = await read('k.csv', text, { approved: first.mapping });
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(mappingNeedsApproval(second.mapping)).toBe(false);
    expect(hashHeaders(['A b', 'c'])).toBe(hashHeaders(['a_B', 'C']));
    expect(hashHeaders(['a', 'b'])).not.toBe(hashHeaders(['b', 'a']));
  });
});

describe('any table', () => {
  it('keeps or counts every row, whatever the delimiter and line end, and fingerprints content only', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ price: fc.integer({ min: -5, max: 2_000_000 }), sqft: fc.integer({ min: 400, max: 4000 }) }),
          { minLength: 3, maxLength: 20 },
        ),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        async (rows, delimiter, end, bom) => {
          const all = [{ price: 400_000, sqft: 1500 }, ...rows];
          const lines = [['sale_price', 'sqft', 'Note'], ...all.map(({ price, sqft }) => [price, sqft, 'n'])];
          const text = lines.map((cells) => cells.join(delimiter)).join(end);
          const data = await read('x.csv', `${bom ? '\ufeff' : ''}${text}`);
          const left = Object.values(data.counts.leftOut).reduce((sum, n) => sum + n, 0);
          expect(data.counts.rows).toBe(all.length);
          expect(data.sales.length + left).toBe(all.length);
          const plain = await read('y.csv', lines.map((cells) => cells.join(',')).join('\n'));
          expect(data.fingerprint).toBe(plain.fingerprint);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe.skipIf(!existsSync(sharedData))('real sales files (needs ../shared/data)', () => {
  it('keeps every sale of Ames but those within a family, with codes and zeros', async () => {
    const data = await readSalesFile(join(sharedData, 'ames/AmesHousing.csv'), { recipes });
    expect(data.counts).toEqual({
      rows: 2930,
      kept: 2884,
      leftOut: { "not arm's length: Sale Condition is Family": 46 },
    });
    expect(data.sales[0]).toMatchObject({
      parcel: '0526301100',
      closeDate: '2010-05-15',
      facts: { grade: 6, condition: 5 },
    });
    expect(data.sales[0]?.extras['MS SubClass']).toBe('020');
    expect(data.sales[0]?.extras).not.toHaveProperty('Order');
  });
});
