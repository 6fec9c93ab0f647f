import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseColumnChoice } from '../../../src/activities/discover/column-choice.ts';
import { countyOfFile } from '../../../src/activities/discover/file-county.ts';
import { loadRecipes, type Recipes } from '../../../src/activities/discover/recipe-load.ts';
import { type Counties, openCounties } from '../../../src/config/county-index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('reos-file-county-');
let recipes: Recipes;
let counties: Counties;

beforeAll(async () => {
  recipes = await loadRecipes('config');
  counties = await openCounties('config');
});

async function county(lines: readonly string[], ...maps: string[]): Promise<string | null> {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, lines.join('\n'));
  const options = { recipes, overrides: maps.map(parseColumnChoice) };
  return (await countyOfFile(path, 'rows.csv', options, counties.all))?.county.slug ?? null;
}

const repeat = (count: number, row: string): string[] => Array.from({ length: count }, () => row);

describe('the county that a file says', () => {
  it('is that of the recipe whose layout it has', async () => {
    const header = 'id,date,price,bedrooms,bathrooms,sqft_living,sqft_lot,floors,waterfront,condition,grade,sqft_above';
    const rest = 'sqft_basement,yr_built,yr_renovated,zipcode,lat,long';
    // The recipe's word counts, wherever the coordinates lie.
    const row = '1,20150101T000000,300000,3,2,1800,5000,1,0,3,7,1800,0,1980,0,98118,33.4,-112.1';
    expect(await county([`${header},${rest}`, row])).toBe('king-wa');
  });

  it('is that of a column of county codes, leading zeros lost or not', async () => {
    const header = 'PIN,sale price,sale date,county fips';
    expect(await county([header, ...repeat(3, '1,300000,2020-01-01,17031')])).toBe('cook-il');
    expect(await county([header, ...repeat(3, '1,300000,2020-01-01,4013')])).toBe('maricopa-az');
    expect(await county([header, '1,3,2020-01-01,17031', '1,3,2020-01-01,53033'])).toBeNull();
    expect(await county([header, ...repeat(3, '1,300000,2020-01-01,36061')])).toBeNull();
  });

  it('is that of a column of names, where the state or the coordinates say which one', async () => {
    const named = 'PIN,sale price,sale date,county,state';
    expect(await county([named, ...repeat(2, '1,300000,2020-01-01,Orange County,CA')])).toBe('orange-ca');
    expect(await county([named, ...repeat(2, '1,300000,2020-01-01,ORANGE,FL')])).toBeNull();
    expect(await county(['PIN,sale price,sale date,county', '1,300000,2020-01-01,Orange'])).toBeNull();
    const placed = 'PIN,sale price,sale date,county,lat,long';
    expect(await county([placed, '1,300000,2020-01-01,King,47.6,-122.3'])).toBe('king-wa');
  });

  it('is the one in whose box nearly all houses lie', async () => {
    const header = 'PIN,sale price,sale date,lat,long';
    const inside = repeat(199, '1,300000,2020-01-01,47.6,-122.3');
    expect(await county([header, ...inside])).toBe('king-wa');
    expect(await county([header, ...inside, '1,300000,2020-01-01,0,0'])).toBe('king-wa');
    expect(await county([header, ...inside, ...repeat(20, '1,300000,2020-01-01,30.3,-97.7')])).toBeNull();
    expect(await county([header, ...repeat(5, '1,300000,2020-01-01,,'), '1,3,2020-01-01,47.6,-122.3'])).toBeNull();
    expect(await county([header, '1,300000,2020-01-01,52.5,13.4'])).toBeNull();
  });

  it('takes a column for what a person says it is', async () => {
    const lines = ['PIN,sale price,sale date,a,b', '1,300000,2020-01-01,47.6,-122.3'];
    expect(await county(lines)).toBeNull();
    expect(await county(lines, 'a=Latitude', 'b=Longitude')).toBe('king-wa');
  });

  it('is none for a file without any of these', async () => {
    expect(await county(['PIN,sale price,sale date', '1,300000,2020-01-01'])).toBeNull();
  });
});
