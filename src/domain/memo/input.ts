import type { ComparableSale, Property } from '../property.ts';

/** What the estimate is compared with. A closed sale or an assessment is never called an asking price. */
export type ReferencePriceKind = 'asking' | 'last_sale_indexed' | 'assessed' | 'none';

/** The county as the memo names it. `medianPriceCents` is in whole cents, null while no source is known. */
export interface MemoCounty {
  name: string;
  state: string;
  medianPriceCents: number | null;
  medianPriceSource: string | null;
  medianPriceYear: number | null;
}

/** One part of the score: its own value and score (0–100), its weight (a share) and what it adds to the total. */
export interface MemoScoreComponent {
  name: string;
  value: number | null;
  score: number | null;
  weight: number | null;
  contribution: number | null;
}

/** One reason for the score. `contribution` in points (negative lowers the score); `sources` are source names. */
export interface MemoScoreReason {
  code: string;
  label: string;
  contribution: number | null;
  sources: readonly string[];
}

/** The score as it was recorded. Scores 0–100, `confidence` and `roiEstimate` as shares (0.12 = 12%), money in cents. */
export interface MemoScore {
  birdDogScore: number | null;
  investmentScore: number | null;
  riskScore: number | null;
  roiEstimate: number | null;
  confidence: number | null;
  estimatedValueCents: number | null;
  valueLowCents: number | null;
  valueHighCents: number | null;
  referencePriceCents: number | null;
  referencePriceKind: ReferencePriceKind;
  components: readonly MemoScoreComponent[];
  reasons: readonly MemoScoreReason[];
  weightsVersion: string | null;
  modelVersion: string | null;
  /** ISO 8601. */
  scoredAt: string | null;
}

/** A past sale with its price brought to the subject (size, age, time) and its share in the estimate. */
export type MemoComparable = ComparableSale & { adjustedPriceCents: number | null; weight: number | null };

/** How a financial metric's number is read: `usd` in dollars, `percent` as a share (0.08 = 8%), the rest as they are. */
export type FinancialUnit = 'usd' | 'ratio' | 'percent' | 'years' | 'months' | 'score';

/** One of the financial metrics. `basis` says in words what it was computed from. */
export interface MemoFinancial {
  code: string;
  label: string;
  value: number | null;
  unit: FinancialUnit;
  basis: string;
  /** True when a value it was computed from came from an offline simulator. */
  simulated?: boolean;
}

/** A closed sale nearby, for the trend of prices. Money in whole cents, distance in metres. */
export interface MemoSale {
  /** YYYY-MM-DD. */
  closeDate: string;
  closePriceCents: number;
  sqft: number | null;
  distanceMetres: number;
}

/** An area's outline: rings of [longitude, latitude] in degrees. */
export interface MemoOutline {
  name: string;
  rings: ReadonlyArray<ReadonlyArray<readonly [number, number]>>;
}

/** How a tenant's memos look and whom they name. Null leaves the part out. */
export interface MemoBrand {
  tagline: string | null;
  /** `#rrggbb`; null for the house's own. */
  accentColor: string | null;
  /** Logo as a data: URI (jpeg, png, webp, gif). */
  logo: string | null;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  website: string | null;
  /** Printed before the house's own disclaimer, never in its place. */
  disclaimer: string | null;
}

/** Whom the reader turns to. `url` is shown as a link only when it is http(s). */
export interface MemoTenant {
  name: string;
  callToAction: { text: string; email?: string; url?: string };
  brand?: MemoBrand;
}

/** A tenant's own template: which one, and its texts. */
export interface MemoTemplateSource {
  name: string;
  /** The tenant's own count of its versions. */
  version: number;
  /** Without `css` it wears the product's style sheet. */
  parts: { mjml: string; css?: string };
}

/** Everything a memo says. Null means unknown, and the memo says so with the reason. */
export interface MemoInput {
  property: Property;
  county: MemoCounty;
  score: MemoScore;
  comparables: readonly MemoComparable[];
  financials: readonly MemoFinancial[];
  tenant: MemoTenant;
  /** Closed sales around the property for the trend of prices; the comparables stand in when it is absent. */
  nearbySales?: readonly MemoSale[];
  /** Names of the sources that gave the sales. */
  salesSources?: readonly string[];
  /** County and state for the map; null or absent where they are not known. */
  outlines?: { state: MemoOutline; county: MemoOutline } | null;
  /** Pictures as data: URIs (image/jpeg, png, webp, gif); any other address is left out. */
  images: readonly string[];
  /** The tenant's own template; absent: the product's. */
  template?: MemoTemplateSource;
  /** ISO 8601; printed in the memo, so the same value is needed for the same bytes. */
  generatedAt: string;
}
