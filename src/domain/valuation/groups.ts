import { percentageErrors } from './metrics.ts';
import { medianOf, quantileOfSorted } from './quantile.ts';
import type { GroupError } from './training-result.ts';

/** A valued sale with what it is grouped by. */
export interface GroupedSale {
  /** Dollars. */
  value: number;
  /** Dollars, above 0. */
  price: number;
  /** Neighbourhood as the source names it (subdivision, ZIP code); null when unknown. */
  neighborhood: string | null;
  /** Full years from building to sale; null when unknown. */
  ageYears: number | null;
}

/** Neighbourhoods shown by name; the sales of all others are one group. */
const NAMED_NEIGHBORHOODS = 20;

/** Upper ends, in years, both included. A house sold before it was finished is new. */
const AGE_BANDS: ReadonlyArray<{ upTo: number; label: string }> = [
  { upTo: 5, label: '0–5 years' },
  { upTo: 20, label: '6–20 years' },
  { upTo: 40, label: '21–40 years' },
  { upTo: 70, label: '41–70 years' },
  { upTo: 100, label: '71–100 years' },
  { upTo: Number.POSITIVE_INFINITY, label: 'over 100 years' },
];

/**
 * Errors by fifth of the price (labelled with the lowest and highest price in it), by neighbourhood (the 20 with most
 * sales, `other` for the rest, `unknown`) and by age. Each sale is in one group of each kind; empty groups are not shown.
 * Bands from cheap to dear and new to old, neighbourhoods by number of sales.
 */
export function errorsByGroup(rows: readonly GroupedSale[]): GroupError[] {
  return [...priceBands(rows), ...neighborhoods(rows), ...ageBands(rows)];
}

function priceBands(rows: readonly GroupedSale[]): GroupError[] {
  const sorted = Float64Array.from(rows, (row) => row.price).sort();
  const cuts = [0.2, 0.4, 0.6, 0.8].map((share) => quantileOfSorted(sorted, share));
  const bands = groupBy(rows, (row) => cuts.filter((cut) => row.price > cut).length);
  return [0, 1, 2, 3, 4].flatMap((band) => {
    const own = bands.get(band);
    if (own === undefined) return [];
    const prices = own.map((row) => row.price);
    const lowest = prices.reduce((a, b) => Math.min(a, b));
    const highest = prices.reduce((a, b) => Math.max(a, b));
    return [errorOf('price_band', `${dollars(lowest)}–${dollars(highest)}`, own)];
  });
}

function neighborhoods(rows: readonly GroupedSale[]): GroupError[] {
  const byName = groupBy(rows, (row) => row.neighborhood);
  const known = [...byName].flatMap(([name, own]) => (name === null ? [] : [{ name, own }]));
  known.sort((a, b) => b.own.length - a.own.length || (a.name < b.name ? -1 : 1));
  const rest = known.slice(NAMED_NEIGHBORHOODS).flatMap(({ own }) => own);
  const unknown = byName.get(null) ?? [];
  return [
    ...known.slice(0, NAMED_NEIGHBORHOODS).map(({ name, own }) => errorOf('neighborhood', name, own)),
    ...(rest.length > 0 ? [errorOf('neighborhood', 'other', rest)] : []),
    ...(unknown.length > 0 ? [errorOf('neighborhood', 'unknown', unknown)] : []),
  ];
}

function ageBands(rows: readonly GroupedSale[]): GroupError[] {
  const byBand = groupBy(rows, ({ ageYears }) =>
    ageYears === null ? 'unknown' : (AGE_BANDS.find(({ upTo }) => ageYears <= upTo)?.label ?? 'unknown'),
  );
  return [...AGE_BANDS.map(({ label }) => label), 'unknown'].flatMap((label) => {
    const own = byBand.get(label);
    return own === undefined ? [] : [errorOf('age', label, own)];
  });
}

function errorOf(by: string, group: string, rows: readonly GroupedSale[]): GroupError {
  const errors = percentageErrors(
    rows.map((row) => row.value),
    rows.map((row) => row.price),
  );
  return {
    by,
    group,
    rows: rows.length,
    mdape: medianOf(errors),
    within_20: errors.filter((error) => error <= 0.2).length / errors.length,
    median_ratio: medianOf(rows.map((row) => row.value / row.price)),
  };
}

function groupBy<K>(rows: readonly GroupedSale[], keyOf: (row: GroupedSale) => K): Map<K, GroupedSale[]> {
  const groups = new Map<K, GroupedSale[]>();
  for (const row of rows) {
    const own = groups.get(keyOf(row));
    if (own === undefined) groups.set(keyOf(row), [row]);
    else own.push(row);
  }
  return groups;
}

const dollars = (amount: number) => `$${Math.round(amount).toLocaleString('en-US')}`;
