import { headerWords, normaliseHeader } from './header-words.ts';

/** Short words of headers and what they stand for; '' is a word that says nothing. */
const SHORT: Readonly<Record<string, string>> = {
  tot: 'total',
  ttl: 'total',
  lvg: 'living',
  liv: 'living',
  livg: 'living',
  lvbl: 'living',
  livable: 'living',
  liveable: 'living',
  heated: 'living',
  yr: 'year',
  blt: 'built',
  bldg: 'building',
  bld: 'building',
  bldng: 'building',
  fin: 'finished',
  finsh: 'finished',
  flr: 'floor',
  res: 'residential',
  bed: 'bedrooms',
  beds: 'bedrooms',
  bedrm: 'bedrooms',
  bedrms: 'bedrooms',
  bdrm: 'bedrooms',
  bdrms: 'bedrooms',
  bedroom: 'bedrooms',
  bath: 'bathrooms',
  baths: 'bathrooms',
  bathrm: 'bathrooms',
  bathrms: 'bathrooms',
  bathroom: 'bathrooms',
  hf: 'half',
  hlf: 'half',
  prc: 'price',
  prices: 'price',
  amt: 'amount',
  dt: 'date',
  addr: 'address',
  adr: 'address',
  nbhd: 'neighborhood',
  nbrhd: 'neighborhood',
  nhood: 'neighborhood',
  neigh: 'neighborhood',
  neighbourhood: 'neighborhood',
  cd: 'code',
  act: 'actual',
  eff: 'effective',
  lnd: 'land',
  desc: 'description',
  dscr: 'description',
  dscrp: 'description',
  descr: 'description',
  recorded: 'recording',
  rec: 'recording',
  trans: 'transaction',
  num: 'number',
  nbr: 'number',
  no: 'number',
  nr: 'number',
  cnt: 'count',
  sqfoot: 'sqft',
  sqfeet: 'sqft',
  sf: 'sqft',
  sft: 'sqft',
  foot: 'feet',
  footage: 'feet',
  ft: 'feet',
  zipcd: 'zip code',
  zipcode: 'zip code',
  subdiv: 'subdivision',
  str: 'street',
  cond: 'condition',
  cndtn: 'condition',
  apx: '',
  approx: '',
  approximate: '',
  of: '',
  the: '',
  in: '',
};

/** Words in front that only say whose value it is: the property's, as of the last sale. */
const WHOSE = new Set([
  'meta',
  'char',
  'loc',
  'location',
  'prop',
  'property',
  'phy',
  'physical',
  'situs',
  'site',
  'residential',
  'current',
  'last',
  'latest',
  'ls',
  'house',
  'home',
]);

/** What a column can hold the number of. */
const COUNTED = new Set(
  'bedrooms bathrooms full half three rooms room stories floors fireplaces garage parking units'.split(' '),
);

/** Words of which concatenated capitals (`FINISHEDLIVINGAREA`) are made, beside the short ones. */
const LONG =
  'total living area residential floor finished building house property address city state zip code street number neighborhood market value price sale sold date year built use description condition grade style land lot size square feet fair assessed full half bathrooms bedrooms rooms units unit effective actual record recording owner tax class type name acres latitude longitude quality garage stories'.split(
    ' ',
  );
const PARTS = new Set([...LONG, ...Object.keys(SHORT).filter((word) => word.length > 2 || word === 'yr')]);

/**
 * Ways to say what a header says, the surest first, as normalised names: its short words written out, without the word
 * for whose value it is (`meta_`, `PHY_`), without a count's word, without a `1` behind it. The header itself is none.
 */
export function headerReadings(header: string): string[] {
  const words = headerWords(header.replace(/#/g, ' number '))
    .flatMap((word) => (/^[a-z]+\d$/.test(word) && word !== 'm2' ? [word.slice(0, -1), word.slice(-1)] : [word]))
    .flatMap((word) => (word in SHORT || word.length < 8 ? [word] : (partsOf(word) ?? [word])));
  const whole = words.flatMap((word) => (SHORT[word] ?? word).split(' ')).filter((word) => word !== '');
  const first = whole.length > 1 && whole.at(-1) === '1' ? whole.slice(0, -1) : whole;
  const own = first.length > 1 && WHOSE.has(first[0] ?? '') ? first.slice(1) : first;
  const things = own.filter((word) => word !== 'number' && word !== 'count');
  const uncounted = COUNTED.has(things[0] ?? '') ? things : own;
  const itself = normaliseHeader(header);
  const readings = [whole, first, own, uncounted].map((some) => some.join(''));
  return [...new Set(readings)].filter((reading) => reading !== '' && reading !== itself);
}

/** A spelling of the synonym table with its short words written out. */
export function spelledOut(spelling: string): string {
  return headerWords(spelling)
    .flatMap((word) => SHORT[word] ?? word)
    .join('')
    .replaceAll(' ', '');
}

/** The known words that a run of letters is made of, fewest first; null when some of it is none. */
function partsOf(letters: string): string[] | null {
  const best: Array<string[] | null> = [[]];
  for (let end = 1; end <= letters.length; end += 1) {
    best[end] = null;
    for (let start = Math.max(0, end - 14); start < end; start += 1) {
      const before = best[start];
      const word = letters.slice(start, end);
      if (!before || !PARTS.has(word)) continue;
      const known = best[end];
      if (!known || before.length + 1 < known.length) best[end] = [...before, word];
    }
  }
  return best[letters.length] ?? null;
}
