/** What kind of place a market is. `region` is several states, such as a census division. */
export const LEVELS = ['nation', 'region', 'state', 'metro', 'county', 'city', 'zip', 'neighborhood'] as const;
export type Level = (typeof LEVELS)[number];

const STATES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|' +
    'FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|' +
    'MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|' +
    'NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|' +
    'OR Oregon|PA Pennsylvania|PR Puerto Rico|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|' +
    'UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming'
  )
    .split('|')
    .map((entry) => [entry.slice(0, 2), entry.slice(3)]),
);
const NAMES = new Set(Object.values(STATES).map((name) => name.toLowerCase()));
const DIVISIONS =
  /^(?:(?:east|west) (?:north|south) central|mountain|pacific|(?:middle|mid|south)[ -]atlantic|new england|northeast|midwest|south|west|composite-\d+)(?: (?:division|region))?$/i;

/** Whether it is a state of the USA, the District of Columbia or Puerto Rico, by name. */
export const isStateName = (name: string): boolean => NAMES.has(name.trim().toLowerCase());

/** Whether it is the two letters of one. */
export const isStateCode = (text: string): boolean => STATES[text.trim().toUpperCase()] !== undefined;

/**
 * The kind of place by a market's name as the feeds write it: `United States`, `California`, `Boise, ID`,
 * `King County, WA`, `Salem, Marion County, OR (city)`, `97301`. What says nothing else is a metro.
 */
export function levelOf(market: string): Level {
  const name = market.trim();
  if (/^(?:united states|usa?|u\.s\.|national|national-us)$/i.test(name)) return 'nation';
  const base = name.replace(/ \(non-metro\)$/i, '');
  if (isStateName(base) || (base.length === 2 && isStateCode(base))) return 'state';
  if (DIVISIONS.test(name)) return 'region';
  if (/^\d{5}$|^\d{3}xx$/i.test(name)) return 'zip';
  if (/\(city\)$/i.test(name)) return 'city';
  if (/\(neighborhood\)$/i.test(name) || /, [A-Z]{2} - \S/.test(name)) return 'neighborhood';
  // Virginia's independent cities, and Baltimore, are counties of their own.
  if (/ city, VA$|^baltimore city, MD$/i.test(name)) return 'county';
  return /\b(?:county|parish|borough|census area|municipio|municipality),? [A-Z]{2}$/i.test(name) ? 'county' : 'metro';
}
