import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ReosError } from '../../domain/errors.ts';
import type { ValuationSubject } from '../../domain/valuation/sale-record.ts';
import { readStatedFacts, wrong } from '../../domain/valuation/stated-facts.ts';
import { readToken } from '../bearer.ts';
import type { ApiDeps } from '../deps.ts';
import { type ApiEnv, problem } from '../problem.ts';

/** Houses in one batch, at most. */
export const MAX_BATCH = 1_000;
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What the API asks of the valuation models. */
export interface PriceQuestion {
  county?: string;
  propertyId?: string;
  subjects?: readonly ValuationSubject[];
  asOf?: string;
  isExplained: boolean;
}

/** Valuation behind the API; put together by its entry point. */
export interface PriceDoor {
  /** Key of the tokens. */
  tokenKey: string;
  predict(
    tenantId: string,
    question: PriceQuestion,
  ): Promise<{ market: string; asOf: string; predictions: Array<object | { error: string }> }>;
}

type Door = Pick<ApiDeps, 'clock'> & { prices?: PriceDoor };

/**
 * `GET` and `POST /api/v1/predict/price`: the value of one house, or of up to 1,000, by the champion of the market. The
 * bearer token says whose market.
 */
export function predictRoutes(deps: Door): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError((error, c) => {
    if (error instanceof ReosError && typeof error.details.field === 'string') return fieldProblem(c, error);
    throw error;
  });
  app.get('/api/v1/predict/price', async (c) => c.json(await one(deps, c, c.req.query())));
  const tooLarge = (c: Context<ApiEnv>) =>
    problem(
      c,
      'payload_too_large',
      `The body is larger than ${MAX_BODY_BYTES} bytes. Send at most ${MAX_BATCH} houses.`,
    );
  app.post('/api/v1/predict/price', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }), async (c) => {
    const tenantId = tenantOf(deps, c);
    const body = await jsonBody(c);
    return c.json('properties' in body ? await many(deps, tenantId, body) : await one(deps, c, body));
  });
  return app;
}

async function one(deps: Door, c: Context<ApiEnv>, stated: Record<string, unknown>): Promise<object> {
  const tenantId = tenantOf(deps, c);
  const { county, as_of: asOf, property_id: propertyId, explain: _explain, ...facts } = stated;
  const question: PriceQuestion = { county: textOf('county', county), asOf: dayOf(asOf), isExplained: true };
  if (propertyId !== undefined) {
    if (typeof propertyId !== 'string' || !UUID.test(propertyId)) throw wrong('', 'property_id', 'is no property id');
    const [first] = Object.keys(facts);
    if (first !== undefined) throw wrong('', first, 'cannot be stated beside property_id');
    question.propertyId = propertyId;
  } else question.subjects = [readStatedFacts(facts)];
  const { predictions } = await doorOf(deps).predict(tenantId, question);
  const [prediction] = predictions;
  if (prediction !== undefined && !('error' in prediction)) return prediction;
  throw new ReosError('validation', prediction === undefined ? 'There is nothing to value.' : prediction.error);
}

async function many(deps: Door, tenantId: string, body: Record<string, unknown>): Promise<object> {
  const { properties, county, as_of: asOf, explain, ...other } = body;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined) throw wrong('', unknown, 'has no place beside properties. Known: county, as_of, explain');
  if (!Array.isArray(properties) || properties.length === 0) throw wrong('', 'properties', 'must be a list of houses');
  if (properties.length > MAX_BATCH) {
    throw wrong('', 'properties', `holds ${properties.length} houses; at most ${MAX_BATCH} go into one request`);
  }
  const subjects = properties.map((item: unknown, at) => {
    if (!isRecord(item)) throw wrong('', `properties[${at}]`, 'must be an object of facts');
    return readStatedFacts(item, `properties[${at}].`);
  });
  const question = { county: textOf('county', county), asOf: dayOf(asOf), subjects, isExplained: explain === true };
  const { market, asOf: day, predictions } = await doorOf(deps).predict(tenantId, question);
  return { market, as_of: day, predictions };
}

function tenantOf(deps: Door, c: Context<ApiEnv>): string {
  return readToken(doorOf(deps).tokenKey, c.req.header('Authorization'), 'predict', deps.clock()).tenantId;
}

function doorOf({ prices }: Door): PriceDoor {
  if (prices !== undefined) return prices;
  throw new ReosError('missing_part', 'This API was put together without valuation models.');
}

async function jsonBody(c: Context<ApiEnv>): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (isRecord(body)) return body;
  throw new ReosError('validation', 'The body must be one JSON object.');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && value.length <= 100) return value;
  throw wrong('', name, 'must be text');
}

function dayOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const day = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '';
  const date = new Date(`${day}T00:00:00Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)) return day;
  throw wrong('', 'as_of', 'must be a date such as 2026-01-31');
}

/** A refusal that names the field, beside the sentence. */
async function fieldProblem(c: Context<ApiEnv>, error: ReosError): Promise<Response> {
  const response = problem(c, error.code, error.message);
  const body = { ...((await response.json()) as object), field: error.details.field };
  return c.body(JSON.stringify(body), response.status as 400, { 'Content-Type': 'application/problem+json' });
}
