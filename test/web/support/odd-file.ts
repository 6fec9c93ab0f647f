import { generateSample } from '../../../src/demo/sample.ts';

/** Headers that no recipe knows, in place of the sample's. */
const ODD_HEADERS: Readonly<Record<string, string>> = {
  id: 'Tax Lot Ref #',
  date: 'Recorded on',
  price: 'Amt paid ($)',
  sqft_living: 'Heated sq. ft.',
  sqft_lot: 'Lot (sf)',
  yr_built: 'Yr. constr.',
  zipcode: 'Postal',
  lat: 'Y coord (lat)',
  long: 'X coord (lon)',
};

/** A sample of so many sales under headers that have to be told what they hold: two of them by hand. */
export function oddFile(rows: number): string {
  const [header = '', ...lines] = generateSample(rows).split('\n');
  const odd = header.split(',').map((name) => ODD_HEADERS[name] ?? name);
  return [odd.join(','), ...lines].join('\n');
}
