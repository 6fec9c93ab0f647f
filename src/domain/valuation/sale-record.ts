import type { PropertyFacts } from '../property.ts';

/**
 * What a valuation may look at, beside place and time: facts of the house under the names of `PropertyFacts`. Areas in
 * square feet, null where unknown.
 */
export type ValuationFacts = Pick<
  PropertyFacts,
  | 'latitude'
  | 'longitude'
  | 'zipCode'
  | 'city'
  | 'propertyType'
  | 'propertySubType'
  | 'bedrooms'
  | 'bathrooms'
  | 'sqft'
  | 'lotSizeSqft'
  | 'yearBuilt'
  | 'yearRenovated'
  | 'stories'
  | 'condition'
  | 'grade'
  | 'waterfront'
> & {
  /** RESO SubdivisionName: the neighbourhood as the source names it. */
  subdivision: string | null;
};

/** The fields of `ValuationFacts`, once, in a fixed order. */
export const VALUATION_FACTS = [
  'latitude',
  'longitude',
  'zipCode',
  'city',
  'subdivision',
  'propertyType',
  'propertySubType',
  'bedrooms',
  'bathrooms',
  'sqft',
  'lotSizeSqft',
  'yearBuilt',
  'yearRenovated',
  'stories',
  'condition',
  'grade',
  'waterfront',
] as const satisfies ReadonlyArray<keyof ValuationFacts>;

/** The facts with some changed; whatever else the object holds is neither read nor kept. */
export function changedFacts(facts: ValuationFacts, changes: Partial<ValuationFacts> = {}): ValuationFacts {
  const copy: Partial<Record<keyof ValuationFacts, unknown>> = {};
  for (const field of VALUATION_FACTS) copy[field] = facts[field];
  return Object.assign(copy, changes) as ValuationFacts;
}

/** A house to be valued as of a date. */
export interface ValuationSubject {
  /** Identity of the parcel within its market (normalised parcel number, property id); null when unknown: then it has no own past. */
  parcel: string | null;
  facts: ValuationFacts;
  /**
   * Everything else the source states, under the source's own column names, as published text or number. A model may
   * learn from them; names of protected classes and of things known only after the sale are left out there.
   */
  extras: Readonly<Record<string, string | number>>;
}

/** One closed arm's-length sale to learn from or to be tested on. */
export interface SaleRecord extends ValuationSubject {
  /** 1-based line or row in the file, or the order in the query: the stable identity within one data set. */
  row: number;
  /** YYYY-MM-DD; null when the source states no time at all. A month alone is its 15th, a year alone its 1 July. */
  closeDate: string | null;
  /** Dollars, > 0. */
  closePrice: number;
}

/** How one column of a file was understood. */
export interface MappedColumn {
  /** Header as published. */
  column: string;
  /** RESO (or build) field name; null when it is kept as an extra. */
  field: string | null;
  /** Unit or scale that values are converted from, such as `sqm`, `acres`, `thousands`; null when none. */
  unit: string | null;
  /** Why: `approved`, `recipe`, `synonym`, `shape`, `unmapped`. */
  reason: string;
}

/** A sales file read whole: what a training works on, with everything that was left out and why. */
export interface SalesData {
  /** Name of the file or `postgres`. */
  source: string;
  /** In the file's order; arm's-length sales only. */
  sales: SaleRecord[];
  mapping: MappedColumn[];
  /** Rows read, kept, and left out by reason (`not arm's length: price below $10,000`, `unreadable price`, …). */
  counts: { rows: number; kept: number; leftOut: Record<string, number> };
  /** Sentences for the person: units guessed, encodings, columns ignored. */
  notes: string[];
  /** SHA-256 (hex) over the normalised sales: the same data give the same fingerprint whatever the file's name. */
  fingerprint: string;
}
