import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCounty, loadCounties, parseCounty } from '../../src/config/counties.ts';
import { findNeighborhood, isInside } from '../../src/domain/county.ts';
import { ReosError } from '../../src/domain/errors.ts';

const configDir = join(process.cwd(), 'config');

describe('the shipped county files', () => {
  it('are the nine counties, complete', async () => {
    const counties = await loadCounties(configDir);
    expect(counties.map(({ slug, fips }) => `${slug} ${fips}`)).toEqual([
      'clark-nv 32003',
      'cook-il 17031',
      'harris-tx 48201',
      'king-wa 53033',
      'maricopa-az 04013',
      'miami-dade-fl 12086',
      'orange-ca 06059',
      'san-diego-ca 06073',
      'travis-tx 48453',
    ]);
    for (const county of counties) {
      expect(county.target_neighborhoods.length, county.slug).toBeGreaterThanOrEqual(5);
      expect(county.median_price.year, county.slug).toBeGreaterThan(2015);
      expect(county.endpoints.length > 0 || county.note !== undefined, county.slug).toBe(true);
      const zips = county.target_neighborhoods.flatMap((area) => area.zip_codes ?? []);
      expect(new Set(zips).size, `${county.slug}: a ZIP code in two neighbourhoods`).toBe(zips.length);
    }
  });

  it('are found by slug and FIPS code, and a wrong name lists the right ones', async () => {
    const counties = await loadCounties(configDir);
    expect(findCounty(counties, 'King-WA').fips).toBe('53033');
    expect(findCounty(counties, '17031').slug).toBe('cook-il');
    expect(() => findCounty(counties, 'nowhere')).toThrow(/king-wa/);
  });

  it('place a house in its neighbourhood by ZIP code, then by distance', async () => {
    const king = findCounty(await loadCounties(configDir), 'king-wa');
    expect(findNeighborhood(king, { zipCode: '98118', latitude: null, longitude: null })?.name).toBe('Rainier Valley');
    expect(findNeighborhood(king, { zipCode: '98011', latitude: 47.765, longitude: -122.21 })?.name).toBe(
      'Downtown Bothell',
    );
    expect(findNeighborhood(king, { zipCode: null, latitude: 47.2, longitude: -122.0 })).toBeNull();
    expect(isInside(king, { latitude: 47.6, longitude: -122.3 })).toBe(true);
    expect(isInside(king, { latitude: 45.5, longitude: -122.6 })).toBe(false);
  });
});

describe('a wrong county file', () => {
  let source: string;
  beforeEach(async () => {
    source = await readFile(join(configDir, 'counties', 'king-wa.yaml'), 'utf8');
  });
  const problemsOf = (text: string, file = 'king-wa.yaml') => {
    const result = parseCounty(file, text);
    return result.ok ? [] : result.problems;
  };
  const lineOf = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;

  it('is told the line of a mistyped key and the key that was meant', () => {
    const text = source.replace('market_heat:', 'marketHeet:');
    expect(problemsOf(text)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          line: lineOf(text, 'marketHeet'),
          path: 'scoring.marketHeet',
          message: expect.stringContaining('Did you mean "market_heat"?'),
        }),
        expect.objectContaining({ path: 'scoring.market_heat', message: expect.stringContaining('is missing') }),
      ]),
    );
  });

  it('is told the known keys when nothing is near', () => {
    expect(problemsOf(`${source}zzzzqqqq: 1\n`)[0]?.message).toMatch(/Known keys here: name, state/);
  });

  it('is told about a key inside a list', () => {
    const text = source.replace('    zip_codes: ["98118"]', '    zipcodes: ["98118"]');
    const problem = problemsOf(text).find(({ path }) => path.endsWith('zipcodes'));
    expect(problem).toMatchObject({ line: lineOf(text, 'zipcodes:'), message: expect.stringContaining('"zip_codes"') });
  });

  it.each([
    ['time_zone: America/Los_Angeles', 'time_zone: Seattle', 'time_zone', /IANA/],
    ['fips: "53033"', 'fips: 53033', 'fips', /string/],
    ['state: WA', 'state: Washington', 'state', /two capital letters/],
    ['market_heat: 0.72', 'market_heat: 72', 'scoring.market_heat', /<=1/],
    ['cron: "30 5 * * *"', 'cron: "daily"', 'schedule.cron', /five cron fields/],
    ['latitude: 47.491,', 'latitude: 40.1,', 'centre', /outside of bounds/],
    ['example: "123456-0070"', 'example: "12-0070"', 'apn.example', /pattern/],
    ['name: Burien', 'name: Ballard', 'target_neighborhoods.6.name', /listed twice/],
    ['url: https://', 'url: http://', 'endpoints.0.url', /https/],
    ['slug: king-wa', 'slug: queen-wa', 'slug', /queen-wa\.yaml/],
  ])('%s → %s is refused at its path', (from, to, path, message) => {
    const problems = problemsOf(source.replace(from, to));
    expect(problems).toContainEqual(expect.objectContaining({ path, message: expect.stringMatching(message) }));
  });

  it.each([
    ['tabs', 'name:\n\t- x'],
    ['a key twice', 'name: a\nname: b'],
    ['an open quote', 'name: "abc'],
  ])('that is no YAML (%s) is refused with its line', (_name, text) => {
    expect(problemsOf(text)[0]).toMatchObject({
      line: expect.any(Number),
      message: expect.stringContaining('not valid YAML'),
    });
  });

  it.each(['', '# nothing\n', '- a\n- b\n', 'just text\n'])('that holds no map is refused: %j', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });
});

describe('a configuration folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counties '));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('names every wrong file in one error', async () => {
    await mkdir(join(folder, 'counties'));
    const source = await readFile(join(configDir, 'counties', 'king-wa.yaml'), 'utf8');
    await writeFile(join(folder, 'counties', 'king-wa.yaml'), source.replace('name: King County', 'nmae: King County'));
    await writeFile(join(folder, 'counties', 'pierce-wa.yaml'), 'name: Pierce County\n');
    const error = await loadCounties(folder).catch((thrown: unknown) => thrown as ReosError);
    expect(error).toBeInstanceOf(ReosError);
    expect(error).toMatchObject({ code: 'validation', details: { line: 2, path: 'nmae' } });
    expect((error as ReosError).message).toContain('king-wa.yaml:2: nmae is not a known key. Did you mean "name"?');
    expect((error as ReosError).message).toContain('pierce-wa.yaml:1: fips is missing');
  });

  it('refuses two files with one FIPS code', async () => {
    await mkdir(join(folder, 'counties'));
    const source = await readFile(join(configDir, 'counties', 'king-wa.yaml'), 'utf8');
    await writeFile(join(folder, 'counties', 'king-wa.yaml'), source);
    await writeFile(join(folder, 'counties', 'pierce-wa.yaml'), source.replace('slug: king-wa', 'slug: pierce-wa'));
    await expect(loadCounties(folder)).rejects.toThrow(/53033 is already the county of king-wa/);
  });

  it('says when it is missing or empty', async () => {
    await expect(loadCounties(folder)).rejects.toMatchObject({ code: 'missing_part' });
    await mkdir(join(folder, 'counties'));
    await expect(loadCounties(folder)).rejects.toThrow(/no county file/);
  });
});
