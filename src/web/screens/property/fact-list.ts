import { formatCount, formatDay, formatDollars, formatNumber, formatPercent, humanise } from '../../lib/format.ts';
import { placeName, streetName } from '../../lib/names.ts';
import type { Property } from './property-query.ts';

/** A field of a property: its name in the API, what it is called, and how its value is written. */
export interface Fact {
  field: keyof Property & string;
  name: string;
  format: (value: unknown) => string;
}

const text = (value: unknown) => String(value);
const words = (value: unknown) => humanise(String(value));
const city = (value: unknown) => placeName(String(value));
const street = (value: unknown) => streetName(String(value));
const count = (value: unknown) => formatCount(Number(value));
const dollars = (value: unknown) => formatDollars(Number(value));
const number = (value: unknown) => formatNumber(Number(value), 2);
const percent = (value: unknown) => formatPercent(Number(value), 0);
const day = (value: unknown) => formatDay(String(value));
const year = (value: unknown) => String(value);
const area = (value: unknown) => `${formatCount(Number(value))} sq ft`;
const yes = (value: unknown) => (value === true ? 'Yes' : 'No');
const degrees = (value: unknown) => Number(value).toFixed(4);

/** The facts of a property in groups, in the order in which they are read. */
export const FACT_GROUPS: ReadonlyArray<{ title: string; facts: readonly Fact[] }> = [
  {
    title: 'Building',
    facts: [
      { field: 'property_sub_type', name: 'Kind', format: text },
      { field: 'bedrooms', name: 'Bedrooms', format: number },
      { field: 'bathrooms', name: 'Bathrooms', format: number },
      { field: 'sqft', name: 'Living area', format: area },
      { field: 'lot_size_sqft', name: 'Lot', format: area },
      { field: 'year_built', name: 'Built', format: year },
      { field: 'year_renovated', name: 'Renovated', format: year },
      { field: 'stories', name: 'Storeys', format: number },
      { field: 'condition', name: 'Condition, 1 to 5', format: number },
      { field: 'grade', name: 'Grade, 1 to 13', format: number },
      { field: 'waterfront', name: 'Waterfront', format: yes },
    ],
  },
  {
    title: 'Prices and taxes',
    facts: [
      { field: 'list_price', name: 'Asking price', format: dollars },
      { field: 'list_date', name: 'Listed', format: day },
      { field: 'standard_status', name: 'Listing status', format: words },
      { field: 'last_sale_price', name: 'Last sale', format: dollars },
      { field: 'last_sale_date', name: 'Last sold', format: day },
      { field: 'assessed_value', name: 'Assessed value', format: dollars },
      { field: 'tax_annual_amount', name: 'Tax a year', format: dollars },
      { field: 'tax_year', name: 'Tax year', format: year },
    ],
  },
  {
    title: 'Place and owner',
    facts: [
      { field: 'address', name: 'Address', format: street },
      { field: 'unit', name: 'Unit', format: text },
      { field: 'city', name: 'City', format: city },
      { field: 'zip_code', name: 'ZIP code', format: text },
      { field: 'apn', name: 'Parcel number', format: text },
      { field: 'latitude', name: 'Latitude', format: degrees },
      { field: 'longitude', name: 'Longitude', format: degrees },
      { field: 'owner_name', name: 'Owner', format: text },
    ],
  },
  {
    title: 'Area and risk',
    facts: [
      { field: 'flood_risk', name: 'Flood risk', format: words },
      { field: 'flood_zone', name: 'FEMA flood zone', format: text },
      { field: 'census_tract', name: 'Census tract', format: text },
      { field: 'population', name: 'People in the tract', format: count },
      { field: 'median_income', name: 'Median income', format: dollars },
      { field: 'median_home_value', name: 'Median home value', format: dollars },
      { field: 'median_rent', name: 'Median rent a month', format: dollars },
      { field: 'owner_occupied_share', name: 'Lived in by owners', format: percent },
    ],
  },
];

const OTHER_NAMES: Readonly<Record<string, string>> = { state: 'State', property_type: 'Type' };

/** A field of a property as a sentence names it: `sqft` is the living area. */
export function factName(field: string): string {
  const known = FACT_GROUPS.flatMap(({ facts }) => facts).find((one) => one.field === field);
  const name = known?.name ?? OTHER_NAMES[field] ?? humanise(field);
  return /^[A-Z]{2}/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

/** The facts of a group that are known, and the names of those that are not. */
export function sortFacts(
  facts: readonly Fact[],
  property: Readonly<Record<string, unknown>>,
): { known: Fact[]; unknown: string[] } {
  const isKnown = ({ field }: Fact) =>
    property[field] !== null && property[field] !== undefined && property[field] !== '';
  return {
    known: facts.filter(isKnown),
    unknown: facts.filter((fact) => !isKnown(fact)).map(({ name }) => name.toLowerCase()),
  };
}
