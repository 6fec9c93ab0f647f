import { expect, it } from 'vitest';
import { levelOf } from '../../../src/domain/market/levels.ts';

it.each([
  ['United States', 'nation'],
  ['National', 'nation'],
  ['National-US', 'nation'],
  ['Pacific Division', 'region'],
  ['East North Central', 'region'],
  ['Composite-20', 'region'],
  ['California', 'state'],
  ['OH', 'state'],
  ['Ohio (non-metro)', 'state'],
  ['Boise, ID', 'metro'],
  ['Seattle, WA metro area', 'metro'],
  ['Kansas City, MO', 'metro'],
  ['AZ-Phoenix', 'metro'],
  ['Chicago-Naperville-Elgin, IL-IN-WI', 'metro'],
  ['King County, WA', 'county'],
  ['Orleans Parish, LA', 'county'],
  ['Alexandria City, VA', 'county'],
  ['Salem, Marion County, OR (city)', 'city'],
  ['97301', 'zip'],
  ['972xx', 'zip'],
  ['Downtown, Salem, OR (neighborhood)', 'neighborhood'],
  ['Seattle, WA - Capitol Hill', 'neighborhood'],
] as const)('%s is a %s', (market, level) => {
  expect(levelOf(market)).toBe(level);
});
