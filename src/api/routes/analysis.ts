import { z } from '@hono/zod-openapi';
import { readLead, readLeadOutcomes } from '../../db/queries/lead-outcomes.ts';
import { readProperties } from '../../db/queries/properties.ts';
import { hasProperty } from '../../db/queries/property-detail.ts';
import { scoreHistory } from '../../db/queries/scores.ts';
import { recommendSimilar } from '../../db/queries/similarity.ts';
import { createSimilarityMarkets } from '../../db/queries/similarity-markets.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import type { Property } from '../../domain/property.ts';
import { publicShape } from '../../domain/public-shape.ts';
import { contextOf, scoreProperty } from '../../domain/scoring/score.ts';
import { editableInputs } from '../../domain/scoring/what-if/editable-inputs.ts';
import { withGivenChanges } from '../../domain/scoring/what-if/given-changes.ts';
import type { Scenario } from '../../domain/scoring/what-if/scenario.ts';
import { whyNot } from '../../domain/scoring/what-if/why-not.ts';
import { priceOf } from '../../domain/similarity/dimensions.ts';
import { learnLeads, scoreLead } from '../../domain/valuation/lead-score.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { booleanQuery, id, idParams, numberQuery, text, wholeQuery } from '../kit/schemas.ts';
import { countyNamed } from './county-book.ts';
import { partOf } from './missing-part.ts';
import { unknownProperty } from './properties.ts';

const open = z.record(z.string(), z.unknown());
const changed = z.object({
  input: z.string(),
  from: z.unknown(),
  to: z.union([z.number(), z.string()]),
  unit: z.string(),
});
const changes = text(1000)
  .optional()
  .openapi({ description: 'Changes to begin with, such as list_price=312400,condition=4' });
const scoreChange = z.object({ inputs: z.array(changed), score: z.number(), sentence: z.string() });

/** What can be asked about one property, beyond what is stored of it. */
export function analysisEndpoints(deps: Pick<ApiDeps, 'analysis' | 'counties'>): Endpoint[] {
  const markets = createSimilarityMarkets();
  const about = { method: 'get', tag: 'Properties', params: idParams, permission: 'properties:read' } as const;
  return [
    endpoint(
      {
        ...about,
        path: '/api/v1/properties/{id}/score/why-not',
        operationId: 'readWhyNot',
        summary: 'The smallest changes that would lift the score to a target, or the highest that was found',
        query: z.object({
          target: numberQuery(0, 100).openapi({ param: { required: true } }),
          with: changes,
        }),
        answer: z.object({
          property_id: id,
          score: z.number(),
          target: z.number(),
          reached: z.boolean(),
          already: z.boolean(),
          changes: z.array(scoreChange),
          highest: scoreChange.nullable(),
          searched: z.array(changed),
        }),
      },
      async ({ trx, params, query, now }) => {
        const desk = partOf(deps.analysis, 'Scores');
        const property = await propertyOf(trx, params.id);
        const { input, weights } = await desk.score(trx, property, desk.weights, now);
        const given = changedBy({ input, weights }, query.with);
        return { property_id: property.id, ...whyNot(given, query.target) };
      },
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/properties/{id}/similar',
        operationId: 'listSimilarProperties',
        summary: 'The properties most like this one, with what makes them alike and what tells them apart',
        query: z.object({
          limit: wholeQuery(1, 100).default(10),
          county: text(60).optional(),
          min_price: numberQuery(0, 1e10).optional(),
          max_price: numberQuery(0, 1e10).optional(),
          min_sqft: numberQuery(0, 1e7).optional(),
          max_sqft: numberQuery(0, 1e7).optional(),
          min_bedrooms: wholeQuery(0, 100).optional(),
          min_score: numberQuery(0, 100).optional(),
          property_type: text(60).optional(),
          status: z.enum(STATUSES).optional(),
          for_sale: booleanQuery.optional(),
        }),
        answer: z.object({ property_id: id, compared: z.int(), items: z.array(open) }),
      },
      async ({ trx, params, query, now }) => {
        const countyFips = query.county === undefined ? undefined : countyNamed(deps, query.county).fips;
        if (!(await hasProperty(trx, params.id))) throw unknownProperty(params.id);
        const cents = (dollars: number | undefined) => (dollars === undefined ? undefined : Math.round(dollars * 100));
        const filters = {
          minPriceCents: cents(query.min_price),
          maxPriceCents: cents(query.max_price),
          minSqft: query.min_sqft,
          maxSqft: query.max_sqft,
          minBedrooms: query.min_bedrooms,
          minScore: query.min_score,
          propertyType: query.property_type,
          status: query.status,
          isForSale: query.for_sale === true ? true : undefined,
        };
        const { compared, similar } = await recommendSimilar(trx, params.id, {
          asOf: now.toISOString().slice(0, 10),
          limit: query.limit,
          markets,
          filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
          ...(countyFips === undefined ? {} : { countyFips }),
        });
        return {
          property_id: params.id,
          compared,
          items: similar.map(({ property, similarity, alike, different }) => {
            const price = priceOf(property);
            return {
              property_id: property.id,
              address: property.address,
              apn: property.apn,
              city: property.city,
              zip_code: property.zipCode,
              county_fips: property.countyFips,
              property_type: property.propertySubType ?? property.propertyType,
              price: price === null ? null : price / 100,
              sqft: property.sqft,
              bedrooms: property.bedrooms,
              bathrooms: property.bathrooms,
              year_built: property.yearBuilt,
              bird_dog_score: property.birdDogScore,
              status: property.status,
              similarity,
              alike,
              different,
            };
          }),
        };
      },
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/properties/{id}/lead-score',
        operationId: 'readLeadScore',
        summary: 'How likely the lead answers, learned from recorded outcomes once there are enough',
        answer: z.object({ property_id: id, available: z.boolean(), statement: z.string() }).catchall(z.unknown()),
      },
      async ({ trx, params }) => {
        if (!(await hasProperty(trx, params.id))) throw unknownProperty(params.id);
        const lead = await readLead(trx, params.id);
        const learned = learnLeads(await readLeadOutcomes(trx));
        if (!learned.ready) return { property_id: params.id, ...learned.refusal };
        if (lead === undefined)
          throw new ReosError('conflict', `The property ${params.id} has no score yet. Score it first.`);
        return { property_id: params.id, ...scoreLead(learned, lead) };
      },
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/properties/{id}/score/current',
        operationId: 'computeScore',
        summary: 'The score as of now, or with changes, and all that explains it; nothing is stored',
        query: z.object({ with: changes }),
        answer: z.object({ property_id: id, bird_dog_score: z.number() }).catchall(z.unknown()),
      },
      async ({ trx, params, query, now }) => {
        const desk = partOf(deps.analysis, 'Scores');
        const { input, weights } = await desk.score(trx, await propertyOf(trx, params.id), desk.weights, now);
        const given = changedBy({ input, weights }, query.with);
        const { birdDogScore, ...rest } = scoreProperty(given.input, given.weights);
        const { deal } = contextOf(given.input, given.weights);
        return { property_id: params.id, bird_dog_score: birdDogScore, ...publicShape({ ...rest, deal }) };
      },
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/properties/{id}/score/history',
        operationId: 'listPropertyScores',
        summary: 'The newest 200 scores of a property, the newest first',
        answer: z.object({ property_id: id, items: z.array(open) }),
      },
      async ({ trx, params }) => {
        if (!(await hasProperty(trx, params.id))) throw unknownProperty(params.id);
        return { property_id: params.id, items: (await scoreHistory(trx, params.id)).map((row) => publicShape(row)) };
      },
    ),
  ];
}

/** @throws ReosError `not_found` */
export async function propertyOf(trx: TenantTrx, propertyId: string): Promise<Property> {
  const found = (await readProperties(trx, [propertyId])).get(propertyId);
  if (found !== undefined) return found;
  throw unknownProperty(propertyId);
}

/** The scenario with the changes of a query. @throws ReosError `validation` in the words of the query */
function changedBy(asIs: Scenario, pairs: string | undefined): Scenario {
  if (pairs === undefined) return asIs;
  try {
    return withGivenChanges(asIs, editableInputs(asIs), pairs.split(','));
  } catch (error) {
    if (!(error instanceof ReosError)) throw error;
    const message = error.message.replace(/^--with /, 'with: ');
    throw new ReosError(error.code, message, { cause: error, details: { field: 'with' } });
  }
}
