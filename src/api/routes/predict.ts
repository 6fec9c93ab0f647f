import { z } from '@hono/zod-openapi';
import type { TenantTrx } from '../../db/tenant.ts';
import type { AskLikeness } from '../../domain/comparables/similarity.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Property } from '../../domain/property.ts';
import type { ValuationSubject } from '../../domain/valuation/sale-record.ts';
import { readStatedFacts, STATED_FACTS, wrong } from '../../domain/valuation/stated-facts.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { day, id, text } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';

/** Houses in one batch, at most. */
export const MAX_BATCH = 1_000;
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** What the API asks of the valuation models. */
export interface PriceQuestion {
  county?: string;
  market?: string;
  propertyId?: string;
  subjects?: readonly ValuationSubject[];
  asOf?: string;
  isExplained: boolean;
}

/** Valuation behind the API; put together by its entry point. */
export interface PriceDoor {
  predict(
    tenantId: string,
    question: PriceQuestion,
  ): Promise<{ market: string; asOf: string; predictions: Array<z.input<typeof prediction> | { error: string }> }>;
  /** How alike the market's model finds sold houses and a property; null without a model that can be used. */
  likeness?(trx: TenantTrx, property: Property, asOf: string): Promise<AskLikeness | null>;
}

const range = z.object({ low: z.number(), high: z.number() });
const prediction = z.object({
  predicted_price: z.number(),
  confidence: z.number().openapi({ description: 'Probability that a sale closes within 20% of the value' }),
  interval: range.openapi({ description: 'Holds 80 of 100 sales' }),
  intervals: z.object({ '50': range, '80': range, '90': range }),
  model_version: z.string(),
  as_of: z.string(),
  raw_log: z.number().openapi({ description: 'Logarithm of dollars: base plus contributions' }),
  base: z.number().nullable(),
  contributions: z
    .array(
      z.object({ feature: z.string(), value: z.union([z.number(), z.string()]).nullable(), contribution: z.number() }),
    )
    .nullable(),
  notes: z.array(z.string()),
});
const batch = z.object({
  market: z.string(),
  as_of: z.string(),
  predictions: z.array(z.union([prediction, z.object({ error: z.string() })])),
});

const place = {
  county: text(100).optional().openapi({ description: 'Slug or FIPS code, such as king-wa; not beside property_id' }),
  market: text(100).optional().openapi({
    description: 'In place of a county: the market of a model, such as the name of the file it was trained on',
  }),
  property_id: id.optional().openapi({ description: 'A stored property, in place of facts' }),
  as_of: day.optional(),
};
// What a fact may be is known to the valuation, which names the field that is wrong.
const fact = z.union([z.number(), text(200, 0), z.boolean()]).nullish();
const facts = Object.fromEntries(STATED_FACTS.map((name) => [name, fact]));
const queryFacts = Object.fromEntries(STATED_FACTS.map((name) => [name, text(200, 0).optional()]));

type Stated = Record<string, unknown> & { county?: string; market?: string; property_id?: string; as_of?: string };

const spec = {
  path: '/api/v1/predict/price',
  tag: 'Valuation',
  permission: 'properties:read',
} as const;

/** `/api/v1/predict/price`: the value of a house, or of up to 1,000, by the champion of the market. */
export function predictEndpoints(deps: Pick<ApiDeps, 'prices'>): Endpoint[] {
  return [
    ownEndpoint(
      {
        ...spec,
        method: 'get',
        operationId: 'predictPrice',
        summary: 'The value of one house, with interval and contributions',
        query: z.object({ ...place, ...queryFacts }).catchall(text(200, 0)),
        answer: prediction,
      },
      ({ query, principal }) => one(doorOf(deps), principal.tenantId, query),
    ),
    ownEndpoint(
      {
        ...spec,
        method: 'post',
        operationId: 'predictPrices',
        summary: 'The value of one house, or of each of a list of them',
        isQuestion: true,
        body: z
          .object({
            ...place,
            ...facts,
            explain: z.boolean().optional().openapi({ description: 'Contributions for each house of a list' }),
            properties: z.array(z.object(facts).catchall(fact)).min(1).max(MAX_BATCH).optional(),
          })
          .catchall(fact),
        answer: z.union([prediction, batch]),
        maxBodyBytes: MAX_BODY_BYTES,
      },
      ({ body, principal }) =>
        isBatch(body)
          ? many(doorOf(deps), principal.tenantId, body)
          : one(doorOf(deps), principal.tenantId, body as Stated),
    ),
  ];
}

type Batch = {
  properties: Array<Record<string, unknown>>;
  county?: string;
  market?: string;
  as_of?: string;
  explain?: boolean;
};

const isBatch = (body: unknown): body is Batch => (body as Partial<Batch>).properties !== undefined;

async function one(door: PriceDoor, tenantId: string, stated: Stated) {
  const { county, market, as_of: asOf, property_id: propertyId, explain: _explain, ...other } = stated;
  const question: PriceQuestion = { ...placeOf({ county, market, asOf }), isExplained: true };
  if (propertyId !== undefined) {
    const [first] = Object.keys(other);
    if (first !== undefined) throw wrong('', first, 'cannot be stated beside property_id');
    question.propertyId = propertyId;
  } else question.subjects = [readStatedFacts(other)];
  const [found] = (await door.predict(tenantId, question)).predictions;
  if (found !== undefined && !('error' in found)) return found;
  throw new ReosError('validation', found === undefined ? 'There is nothing to value.' : found.error);
}

async function many(door: PriceDoor, tenantId: string, body: Batch) {
  const { properties, county, market: asked, as_of: asOf, explain, ...other } = body;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined)
    throw wrong('', unknown, 'has no place beside properties. Known: county, market, as_of, explain');
  const subjects = properties.map((item, at) => readStatedFacts(item, `properties[${at}].`));
  const { market, ...answer } = await door.predict(tenantId, {
    ...placeOf({ county, market: asked, asOf }),
    subjects,
    isExplained: explain === true,
  });
  return { market, as_of: answer.asOf, predictions: answer.predictions };
}

function placeOf({ county, market, asOf }: { county?: string; market?: string; asOf?: string }) {
  return { ...(county && { county }), ...(market && { market }), ...(asOf && { asOf }) };
}

const doorOf = ({ prices }: Pick<ApiDeps, 'prices'>): PriceDoor => partOf(prices, 'Values of houses');
