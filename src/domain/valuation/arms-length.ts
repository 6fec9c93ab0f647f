import type { SaleRecord, ValuationSubject } from './sale-record.ts';

/** A row of a sales file before it is judged: its price may be missing. */
export interface SaleCandidate extends ValuationSubject {
  /** 1-based line of the file. */
  row: number;
  closeDate: string | null;
  /** True when the source states the day; a month's or a year's middle is no day on which two deeds can meet. */
  closeDateIsExact: boolean;
  /** Dollars; null when missing or unreadable. */
  closePrice: number | null;
  /** Name of the street without number and unit, in capitals; null when unknown. */
  street: string | null;
}

/** What is left of the rows, and why the others are not. Every row is in `sales` or counted once in `leftOut`. */
export interface ArmsLengthResult {
  /** In the order given. */
  sales: SaleRecord[];
  leftOut: Record<string, number>;
  /** Sentences about what was kept although it looks odd, and about the floor used. */
  notes: string[];
}

/** Sale prices that are no market's: the rules are in the order in which they are asked. */
export const ARMS_LENGTH = {
  /** Dollars. Below it a price is a token (a $10 deed), unless a tenth of the file's median is lower still. */
  nominalDollars: 10_000,
  /** Share of the file's median price below which a price is nominal. */
  nominalShareOfMedian: 0.05,
  /** The floor never lies above this share of the median, so that cheap markets and other currencies keep their sales. */
  highestFloorShareOfMedian: 0.1,
  /** Different parcels with one price on one day in one street: one deed, whose price is that of all of them. */
  bundleParcels: 3,
  /** Price per living area beyond the median times or divided by this is an error in one of the two. */
  pricePerAreaFactor: 20,
  /** Sales with both values needed before a median price per area says something. */
  pricePerAreaMinSales: 50,
  /** A second sale of a parcel within so many days … */
  flipDays: 90,
  /** … at more than so many times the first price, or less than its inverse, is worth a look. It is kept. */
  flipFactor: 3,
} as const;

/**
 * Words in a column of sale types, conditions or deeds that deny a market sale by themselves. A word that also covers
 * market sales (Ames' `Abnorml` mixes trades, foreclosures and short sales; `Partial` is a new house) is none of them.
 */
const NOT_MARKET =
  /^family$|\bfamily (?:sale|transfer|member)|(?:between|among) (?:family|relatives)|related part|non[- ]?arm|not (?:at )?arm'?s|quit ?claim|\bqcd?\b|foreclos|sheriff|trustee'?s deed upon|deed in lieu|\bgift\b|love and affection|\binheritance\b|divorce|bankruptcy|tax deed|correction deed|\bno consideration\b/i;

/** Columns whose words are about the deal, not about the house. */
const DEAL_COLUMN =
  /^non[_ ]?use|(?:sale|deed|transfer|transaction|instrument|conveyance|document|doc|deal|qualif)[a-z_ ]*(?:type|cond|condition|code|desc|description|reason|category|status|validity)|^(?:deed|conveyance|instrument|salecondition|saletype|sale_?warranty|arms?_?length.*)$/i;

/**
 * Keeps the sales that a market made. Pure; each row left out is counted under the first reason that fits.
 * Prices are compared with the file's own median, so the rules hold in any currency.
 */
export function keepArmsLength(candidates: readonly SaleCandidate[]): ArmsLengthResult {
  const leftOut: Record<string, number> = {};
  const notes: string[] = [];
  const floor = nominalFloor(candidates.flatMap(({ closePrice }) => (closePrice !== null ? [closePrice] : [])));
  const bundled = bundles(candidates);
  const area = areaBounds(candidates, floor);
  const seen = new Set<string>();
  const reasonOf = (row: SaleCandidate): string | null => {
    const price = row.closePrice;
    if (price === null || !Number.isFinite(price)) return 'no price, or none that can be read';
    if (price <= 0) return "not arm's length: price is 0 or negative";
    if (price < floor) return `not arm's length: price below ${money(floor)}`;
    const word = dealWord(row);
    if (word !== null) return `not arm's length: ${word}`;
    const key = identity(row);
    if (seen.has(key)) return 'duplicate: same parcel, date and price as another row';
    seen.add(key);
    if (bundled.has(row))
      return `not arm's length: one price for ${ARMS_LENGTH.bundleParcels} or more parcels of a deed`;
    const perArea = row.facts.sqft === null || area === null ? null : price / row.facts.sqft;
    if (perArea !== null && area !== null && (perArea < area.low || perArea > area.high))
      return `price per square foot beyond ${ARMS_LENGTH.pricePerAreaFactor} times the median, or below its share`;
    return null;
  };
  const kept: SaleCandidate[] = [];
  for (const row of candidates) {
    const reason = reasonOf(row);
    if (reason === null) kept.push(row);
    else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  }
  const sales = kept.map(saleOf);
  const flips = countFlips(kept.filter(({ closeDateIsExact }) => closeDateIsExact).map(saleOf));
  if (flips > 0)
    notes.push(
      `${flips} parcels were sold twice within ${ARMS_LENGTH.flipDays} days with prices more than ${ARMS_LENGTH.flipFactor} times apart; kept.`,
    );
  const middle = median(sales.map((sale) => sale.closePrice));
  const far = middle === null ? 0 : sales.filter((sale) => sale.closePrice > 10 * middle).length;
  if (far > 0) notes.push(`${far} prices are above ten times the median of ${money(middle ?? 0)}; kept.`);
  return { sales, leftOut, notes };
}

/**
 * Below this price a transfer is nominal: the larger of $10,000 and 5% of the median, but never above a tenth of the
 * median. The median is taken over prices of 1,000 and more where there are any, so that token deeds do not pull it down.
 */
export function nominalFloor(prices: readonly number[]): number {
  const positive = prices.filter((price) => Number.isFinite(price) && price > 0);
  const middle = median(positive.filter((price) => price >= 1000)) ?? median(positive);
  if (middle === null) return ARMS_LENGTH.nominalDollars;
  const { nominalDollars, nominalShareOfMedian, highestFloorShareOfMedian } = ARMS_LENGTH;
  return Math.min(Math.max(nominalDollars, nominalShareOfMedian * middle), highestFloorShareOfMedian * middle);
}

function saleOf({ row, parcel, closeDate, closePrice, facts, extras }: SaleCandidate): SaleRecord {
  return { row, parcel, closeDate, closePrice: closePrice ?? 0, facts, extras };
}

/** The word that denies a market sale, as published; null when there is none. */
function dealWord(row: SaleCandidate): string | null {
  for (const [column, value] of Object.entries(row.extras)) {
    const kind = dealColumn(column);
    if (kind === 'none') continue;
    const text = String(value).trim();
    if (denies(kind, text)) return `${column} is ${text}`;
  }
  return null;
}

type DealColumn = 'none' | 'flag' | 'words' | 'qualified' | 'outlier' | 'transfer code';

/**
 * What a value says in such a column: `flag` is false where the sale is none; `qualified` holds Q and U; `outlier` is true
 * where the source itself sets the sale aside; `transfer code` is Florida's, whose codes from 11 on are disqualified
 * (Department of Revenue, real property transfer codes). Words may stand behind a number: `01 - Family`.
 */
function denies(kind: DealColumn, text: string): boolean {
  if (kind === 'flag') return /^(?:n|no|false|f|0)$/i.test(text);
  if (kind === 'qualified') return /^(?:u|uq|unqualified|disqualified)$/i.test(text);
  if (kind === 'outlier') return /^(?:y|yes|true|t|1)$/i.test(text);
  if (kind === 'transfer code') return /^(?:1[1-9]|[2-9]\d)$/.test(text);
  return NOT_MARKET.test(text.replace(/^\d{1,3}\s*[-:.]\s*/, ''));
}

const SPECIAL: ReadonlyArray<readonly [RegExp, DealColumn]> = [
  [/^(?:is[ _]?)?arm'?s?[ _]?length/i, 'flag'],
  [/^(?:sale[s_ ]*)?(?:qualified|qualification|qual)$|^sales?[_ ]?(?:cd|qual)$/i, 'qualified'],
  [/(?:^|[_ ])outlier$/i, 'outlier'],
  [/^qual[_ ]?cd[_ ]?1?$/i, 'transfer code'],
];

const columnKinds = new Map<string, DealColumn>();

function dealColumn(column: string): DealColumn {
  const known = columnKinds.get(column);
  if (known !== undefined) return known;
  const name = column.trim();
  const special = SPECIAL.find(([pattern]) => pattern.test(name))?.[1];
  const kind = special ?? (DEAL_COLUMN.test(name) ? 'words' : 'none');
  if (columnKinds.size < 10_000) columnKinds.set(column, kind);
  return kind;
}

/** One deed of one parcel; without a parcel number a row is the same only when everything in it is. */
function identity(row: SaleCandidate): string {
  const { parcel, closeDate, closePrice } = row;
  const house = parcel ?? JSON.stringify([row.facts, row.extras]);
  return `${house}|${closeDate ?? ''}|${closePrice}`;
}

/** Rows of which three or more different parcels of one street share the day and the price. */
function bundles(candidates: readonly SaleCandidate[]): ReadonlySet<SaleCandidate> {
  const groups = new Map<string, SaleCandidate[]>();
  for (const row of candidates) {
    if (!row.closeDateIsExact || row.closePrice === null || row.street === null || row.parcel === null) continue;
    const key = `${row.closeDate}|${row.closePrice}|${row.street}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const found = new Set<SaleCandidate>();
  for (const group of groups.values()) {
    if (new Set(group.map(({ parcel }) => parcel)).size < ARMS_LENGTH.bundleParcels) continue;
    for (const row of group) found.add(row);
  }
  return found;
}

function areaBounds(candidates: readonly SaleCandidate[], floor: number): { low: number; high: number } | null {
  const ratios = candidates.flatMap(({ closePrice, facts }) =>
    closePrice !== null && closePrice >= floor && facts.sqft !== null ? [closePrice / facts.sqft] : [],
  );
  const middle = ratios.length < ARMS_LENGTH.pricePerAreaMinSales ? null : median(ratios);
  const factor = ARMS_LENGTH.pricePerAreaFactor;
  return middle === null ? null : { low: middle / factor, high: middle * factor };
}

function countFlips(sales: readonly SaleRecord[]): number {
  const byParcel = new Map<string, SaleRecord[]>();
  for (const sale of sales) {
    if (sale.parcel === null || sale.closeDate === null) continue;
    const own = byParcel.get(sale.parcel);
    if (own === undefined) byParcel.set(sale.parcel, [sale]);
    else own.push(sale);
  }
  let count = 0;
  for (const own of byParcel.values()) if (own.length > 1 && own.some((a) => own.some((b) => isFlip(a, b)))) count += 1;
  return count;
}

function isFlip(first: SaleRecord, second: SaleRecord): boolean {
  if (first === second) return false;
  const days = (Date.parse(second.closeDate ?? '') - Date.parse(first.closeDate ?? '')) / 86_400_000;
  const ratio = second.closePrice / first.closePrice;
  return (
    days >= 0 && days <= ARMS_LENGTH.flipDays && (ratio > ARMS_LENGTH.flipFactor || ratio < 1 / ARMS_LENGTH.flipFactor)
  );
}

function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return null;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

const money = (dollars: number) => `$${Math.round(dollars).toLocaleString('en-US')}`;
