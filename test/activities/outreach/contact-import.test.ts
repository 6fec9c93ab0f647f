import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContactFile } from '../../../src/activities/outreach/contact-file.ts';
import { readContacts } from '../../../src/activities/outreach/contact-import.ts';
import { answerOfContacts } from '../../../src/activities/outreach/contact-reading.ts';
import type { RowRules } from '../../../src/activities/outreach/contact-row.ts';
import { loadPlaces } from '../../../src/config/contact-places.ts';
import { loadCounties } from '../../../src/config/counties.ts';
import { placeOf } from '../../../src/domain/outreach/contact-place.ts';

const configDir = join(process.cwd(), 'config');
const places = loadPlaces(configDir);
let folder: string;
let rules: RowRules;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos contacts '));
  const now = new Date('2026-11-20T12:00:00Z');
  const counties = await loadCounties(configDir);
  rules = { kind: 'investor', places, counties, timeZone: null, state: null, county: null, now };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, text: string, more: Partial<RowRules> = {}) {
  const path = join(folder, name);
  await writeFile(path, text);
  return readContacts(await readContactFile(path), { ...rules, ...more });
}

describe('reading contacts', () => {
  it('tells a trial, by no error, that nobody could be reached, and refuses the same file otherwise', async () => {
    const path = join(folder, 'odd.csv');
    await writeFile(path, 'Kol A,Kol B\nAda Example,4025550142\n');
    const file = await readContactFile(path);
    expect(() => readContacts(file, rules)).toThrow(/no column is recognised/);
    const trial = readContacts(file, rules, new Map(), true);
    expect(trial.problem).toMatch(/no column is recognised/);
    expect(answerOfContacts(file, trial, trial.problems)).toMatchObject({
      valid: 0,
      refused: 1,
      mapping: [
        { column: 'Kol A', field: null, examples: ['Ada Example'] },
        { column: 'Kol B', field: null, examples: ['4025550142'] },
      ],
    });
    const said = new Map([['Kol B', 'phone'] as const]);
    expect(readContacts(file, rules, said, true).problem).toBeNull();
  });

  it('understands headings it has never seen, and a column by its values', async () => {
    const { columns, candidates, problems } = await read(
      'buyers.csv',
      [
        'Buyer First Name;Buyer Last Name;Where to write;Cell Phone #;Mailing Street;Mailing City;Mailing State;Mailing Zip;Labels;Target Counties;Max Price;Property Types',
        'Ada;Example;Ada@Example.com;(206) 555-0100;1 Sample St;Seattle;Washington;98103;VIP, Cash;King County, WA;$450k;SFR; ',
        'Bo;Sample;bo@example.com;;;;WA;98101;;;;',
      ].join('\r\n'),
    );
    expect(Object.fromEntries(columns.map(({ column, field }) => [column, field]))).toMatchObject({
      'Buyer First Name': 'firstName',
      'Where to write': 'email',
      'Cell Phone #': 'phone',
      'Mailing Zip': 'zipCode',
      'Target Counties': 'boxCounties',
    });
    expect(problems).toEqual([]);
    expect(candidates[0]).toMatchObject({
      line: 2,
      details: {
        name: 'Ada Example',
        email: 'ada@example.com',
        phone: '+12065550100',
        postalAddress: { line1: '1 Sample St', line2: null, city: 'Seattle', state: 'WA', zipCode: '98103' },
      },
      place: { state: 'WA', timeZone: 'America/Los_Angeles' },
      tags: ['cash', 'vip'],
      box: { countyFips: ['53033'], maxPriceCents: 45_000_000, propertyTypes: ['Single Family Residence'] },
    });
    expect(candidates[1]?.box).toBeNull();
  });

  it('refuses bad rows by line and field, and keeps their neighbours', async () => {
    const { candidates, problems } = await read(
      'mixed.csv',
      [
        'Name,Email,Phone,Zip,State',
        'Ada,ada@example.com,,98103,WA',
        'Bo,bo(at)example.com,,98103,WA',
        'Cy,cy@example.com,555-0100,98103,WA',
        'Di,di@example.com,,9810,WA',
        ',ed@example.com,,98103,WA',
        'Flo,,,98103,WA',
        'Gil,gil@example.com,,,',
        'Hal,hal@example.com,,42701,KY',
      ].join('\n'),
    );
    expect(candidates.map(({ details }) => details.name)).toEqual(['Ada']);
    expect(problems.map(({ line, field }) => `${line} ${field}`)).toEqual([
      '3 email',
      '4 phone',
      '5 zipCode',
      '6 name',
      '7 email',
      '8 time zone',
      '9 time zone',
    ]);
  });

  it('makes a consent only of yes, date and source together', async () => {
    const { candidates, problems } = await read(
      'texts.csv',
      [
        'Name,Phone,ZIP,SMS Consent,Consent Date,Consent Source',
        'Ada,206-555-0100,98103,yes,3/14/2026,web form',
        'Bo,206-555-0101,98103,yes,,web form',
        'Cy,206-555-0102,98103,no,3/14/2026,web form',
        'Di,206-555-0103,98103,yes,3/14/2027,web form',
      ].join('\n'),
    );
    expect(
      candidates.map(({ consent, hasLooseConsent }) => [consent?.at.toISOString() ?? null, hasLooseConsent]),
    ).toEqual([
      ['2026-03-14T00:00:00.000Z', false],
      [null, true],
      [null, false],
    ]);
    expect(problems).toMatchObject([{ line: 5, field: 'consentDate', message: '2027-03-14 lies in the future' }]);
  });

  it('ties owners to properties by parcel number or address in their county', async () => {
    const rows = [
      { owner_name: 'Ada', mailing_address: '1 Sample St, Seattle, WA 98103', parcel: '0114101516', county: 'king-wa' },
      {
        owner_name: 'Bo',
        mailing_address: '2 Sample St, Seattle, WA 98103',
        site_address: '12 Other Ave',
        site_zip: '98101',
        county: 'King',
      },
      { owner_name: 'Cy', mailing_address: '3 Sample St, Seattle, WA 98103', parcel: '1', county: 'Nowhere' },
    ];
    const { candidates, problems } = await read('owners.json', JSON.stringify(rows), { kind: 'owner' });
    expect(candidates.map(({ property }) => property)).toMatchObject([
      { countyFips: '53033', identity: 'apn:0114101516' },
      { countyFips: '53033', identity: expect.stringContaining('address:12 OTHER AVE') },
    ]);
    expect(candidates[0]?.details.postalAddress).toMatchObject({ line1: '1 SAMPLE ST', city: 'SEATTLE', state: 'WA' });
    expect(problems).toMatchObject([{ field: 'county' }]);
  });

  it('refuses a file without any address, naming the columns seen', async () => {
    await expect(read('none.csv', 'Name,Color\nAda,blue\nBo,red')).rejects.toThrow('Columns seen: Name, Color');
  });
});

describe('placeOf', () => {
  const at = (state: string | null, zipCode: string | null, timeZone: string | null = null) =>
    placeOf(places, { state, zipCode, timeZone });

  it.each([
    ['TX', '79901', 'America/Denver'],
    ['TX', '78701', 'America/Chicago'],
    ['FL', '32501', 'America/Chicago'],
    ['AZ', '85001', 'America/Phoenix'],
    ['IN', '46201', 'America/Indiana/Indianapolis'],
  ])('%s %s is in %s', (state, zipCode, timeZone) => {
    expect(at(state, zipCode)).toEqual({ ok: true, place: { state, timeZone } });
    expect(at(null, zipCode)).toEqual({ ok: true, place: { state, timeZone } });
  });

  it('never guesses', () => {
    expect(at('TX', null)).toMatchObject({ ok: false });
    expect(at('TN', '37347')).toMatchObject({ ok: false });
    expect(at(null, null)).toMatchObject({ ok: false });
    expect(at('WA', '98103', 'Seattle')).toMatchObject({ ok: false });
    expect(at('TN', '37347', 'America/Chicago')).toEqual({
      ok: true,
      place: { state: 'TN', timeZone: 'America/Chicago' },
    });
  });

  it('has every state and district once, and no ZIP prefix in two', () => {
    expect(Object.keys(places.states)).toHaveLength(53);
    const seen = new Map<number, string>();
    for (const [state, { zips }] of Object.entries(places.states)) {
      for (const range of zips.split(', ')) {
        const [from = 0, to = from] = range.split('-').map(Number);
        for (let prefix = from; prefix <= to; prefix += 1) {
          expect([prefix, seen.get(prefix)]).toEqual([prefix, undefined]);
          seen.set(prefix, state);
        }
      }
    }
  });
});
