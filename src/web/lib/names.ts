/** What companies and services write themselves; everything else is put together from its words. */
const OWN_SPELLINGS = new Map([
  ['sendgrid', 'SendGrid'],
  ['realforeclose', 'RealForeclose'],
  ['any-json-ld', 'Any page with JSON-LD'],
]);
const HYPHENATED = new Map([['miami-dade', 'Miami-Dade']]);
const ACRONYMS = new Set(['acs', 'fema', 'fsbo', 'nyc', 'reso', 'mls', 'fl', 'ap']);

/** A source, provider or channel in words: `king-county-sales` is King County sales. A file's name stays as it is. */
export function sourceName(code: string): string {
  const own = OWN_SPELLINGS.get(code);
  if (own !== undefined) return own;
  if (!/^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/.test(code)) return code;
  const words = code.split(/[-_]/);
  const isOfCounty = words.indexOf('county');
  return words
    .map((word, at) => (ACRONYMS.has(word) ? word.toUpperCase() : at === 0 || at <= isOfCounty ? capital(word) : word))
    .join(' ');
}

/** Who sent a message, within a sentence. */
export function senderName(provider: string): string {
  return provider === 'local-outbox' ? 'the local outbox' : sourceName(provider);
}

/** `king-wa` is King County, WA: for where the list of counties is not at hand. */
export function countyName(slug: string): string {
  const at = slug.lastIndexOf('-');
  if (at < 0) return slug;
  const own = slug.slice(0, at);
  const name = HYPHENATED.get(own) ?? own.split('-').map(capital).join(' ');
  return `${name} County, ${slug.slice(at + 1).toUpperCase()}`;
}

const DIRECTIONS = new Set(['N', 'E', 'S', 'W', 'NE', 'NW', 'SE', 'SW', 'PO']);

/** An address that a file holds in capitals, as people write it: `11 187TH CT NW` is 11 187th Ct NW. Others as they are. */
export function streetName(address: string): string {
  if (address !== address.toUpperCase()) return address;
  return address.replace(/[\p{L}\d]+(?:['’]\p{L}+)*/gu, (word) => {
    if (DIRECTIONS.has(word)) return word;
    if (/^\d+(ST|ND|RD|TH)$/.test(word)) return word.toLowerCase();
    return /\d/.test(word) ? word : capital(word.toLowerCase());
  });
}

/** A place that a file holds in capitals, as people write it; other spellings as they are. */
export function placeName(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name.toLowerCase().replace(/(^|[\s\-'.])\p{L}/gu, (start) => start.toUpperCase());
}

/** `Carnation, WA 98053`, of what is known. */
export function placeOf(of: { city: string | null; state: string | null; zip_code?: string | null }): string {
  const city = of.city && placeName(of.city);
  return [[city, of.state].filter(Boolean).join(', '), of.zip_code].filter(Boolean).join(' ');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
