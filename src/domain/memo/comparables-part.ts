import { drawComparablesMap, type MapOutlines } from './charts/comparables-map.ts';
import { yearText } from './facts.ts';
import {
  cleanText,
  formatCents,
  formatDay,
  formatDistance,
  formatNumber,
  formatPercent,
  isNumber,
  NOT_KNOWN,
} from './format.ts';
import type { MemoComparable, MemoInput, MemoOutline } from './input.ts';
import { median } from './price-trend.ts';
import { salesSource } from './trend-part.ts';

/** One comparable sale as the table prints it. */
export interface ComparableRow {
  number: string;
  place: string;
  details: string;
  distance: string;
  closeDate: string;
  closePrice: string;
  adjustedPrice: string;
  weight: string;
}

/** The table of comparables, the map beside it, and a sentence that says what the numbers are. */
export interface ComparablesPart {
  hasRows: boolean;
  rows: ComparableRow[];
  /** What the sales say together. */
  summary: Array<{ label: string; value: string }>;
  /** SVG, or null when no place is known. */
  map: string | null;
  /** Why there is no map; null when there is one, or nothing to show on it. */
  mapNote: string | null;
  note: string;
  /** Where the sales came from. */
  source: string;
}

/** How many comparables a page holds; the rest are counted in the note. */
const MOST = 8;

/** The comparables, heaviest first, then nearest. */
export function comparablesPart({ property, comparables, outlines, salesSources }: MemoInput): ComparablesPart {
  const ranked = comparables.toSorted(
    (a, b) =>
      (b.weight ?? 0) - (a.weight ?? 0) ||
      a.distanceMetres - b.distanceMetres ||
      a.closeDate.localeCompare(b.closeDate),
  );
  const shown = ranked.slice(0, MOST);
  const points = shown.map((sale, index) => ({ ...sale, number: index + 1 }));
  const map = drawComparablesMap(property, points, cleanOutlines(outlines));
  return {
    hasRows: shown.length > 0,
    rows: shown.map(comparableRow),
    summary: summarise(shown),
    map,
    mapNote: map === null && shown.length > 0 ? MAP_NOTE : null,
    note: noteFor(shown.length, comparables.length),
    source: salesSource(comparables, salesSources),
  };
}

function cleanOutlines(outlines: MemoInput['outlines']): MapOutlines | null {
  if (outlines === null || outlines === undefined) return null;
  const named = (outline: MemoOutline, name: string) => ({ ...outline, name: cleanText(outline.name, 40) ?? name });
  return { state: named(outlines.state, 'the state'), county: named(outlines.county, 'the county') };
}

const MAP_NOTE =
  'No map: the place of the property, or of its comparables, is not known. The distances in the table are as recorded.';

function summarise(sales: readonly MemoComparable[]): ComparablesPart['summary'] {
  const prices = sales.map((sale) => sale.adjustedPriceCents).filter(isNumber);
  const distances = sales.map((sale) => sale.distanceMetres).filter(isNumber);
  const dates = sales.map((sale) => sale.closeDate).toSorted();
  const low = formatCents(least(prices));
  const high = formatCents(most(prices));
  const first = formatDay(dates.at(0));
  const last = formatDay(dates.at(-1));
  return [
    { label: 'Median, adjusted', value: formatCents(prices.length === 0 ? null : median(prices)) ?? NOT_KNOWN },
    { label: 'Range, adjusted', value: low === null || high === null ? NOT_KNOWN : `${low} to ${high}` },
    { label: 'Nearest', value: formatDistance(least(distances)) ?? NOT_KNOWN },
    { label: 'Furthest', value: formatDistance(most(distances)) ?? NOT_KNOWN },
    { label: 'Closed between', value: first === null || last === null ? NOT_KNOWN : `${first} and ${last}` },
  ];
}

const least = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values));
const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values));

function noteFor(shown: number, all: number): string {
  if (all === 0) return 'No past sale near the property is known that is close enough to compare with.';
  const rest = all > shown ? ` ${all - shown} more of less weight are not shown.` : '';
  return `Closed sales near the property. The adjusted price is what each would stand for in the size, age and market of this property; the weight is its share in the estimate.${rest}`;
}

function comparableRow(sale: MemoComparable, index: number): ComparableRow {
  return {
    number: String(index + 1),
    place: cleanText(sale.address, 70) ?? parcelText(sale.apn) ?? 'Address not known',
    details: detailsOf(sale),
    distance: formatDistance(sale.distanceMetres) ?? NOT_KNOWN,
    closeDate: formatDay(sale.closeDate) ?? NOT_KNOWN,
    closePrice: formatCents(sale.closePriceCents) ?? NOT_KNOWN,
    adjustedPrice: formatCents(sale.adjustedPriceCents) ?? NOT_KNOWN,
    weight: formatPercent(sale.weight, 0) ?? NOT_KNOWN,
  };
}

function parcelText(apn: string | null): string | null {
  const clean = cleanText(apn, 40);
  return clean === null ? null : `Parcel ${clean}`;
}

function detailsOf(sale: MemoComparable): string {
  const year = yearText(sale.yearBuilt);
  const perFoot = isNumber(sale.sqft) && sale.sqft > 0 ? formatCents(sale.closePriceCents / sale.sqft) : null;
  const parts = [
    isNumber(sale.sqft) ? `${formatNumber(sale.sqft)} sq ft` : null,
    isNumber(sale.bedrooms) ? `${formatNumber(sale.bedrooms, 1)} bd` : null,
    isNumber(sale.bathrooms) ? `${formatNumber(sale.bathrooms, 2)} ba` : null,
    year === null ? null : `built ${year}`,
    perFoot === null ? null : `${perFoot}/sq ft`,
  ].filter((part) => part !== null);
  return parts.join(' \u00b7 ');
}
