import type { County } from '../../domain/county.ts';
import type { BuyBox } from '../../domain/outreach/buy-box.ts';
import type { ContactField } from '../../domain/outreach/contact-columns.ts';
import { propertyWords } from '../discover/property-words.ts';

/** Reports one problem of a field. */
export type Report = (field: string, message: string) => void;

const BOX_FIELDS = [
  'boxCounties',
  'boxTypes',
  'boxZips',
  'minPrice',
  'maxPrice',
  'minScore',
  'minBedrooms',
  'minSqft',
] as const;

/** The buy box that a row describes; null when it says nothing of one. Problems are reported field by field. */
export function readBuyBox(
  get: (field: ContactField) => string,
  counties: readonly County[],
  report: Report,
): BuyBox | null {
  if (BOX_FIELDS.every((field) => get(field) === '')) return null;
  const number = (field: ContactField, max: number) => readNumber(get(field), field, max, report);
  const dollars = (field: ContactField) => {
    const value = readNumber(get(field), field, 1_000_000_000, report);
    return value === null ? null : Math.round(value * 100);
  };
  const box: BuyBox = {
    countyFips: readCounties(get('boxCounties'), counties, report),
    propertyTypes: readTypes(get('boxTypes'), report),
    zipCodes: readZips(get('boxZips'), report),
    minPriceCents: dollars('minPrice'),
    maxPriceCents: dollars('maxPrice'),
    minScore: number('minScore', 100),
    minBedrooms: number('minBedrooms', 100),
    minSqft: number('minSqft', 1_000_000),
  };
  if (box.minPriceCents !== null && box.maxPriceCents !== null && box.minPriceCents > box.maxPriceCents) {
    report('minPrice', 'is above the maximum price');
  }
  return box;
}

/** A county by slug, five-digit code or name (`King`, `King County`, `King County, WA`); null when none fits alone. */
export function findCountyByName(counties: readonly County[], text: string, state: string | null): County | null {
  const wanted = text.trim().toLowerCase();
  const match = /^(.*?)(?:,?\s+([a-z]{2}))?$/.exec(wanted);
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/,.*$/, '')
      .replace(/\s+(county|parish|borough)$/, '')
      .trim();
  const [name, ofState] = [bare(match?.[1] ?? ''), (match?.[2] ?? state ?? '').toUpperCase()];
  const found = counties.filter(
    (county) =>
      county.slug === wanted ||
      county.fips === wanted ||
      (bare(county.name) === name && (ofState === '' || county.state === ofState)) ||
      (bare(county.name) === bare(wanted) && (state === null || county.state === state)),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}

const pieces = (text: string, by: RegExp) =>
  text
    .split(by)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');

function readCounties(text: string, counties: readonly County[], report: Report): string[] | null {
  if (text === '' || /^(any|all)$/i.test(text)) return null;
  const found = pieces(text, /[;|\n]/).flatMap((piece) => {
    const whole = findCountyByName(counties, piece, null);
    return whole === null ? pieces(piece, /,/).map((part) => findCountyByName(counties, part, null) ?? part) : [whole];
  });
  const unknown = found.filter((county) => typeof county === 'string');
  if (unknown.length > 0) report('boxCounties', `no county is configured as '${unknown.join("', '")}'`);
  return found.flatMap((county) => (typeof county === 'string' ? [] : [county.fips]));
}

/** RESO's words for short forms that investors write. */
const SHORT: Readonly<Record<string, string>> = {
  sfr: 'Single Family Residence',
  sfh: 'Single Family Residence',
  sf: 'Single Family Residence',
  mfr: 'Multi Family',
  mf: 'Multi Family',
  th: 'Townhouse',
};

function readTypes(text: string, report: Report): string[] | null {
  if (text === '' || /^(any|all)$/i.test(text)) return null;
  const found = pieces(text, /[;|,\n]/).map((word) => {
    const known = propertyWords(word);
    return SHORT[word.toLowerCase()] ?? known?.subType ?? known?.type ?? { word };
  });
  const unknown = found.flatMap((type) => (typeof type === 'string' ? [] : [type.word]));
  if (unknown.length > 0) report('boxTypes', `no property type is known as '${unknown.join("', '")}'`);
  return [...new Set(found.filter((type) => typeof type === 'string'))];
}

function readZips(text: string, report: Report): string[] | null {
  if (text === '' || /^(any|all)$/i.test(text)) return null;
  const zips = pieces(text, /[;|,\s]/);
  const wrong = zips.filter((zip) => !/^\d{5}$/.test(zip));
  if (wrong.length > 0) report('boxZips', `'${wrong.join("', '")}' is no five-digit ZIP code`);
  return zips;
}

const SCALES: Readonly<Record<string, number>> = { k: 1_000, m: 1_000_000, mm: 1_000_000 };

/** A number as people write it: `$450,000`, `450k`, `1.2M`, `3+`. Null when the cell is empty. */
function readNumber(text: string, field: ContactField, max: number, report: Report): number | null {
  if (text === '' || /^(any|n\/?a|-)$/i.test(text)) return null;
  const match = /^\$?\s*(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(k|mm?)?\+?$/i.exec(text);
  const value =
    match === null ? Number.NaN : Number(match[1]?.replaceAll(',', '')) * (SCALES[match[2]?.toLowerCase() ?? ''] ?? 1);
  if (Number.isFinite(value) && value <= max) return value;
  report(field, `'${text}' is no number from 0 to ${max.toLocaleString('en-US')}`);
  return null;
}
