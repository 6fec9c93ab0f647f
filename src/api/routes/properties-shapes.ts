import { z } from '@hono/zod-openapi';
import type { PropertyDetail } from '../../db/queries/property-detail.ts';
import type { PropertyFilter, PropertyRow } from '../../db/queries/property-list.ts';
import type { FoundRow } from '../../db/queries/property-search.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { dollars, id, instant, numberQuery, text } from '../kit/schemas.ts';

const SQUARE_METERS_PER_SQFT = 0.09290304;
/** Query of everything that lists properties. Prices in dollars. */
export const propertyFilterQuery = {
  county: z
    .string()
    .regex(/^\d{5}$/, 'must be a county’s FIPS code, such as 53033')
    .optional(),
  status: z.enum(STATUSES).optional(),
  property_type: text(100).optional(),
  city: text(100).optional(),
  state: text(50).optional(),
  zip_code: text(20).optional(),
  min_price: numberQuery(0, 1e12).optional(),
  max_price: numberQuery(0, 1e12).optional(),
  min_sqft: numberQuery(0, 1e9).optional(),
  max_sqft: numberQuery(0, 1e9).optional(),
  min_score: numberQuery(0, 100).optional(),
  max_score: numberQuery(0, 100).optional(),
};
const filterQuery = z.object(propertyFilterQuery);

/** The filter that a query asks for. */
export function filterOf(query: z.output<typeof filterQuery>): PropertyFilter {
  const cents = (price: number | undefined) => (price === undefined ? undefined : Math.round(price * 100));
  return {
    countyFips: query.county,
    status: query.status,
    propertyType: query.property_type,
    city: query.city,
    state: query.state,
    zipCode: query.zip_code,
    minPriceCents: cents(query.min_price),
    maxPriceCents: cents(query.max_price),
    minSqft: query.min_sqft,
    maxSqft: query.max_sqft,
    minScore: query.min_score,
    maxScore: query.max_score,
  };
}

const words = z.string().nullable();
const number = z.number().nullable();
const summaryFields = {
  id,
  county_fips: z.string(),
  status: z.string(),
  address: words,
  unit: words,
  city: words,
  state: words,
  zip_code: words,
  latitude: number,
  longitude: number,
  property_type: words,
  property_sub_type: words,
  bedrooms: number,
  bathrooms: number,
  sqft: number,
  square_meters: number,
  lot_size_sqft: number,
  year_built: number,
  list_price: dollars.nullable(),
  estimated_value: dollars.nullable(),
  bird_dog_score: number,
  standard_status: words,
  needs_review: z.boolean(),
  updated_at: instant,
};

/** A property in a list. */
export const propertySummary = z.object(summaryFields).openapi('PropertySummary');

/** A property that a search found: with what its newest score says in short. */
export const propertyFinding = propertySummary
  .extend({
    apn: words,
    value_low: dollars.nullable().openapi({ description: 'Lower end of the 80% interval of the estimated value' }),
    value_high: dollars.nullable(),
    score_confidence: number.openapi({ description: '0 to 1' }),
    top_reason: words.openapi({ description: 'The reason that adds most to the score' }),
    simulated_fields: z.number().int().openapi({ description: 'Fields whose value an offline simulator made up' }),
  })
  .openapi('PropertyFinding');

/** A score with its reasons. */
export const propertyScore = z
  .object({
    id,
    property_id: id,
    bird_dog_score: z.number(),
    overall_score: number,
    investment_score: z.number(),
    risk_score: z.number(),
    roi_estimate: number,
    confidence: z.number(),
    estimated_value: dollars.nullable(),
    value_low: dollars.nullable(),
    value_high: dollars.nullable(),
    reference_price: dollars.nullable(),
    reference_price_kind: z.string(),
    as_of: z.string(),
    score_components: z.unknown(),
    reasons: z.unknown(),
    features_used: z.unknown(),
    weights_version: z.string(),
    model_version: z.string(),
    scored_at: instant,
  })
  .openapi('PropertyScore');

const range = z.object({ low: dollars, high: dollars });
const valuation = z.object({
  value: dollars,
  interval_50: range,
  interval_80: range,
  interval_90: range,
  confidence: z.number(),
  as_of: z.string(),
  model_version: z.string(),
  valued_at: instant,
});

/** A property with everything that is known, and where each fact came from. */
export const propertyDetail = z
  .object({
    ...summaryFields,
    apn: words,
    year_renovated: number,
    stories: number,
    condition: number,
    grade: number,
    waterfront: z.boolean().nullable(),
    list_date: words,
    listing_url: words,
    last_sale_price: dollars.nullable(),
    last_sale_date: words,
    assessed_value: dollars.nullable(),
    tax_annual_amount: dollars.nullable(),
    tax_year: number,
    owner_name: words,
    public_remarks: words,
    flood_zone: words,
    flood_risk: words,
    census_tract: words,
    population: number,
    median_income: dollars.nullable(),
    median_home_value: dollars.nullable(),
    median_rent: dollars.nullable(),
    owner_occupied_share: number,
    enrichment_sources: z.array(z.string()),
    field_sources: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'By field: source, time, confidence, cost, and whether a simulator made it up' }),
    is_paused: z.boolean(),
    failed_stage: words,
    failure_reason: words,
    held_reason: words,
    held_until: instant.nullable(),
    settled_at: instant.nullable(),
    created_at: instant,
    score: propertyScore.nullable(),
    valuation: valuation.nullable(),
  })
  .openapi('Property');

type Row = PropertyDetail['row'];
type Score = NonNullable<PropertyDetail['score']>;
type Valuation = NonNullable<PropertyDetail['value']>;

const names = new Map<string, string>();

/** `listPriceCents` as `list_price`: the name outside, whatever the unit inside. */
function nameOf(column: string): string {
  const known = names.get(column);
  if (known !== undefined) return known;
  const name = column
    .replace(/Cents$/, '')
    .replace(/^taxAnnual$/, 'taxAnnualAmount')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  // Columns are few; names of fields come from documents and might be many.
  if (names.size < 500) names.set(column, name);
  return name;
}

// Fifty rows of each list go through it: a plain loop takes a tenth of the time of entries that are put together again.
function renamed(row: object): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const column in row) out[nameOf(column)] = row[column as keyof typeof row];
  return out;
}

const meters = (sqft: number | null) => (sqft === null ? null : Math.round(sqft * SQUARE_METERS_PER_SQFT * 10) / 10);

/** A row as lists answer it. */
export function summaryOf(row: Omit<PropertyRow, 'sortKey'>): z.input<typeof propertySummary> {
  const shown = renamed(row);
  shown['square_meters'] = meters(row.sqft);
  return shown as z.input<typeof propertySummary>;
}

/** A row as a search answers it. */
export function findingOf(row: FoundRow): z.input<typeof propertyFinding> {
  const { sortKey: _, ...shown } = row;
  return summaryOf(shown) as z.input<typeof propertyFinding>;
}

/** A score's row as it is answered. */
export function scoreOf(row: Score): z.input<typeof propertyScore> {
  return renamed(row) as z.input<typeof propertyScore>;
}

/** A property's row, with its newest score and value. */
export function detailOf(
  row: Row,
  score: Score | undefined,
  value: Valuation | undefined,
): z.input<typeof propertyDetail> {
  const sources = Object.entries((row.fieldSources ?? {}) as Record<string, object>);
  return {
    ...renamed(row),
    square_meters: meters(row.sqft),
    field_sources: Object.fromEntries(sources.map(([field, source]) => [nameOf(field), renamed(source)])),
    score: score === undefined ? null : scoreOf(score),
    valuation:
      value === undefined
        ? null
        : {
            value: value.valueCents,
            interval_50: { low: value.low50Cents, high: value.high50Cents },
            interval_80: { low: value.low80Cents, high: value.high80Cents },
            interval_90: { low: value.low90Cents, high: value.high90Cents },
            confidence: value.confidence,
            as_of: value.asOf,
            model_version: value.modelVersion,
            valued_at: value.valuedAt,
          },
  } as z.input<typeof propertyDetail>;
}
