import type { FieldSource, PropertyFacts, PropertyField } from './property.ts';

/** The fields that enrichment may fill. What only a listing can say (price, remarks, status) is not among them. */
export const ENRICHMENT_FIELDS = [
  'apn',
  'address',
  'city',
  'state',
  'zipCode',
  'latitude',
  'longitude',
  'propertyType',
  'propertySubType',
  'bedrooms',
  'bathrooms',
  'sqft',
  'lotSizeSqft',
  'yearBuilt',
  'stories',
  'condition',
  'assessedValueCents',
  'taxYear',
  'ownerName',
  'floodZone',
  'floodRisk',
  'censusTract',
  'population',
  'medianIncomeCents',
  'medianHomeValueCents',
  'medianRentCents',
  'ownerOccupiedShare',
] as const satisfies readonly PropertyField[];

export type EnrichmentField = (typeof ENRICHMENT_FIELDS)[number];
export type FieldValue = string | number | boolean | null;
/** Part of the facts, under the names and in the units of PropertyFacts. */
export type EnrichmentFields = Partial<Pick<PropertyFacts, EnrichmentField>>;

/** What stands behind a source's name, for precedence. */
export type SourceKind =
  | 'person'
  | 'assessor'
  | 'public_record'
  | 'listing'
  | 'census'
  | 'fema'
  | 'geocoder'
  | 'vendor'
  | 'other';

const KIND_RULES: readonly (readonly [RegExp, SourceKind])[] = [
  [/^(person|user)(:|$)/, 'person'],
  [/assessor/, 'assessor'],
  [/^fema/, 'fema'],
  [/geocoder/, 'geocoder'],
  [/^census/, 'census'],
  [/^(attom|regrid|datatree|rentcast)/, 'vendor'],
  [/listing|fsbo|mls/, 'listing'],
  [/sales|parcels|record/, 'public_record'],
];

/** The kind of a source by its name: `king-county-assessor` is an assessor, `king-county-sales` a public record. */
export function sourceKindOf(source: string): SourceKind {
  return KIND_RULES.find(([pattern]) => pattern.test(source.toLowerCase()))?.[1] ?? 'other';
}

// The stated precedence, best first. A kind that is not named ranks after all that are.
// Structure, identity and place: the assessor measured it, a seller may round it up.
const BY_ASSESSOR = ['person', 'assessor', 'public_record', 'listing', 'vendor', 'geocoder', 'other'] as const;
// Asking price, status, remarks: only the listing knows what is asked today.
const BY_LISTING = ['person', 'listing', 'vendor', 'public_record', 'assessor', 'other'] as const;
// Past sales: the recorded deed.
const BY_RECORD = ['person', 'public_record', 'assessor', 'vendor', 'listing', 'other'] as const;
const BY_CENSUS = ['person', 'census', 'geocoder', 'vendor', 'other'] as const;
const BY_GEOCODER = ['person', 'geocoder', 'census', 'assessor', 'vendor', 'other'] as const;
const BY_FEMA = ['person', 'fema', 'vendor', 'assessor', 'listing', 'other'] as const;

const PRECEDENCE: Partial<Record<PropertyField, readonly SourceKind[]>> = {
  listPriceCents: BY_LISTING,
  listDate: BY_LISTING,
  listingUrl: BY_LISTING,
  standardStatus: BY_LISTING,
  publicRemarks: BY_LISTING,
  lastSalePriceCents: BY_RECORD,
  lastSaleDate: BY_RECORD,
  floodZone: BY_FEMA,
  floodRisk: BY_FEMA,
  censusTract: BY_GEOCODER,
  population: BY_CENSUS,
  medianIncomeCents: BY_CENSUS,
  medianHomeValueCents: BY_CENSUS,
  medianRentCents: BY_CENSUS,
  ownerOccupiedShare: BY_CENSUS,
};

/** The kinds of sources for a field, the most believed first. */
export function precedenceOf(field: PropertyField): readonly SourceKind[] {
  return PRECEDENCE[field] ?? BY_ASSESSOR;
}

function rankOf(field: PropertyField, source: string): number {
  const order = precedenceOf(field);
  const rank = order.indexOf(sourceKindOf(source));
  return rank === -1 ? order.length : rank;
}

/**
 * True when the second source's value replaces the first's: a real value beats a simulated one whatever the source; then the
 * precedence of the field; then the one that tells of the later day; then the newer; then the more confident; then
 * the source whose name comes first, so that the order of arrival does not matter. Of one source, the value that is there stays.
 */
export function isBetter(field: PropertyField, held: FieldSource, offered: FieldSource): boolean {
  if (held.simulated !== offered.simulated) return held.simulated;
  const rank = rankOf(field, held.source) - rankOf(field, offered.source);
  if (rank !== 0) return rank > 0;
  const day = Date.parse(offered.asOf ?? offered.fetchedAt) - Date.parse(held.asOf ?? held.fetchedAt);
  if (day !== 0) return day > 0;
  const age = Date.parse(offered.fetchedAt) - Date.parse(held.fetchedAt);
  if (age !== 0) return age > 0;
  if (offered.confidence !== held.confidence) return offered.confidence > held.confidence;
  return offered.source < held.source;
}

/** The facts known so far, each with its source. A value without a source gives way to any sourced one. */
export interface SourcedFacts {
  facts: Partial<PropertyFacts>;
  sources: Partial<Record<PropertyField, FieldSource>>;
}

/** What a merge did, for the write and for the record. */
export interface MergeResult extends SourcedFacts {
  /** Fields whose value or source is now the answer's. */
  changed: PropertyField[];
  /** Fields that the answer had, but where a better source stands. */
  kept: PropertyField[];
}

/**
 * Merges one source's answer into the facts, field by field, without changing its inputs. Null and missing fields of the
 * answer say nothing: they never erase a value.
 */
export function mergeFields(
  existing: SourcedFacts,
  answer: { fields: Partial<PropertyFacts>; source: FieldSource },
): MergeResult {
  const facts: Partial<Record<PropertyField, FieldValue>> = { ...existing.facts };
  const sources = { ...existing.sources };
  const changed: PropertyField[] = [];
  const kept: PropertyField[] = [];
  for (const [name, value] of Object.entries(answer.fields)) {
    const field = name as PropertyField;
    if (value === null || value === undefined) continue;
    const held = sources[field];
    const isEmpty = facts[field] === null || facts[field] === undefined;
    if (!isEmpty && held !== undefined && !isBetter(field, held, answer.source)) {
      kept.push(field);
      continue;
    }
    facts[field] = value;
    sources[field] = answer.source;
    changed.push(field);
  }
  return { facts: facts as Partial<PropertyFacts>, sources, changed, kept };
}

/** The enrichment fields that have no value yet, in the order of ENRICHMENT_FIELDS. */
export function missingFields(facts: Partial<PropertyFacts>): EnrichmentField[] {
  return ENRICHMENT_FIELDS.filter((field) => facts[field] === null || facts[field] === undefined);
}

/** The compact record of one answer, kept once per source record; never a row per field. Costs in 1e-6 USD. */
export interface ProvenanceDocument {
  record_id: string;
  source: string;
  source_url: string | null;
  fetched_at: string;
  cost_micros: number;
  confidence: number;
  simulated: boolean;
  fields: Record<string, FieldValue>;
}

/** Builds the record; fields without a value are left out. */
export function provenanceDocument(
  record: { id: string; url: string | null },
  answer: { fields: Partial<PropertyFacts>; source: FieldSource },
): ProvenanceDocument {
  const { source, fetchedAt, costMicros, confidence, simulated } = answer.source;
  const known = Object.entries(answer.fields).filter(([, value]) => value !== null && value !== undefined);
  return {
    record_id: record.id,
    source,
    source_url: record.url,
    fetched_at: fetchedAt,
    cost_micros: costMicros,
    confidence,
    simulated,
    fields: Object.fromEntries(known) as Record<string, FieldValue>,
  };
}
