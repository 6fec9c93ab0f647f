import { z } from '@hono/zod-openapi';
import {
  ENRICHMENT_STATUSES,
  findEnrichedProperty,
  listEnrichedProperties,
  listEnrichmentJobs,
} from '../../db/queries/jobs-read.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { costDollars, dollars, id, idParams, instant, offsetQuery, text } from '../kit/schemas.ts';
import { count } from './rates.ts';

const SQUARE_METERS_PER_SQFT = 0.09290304;

const job = z
  .object({
    id,
    dag_id: z.string(),
    dag_run_id: z.string(),
    property_id: id,
    enrichment_type: z.string(),
    data_sources_used: z.array(z.string()),
    fields_enriched: z.array(z.string()),
    status: z.enum(ENRICHMENT_STATUSES),
    error: z.string().nullable(),
    started_at: instant,
    completed_at: instant.nullable(),
  })
  .openapi('EnrichmentJob');

const number = z.number().nullable();
const property = z.object({
  id,
  status: z.string(),
  address: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  zip_code: z.string().nullable(),
  county_fips: z.string(),
  property_type: z.string().nullable(),
  bedrooms: number,
  bathrooms: number,
  sqft: number,
  square_meters: number,
  year_built: number,
  list_price: dollars.nullable(),
  estimated_value: dollars.nullable(),
  assessed_value: dollars.nullable(),
  bird_dog_score: number,
  enrichment_sources: z.array(z.string()),
  updated_at: instant,
});
const answerOfProvider = z.object({
  provider: z.string(),
  fetched_at: instant,
  expires_at: instant,
  fields: z.record(z.string(), z.unknown()),
  confidence: z.number(),
  source_url: z.string().nullable(),
  cost: costDollars,
  simulated: z.boolean(),
});
const detail = property
  .extend({
    flood_zone: z.string().nullable(),
    census_tract: z.string().nullable(),
    enrichments: z.array(answerOfProvider),
  })
  .openapi('EnrichedPropertyDetail');

const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;
const stretch = { total: count, limit: count, offset: count };

/** `/api/enrichment`: runs of enrichment, and what they found out about properties. */
export function enrichmentEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/enrichment/jobs',
        operationId: 'listEnrichmentJobs',
        summary: 'Runs of enrichment, newest first',
        query: z.object({
          ...offsetQuery,
          status: z.enum(ENRICHMENT_STATUSES).optional(),
          property_id: id.optional(),
        }),
        answer: z.object({ jobs: z.array(job), ...stretch }),
      },
      async ({ trx, query }) => {
        const { property_id: propertyId, ...filter } = query;
        const { rows, total } = await listEnrichmentJobs(trx, { ...filter, propertyId });
        return { jobs: rows.map(jobOf), total, limit: query.limit, offset: query.offset };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/enrichment/properties',
        operationId: 'listEnrichedProperties',
        summary: 'Properties with what enriched them, those changed last first',
        cache: 'list',
        query: z.object({
          ...offsetQuery,
          city: text(120).optional(),
          state: text(40).optional(),
          property_type: text(80).optional(),
        }),
        answer: z.object({ properties: z.array(property.openapi('EnrichedProperty')), ...stretch }),
      },
      async ({ trx, query }) => {
        const { property_type: propertyType, ...filter } = query;
        const { rows, total } = await listEnrichedProperties(trx, { ...filter, propertyType });
        return { properties: rows.map(propertyOf), total, limit: query.limit, offset: query.offset };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/enrichment/properties/{id}',
        operationId: 'getEnrichedProperty',
        summary: 'One property with what each provider answered, newest first',
        params: idParams,
        answer: detail,
      },
      async ({ trx, params }) => {
        const found = await findEnrichedProperty(trx, params.id);
        if (found === undefined) throw new ReosError('not_found', `There is no property ${params.id}.`);
        return {
          ...propertyOf(found.property),
          flood_zone: found.property.floodZone,
          census_tract: found.property.censusTract,
          enrichments: found.answers.map((answer) => ({
            provider: answer.provider,
            fetched_at: answer.fetchedAt,
            expires_at: answer.expiresAt,
            fields: answer.fields as Record<string, unknown>,
            confidence: answer.confidence,
            source_url: answer.sourceUrl,
            cost: answer.costMicros,
            simulated: answer.simulated,
          })),
        };
      },
    ),
  ];
}

type Listed<T extends (...args: never[]) => Promise<{ rows: unknown[] }>> = Awaited<ReturnType<T>>['rows'][number];

function jobOf(row: Listed<typeof listEnrichmentJobs>) {
  return {
    id: row.id,
    dag_id: row.dagId,
    dag_run_id: row.dagRunId,
    property_id: row.propertyId,
    enrichment_type: row.enrichmentType,
    data_sources_used: row.dataSourcesUsed,
    fields_enriched: row.fieldsEnriched,
    status: row.status as (typeof ENRICHMENT_STATUSES)[number],
    error: row.error,
    started_at: row.startedAt,
    completed_at: row.completedAt,
  };
}

function propertyOf(row: Listed<typeof listEnrichedProperties>) {
  return {
    id: row.id,
    status: row.status,
    address: row.address,
    city: row.city,
    state: row.state,
    zip_code: row.zipCode,
    county_fips: row.countyFips,
    property_type: row.propertyType,
    bedrooms: row.bedrooms,
    bathrooms: row.bathrooms,
    sqft: row.sqft,
    square_meters: row.sqft === null ? null : Math.round(row.sqft * SQUARE_METERS_PER_SQFT * 10) / 10,
    year_built: row.yearBuilt,
    list_price: row.listPriceCents,
    estimated_value: row.estimatedValueCents,
    assessed_value: row.assessedValueCents,
    bird_dog_score: row.birdDogScore,
    enrichment_sources: row.enrichmentSources,
    updated_at: row.updatedAt,
  };
}
