import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** Jobs that read sources, and the rows that they found. */
export interface ScrapingCounts {
  jobs: { total: number; running: number; successful: number; failed: number };
  prospects: { total: number; new: number; processed: number };
}

/** Counts jobs and found rows. `processed`: the row has become a property. */
export async function countScraping(trx: TenantTrx): Promise<ScrapingCounts> {
  const jobs = await sql<ScrapingCounts['jobs']>`
    select count(*)::int as total, count(*) filter (where status = 'running')::int as running,
      count(*) filter (where status = 'success')::int as successful, count(*) filter (where status = 'failed')::int as failed
    from scraping_jobs where tenant_id = ${trx.tenantId}`.execute(trx.db);
  const prospects = await sql<ScrapingCounts['prospects']>`
    select count(*)::int as total, count(*) filter (where status = 'new')::int as new,
      count(*) filter (where status = 'ready')::int as processed
    from prospect_queue where tenant_id = ${trx.tenantId}`.execute(trx.db);
  return { jobs: jobs.rows[0]!, prospects: prospects.rows[0]! };
}

/** Runs of enrichment and what they cost. */
export interface EnrichmentCounts {
  jobs: { total: number; running: number; successful: number; failed: number };
  properties: { total: number; enriched: number };
  providers: ProviderCounts[];
}

/** What a provider said. `expired`: answers past the time for which they hold. `simulated`: made up by a simulator. */
export interface ProviderCounts {
  provider: string;
  answers: number;
  confidence: number;
  costMicros: number;
  simulated: number;
  expired: number;
  oldestAt: Date;
  newestAt: Date;
}

/** Counts enrichments. `enriched`: at least one provider answered about the property. */
export async function countEnrichment(trx: TenantTrx): Promise<EnrichmentCounts> {
  const jobs = await sql<EnrichmentCounts['jobs']>`
    select count(*)::int as total, count(*) filter (where status = 'running')::int as running,
      count(*) filter (where status = 'success')::int as successful, count(*) filter (where status = 'failed')::int as failed
    from enrichment_jobs where tenant_id = ${trx.tenantId}`.execute(trx.db);
  const properties = await sql<EnrichmentCounts['properties']>`
    select count(*)::int as total, count(*) filter (where cardinality(enrichment_sources) > 0)::int as enriched
    from properties where tenant_id = ${trx.tenantId}`.execute(trx.db);
  const providers = await sql<EnrichmentCounts['providers'][number]>`
    select provider, count(*)::int as answers, avg(confidence) as confidence, sum(cost_micros)::bigint as cost_micros,
      count(*) filter (where simulated)::int as simulated, count(*) filter (where expires_at <= now())::int as expired,
      min(fetched_at) as oldest_at, max(fetched_at) as newest_at
    from property_enrichment where tenant_id = ${trx.tenantId} group by provider order by provider`.execute(trx.db);
  return { jobs: jobs.rows[0]!, properties: properties.rows[0]!, providers: providers.rows };
}

/** The facts whose presence says how complete a property is. Prices are in cents columns, named here without them. */
export const COMPLETENESS_FIELDS = {
  address: 'address',
  city: 'city',
  state: 'state',
  zip_code: 'zip_code',
  latitude: 'latitude',
  longitude: 'longitude',
  apn: 'apn',
  property_type: 'property_type',
  bedrooms: 'bedrooms',
  bathrooms: 'bathrooms',
  sqft: 'sqft',
  lot_size_sqft: 'lot_size_sqft',
  year_built: 'year_built',
  list_price: 'list_price_cents',
  last_sale_price: 'last_sale_price_cents',
  assessed_value: 'assessed_value_cents',
  estimated_value: 'estimated_value_cents',
  owner_name: 'owner_name',
  flood_zone: 'flood_zone',
  census_tract: 'census_tract',
} as const;
export type CompletenessField = keyof typeof COMPLETENESS_FIELDS;

/** How many properties there are, and how many have each fact. */
export async function countFacts(
  trx: TenantTrx,
): Promise<{ total: number; facts: Array<{ field: CompletenessField; count: number }> }> {
  const fields = Object.keys(COMPLETENESS_FIELDS) as CompletenessField[];
  const counts = fields.map((field) => sql`count(${sql.ref(COMPLETENESS_FIELDS[field])})::int`);
  const { rows } = await sql<{ total: number; counts: number[] }>`
    select count(*)::int as total, array[${sql.join(counts)}] as counts
    from properties where tenant_id = ${trx.tenantId}`.execute(trx.db);
  const { total, counts: found } = rows[0]!;
  return { total, facts: fields.map((field, at) => ({ field, count: found[at] ?? 0 })) };
}
