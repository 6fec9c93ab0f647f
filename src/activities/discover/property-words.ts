/** A property type in the words of RESO: PropertyType and PropertySubType. */
export interface PropertyWords {
  type: string;
  subType: string | null;
}

/** Published words to RESO's, first match wins; the list is ordered from narrow to wide. */
const TYPES: ReadonlyArray<readonly [RegExp, string, string | null]> = [
  [/lease|rent(al|$)|for_rent/, 'Residential Lease', null],
  [/mehrfamilienhaus/, 'Residential Income', 'Multi Family'],
  [/vacant|^land$|^lots?\b|lot ?\/ ?land|unimproved|vacant land/, 'Land', 'Unimproved Land'],
  [/farm|ranch (?!style)|agric/, 'Farm', 'Farm'],
  [/mobile|manufactured/, 'Residential', 'Manufactured Home'],
  [/triplex|three famil|3 famil/, 'Residential Income', 'Triplex'],
  [/duplex|two famil|2 famil/, 'Residential Income', 'Duplex'],
  [
    /multi.?famil|quadruplex|fourplex|residential income|walkup apart|elevator apart/,
    'Residential Income',
    'Multi Family',
  ],
  [/reihenhaus|terraced/, 'Residential', 'Townhouse'],
  [/townho|town house|row ?house|condo ?\/ ?town|^townhome/, 'Residential', 'Townhouse'],
  [/condo|condop/, 'Residential', 'Condominium'],
  [/co.?op/, 'Residential', 'Stock Cooperative'],
  [/apartment|apartamento|appart|wohnung|\bpiso\b|appartamento/, 'Residential', 'Apartment'],
  [/commercial|office|retail|industrial|warehouse|store|hotel|garage|factor/, 'Commercial Sale', null],
  [
    /single.?fam|one famil|1fam|single res|single_family|detached|^maison|^casa\b|einfamilienhaus|\bhouse\b|singlefamily|\bhome\b/,
    'Residential',
    'Single Family Residence',
  ],
  [/residen|improved/, 'Residential', null],
];

/** RESO's words for a published property type; null when it says nothing we know. */
export function propertyWords(published: string): PropertyWords | null {
  const text = published.toLowerCase().replaceAll('_', ' ').trim();
  const found = TYPES.find(([pattern]) => pattern.test(text));
  return found === undefined ? null : { type: found[1], subType: found[2] };
}

const STATUSES: ReadonlyArray<readonly [RegExp, string]> = [
  [/coming/, 'Coming Soon'],
  [/contingent|under contract/, 'Active Under Contract'],
  [/pending/, 'Pending'],
  [/sold|closed/, 'Closed'],
  [/withdrawn|cancel/, 'Canceled'],
  [/expired/, 'Expired'],
  [/off.?market|not for sale/, 'Withdrawn'],
  [/active|for.?sale|in ?stock|^new$|auction|foreclos/, 'Active'],
];

/** RESO's StandardStatus for a published status; the published words when it says nothing we know. */
export function standardStatus(published: string): string {
  const text = published.toLowerCase().replaceAll('_', ' ');
  return STATUSES.find(([pattern]) => pattern.test(text))?.[1] ?? published;
}
