import type { Counties } from '../../config/county-index.ts';
import type { Database } from '../../db/connect.ts';
import { listModels, servingModels } from '../../db/queries/models.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { newestSaleDate } from '../../db/queries/scores.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { closestMarketDate } from '../../domain/comparables.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ValuationSubject } from '../../domain/valuation/sale-record.ts';
import { wrong } from '../../domain/valuation/stated-facts.ts';
import type { AvmModel, ExplainedValuation, Valuation } from '../../domain/valuation/valuation.ts';
import { subjectsOf } from './value.ts';
import type { ModelCache } from './value-models.ts';

/** What answers questions for a price. Nothing is recorded. */
export interface PredictDeps {
  db: Database;
  models: ModelCache;
  counties: Counties;
  clock: () => Date;
}

/** Houses of one market: stored properties by id, or stated facts. */
export interface PredictRequest {
  /** Slug or FIPS code; for a stored property its own county. */
  county?: string;
  /** Instead of a county: the market that a model is filed under, such as the name of the file it was trained on. */
  market?: string;
  propertyId?: string;
  subjects?: readonly ValuationSubject[];
  /** YYYY-MM-DD; default: today, or the day after the newest known sale when that is long ago. */
  asOf?: string;
  /** Whether each value comes with its contributions. */
  isExplained: boolean;
}

/** One answer under the API's names; dollars. */
export interface PricePrediction {
  predicted_price: number;
  /** Estimated probability that a sale closes within 20% of the value. */
  confidence: number;
  /** The 80% interval. */
  interval: { low: number; high: number };
  /** By share of sales that they are meant to hold, in percent. */
  intervals: Record<'50' | '80' | '90', { low: number; high: number }>;
  model_version: string;
  as_of: string;
  /** Logarithm of dollars: base + sum of contributions. */
  raw_log: number;
  base: number | null;
  contributions: Array<{ feature: string; value: number | string | null; contribution: number }> | null;
  notes: string[];
}

/** One prediction per house, in their order; one that cannot be valued says why. */
export interface PredictAnswer {
  market: string;
  asOf: string;
  predictions: Array<PricePrediction | { error: string }>;
}

/**
 * Values houses with the champion of their market.
 * @throws ReosError `not_found` without a champion or property, `validation` with the field, `missing_part` without the library
 */
export async function predictPrices(
  deps: PredictDeps,
  tenantId: string,
  request: PredictRequest,
): Promise<PredictAnswer> {
  const found = await withTenant(deps.db, tenantId, async (trx) => {
    const { market, fips, subjects } = await readHouses(deps, trx, request);
    const model = (await servingModels(trx, 'avm', market)).find(({ isShadow }) => !isShadow);
    if (model === undefined) throw noChampion(market, await marketsWithChampion(trx));
    return { market, model, subjects, newest: fips === null ? null : await newestSaleDate(trx, fips) };
  });
  const { market, model, subjects } = found;
  return deps.models.use(tenantId, model, (avm) => {
    const newest = found.newest ?? avm.newestSale;
    const asOf = request.asOf ?? closestMarketDate(newest, deps.clock().toISOString()).asOf;
    const predictions = predictAll(avm, subjects, asOf, request.isExplained);
    // A stored house has columns of many sources; what a caller states is meant to count.
    const isStated = request.propertyId === undefined;
    return { market, asOf, predictions: isStated ? predictions.map(withUnread(avm, subjects)) : predictions };
  });
}

/** The houses with the market they are valued in, and the county of its sales in Postgres where it is one. */
async function readHouses(
  { counties }: PredictDeps,
  trx: TenantTrx,
  { propertyId, county, market, subjects = [] }: PredictRequest,
): Promise<{ market: string; fips: string | null; subjects: readonly ValuationSubject[] }> {
  if (market !== undefined && (county !== undefined || propertyId !== undefined)) {
    throw wrong('', 'market', `cannot be stated beside ${county === undefined ? 'property_id' : 'county'}`);
  }
  if (propertyId !== undefined) {
    const property = await readProperty(trx, propertyId);
    const fips = property.countyFips;
    return { market: counties.byFips(fips)?.slug ?? fips, fips, subjects: await subjectsOf(trx, [property]) };
  }
  if (market !== undefined) {
    const name = market.trim().toLowerCase();
    return { market: name, fips: counties.all.find(({ slug }) => slug === name)?.fips ?? null, subjects };
  }
  const markets = async () => listed(await marketsWithChampion(trx));
  if (county === undefined) {
    const what = `is needed: slug or FIPS code, such as king-wa; or market: one that has a model (${await markets()})`;
    throw wrong('', 'county', what);
  }
  const known = counties.all.find(({ slug, fips }) => slug === county.toLowerCase() || fips === county);
  if (known !== undefined) return { market: known.slug, fips: known.fips, subjects };
  const slugs = counties.all.map(({ slug }) => slug).join(', ');
  throw wrong(
    '',
    'county',
    `"${county}" is not known. Known: ${slugs}. A model filed under another name is asked by market: ${await markets()}`,
  );
}

async function marketsWithChampion(trx: TenantTrx): Promise<string[]> {
  const champions = await listModels(trx, { kind: 'avm', stage: 'champion' });
  return [...new Set(champions.map(({ market }) => market))].sort();
}

const listed = (markets: readonly string[]): string => (markets.length === 0 ? 'none so far' : markets.join(', '));

function noChampion(market: string, markets: readonly string[]): ReosError {
  return new ReosError(
    'not_found',
    `${market} has no valuation model yet. Markets with one: ${listed(markets)}. Train one: reos train --sales FILE --market ${market}`,
    { details: { market } },
  );
}

function predictAll(
  avm: AvmModel,
  subjects: readonly ValuationSubject[],
  asOf: string,
  isExplained: boolean,
): PredictAnswer['predictions'] {
  if (isExplained) {
    return subjects.map((subject) => {
      try {
        return predictionOf(avm.explain(subject, asOf));
      } catch (error) {
        if (error instanceof ReosError && error.code === 'validation') return { error: error.message };
        throw error;
      }
    });
  }
  return avm
    .valueBatch(subjects, asOf)
    .map((valuation) => ('refused' in valuation ? { error: valuation.refused } : predictionOf(valuation)));
}

/** Adds which of the stated columns the model does not read, so that nobody takes them for counted. */
function withUnread(avm: AvmModel, subjects: readonly ValuationSubject[]) {
  const read = new Set(avm.extraNames);
  return (prediction: PredictAnswer['predictions'][number], at: number): PredictAnswer['predictions'][number] => {
    const unread = Object.keys(subjects[at]?.extras ?? {}).filter((name) => !read.has(name));
    if ('error' in prediction || unread.length === 0) return prediction;
    const named = unread.slice(0, UNREAD_NAMED).map((name) => `"${name.slice(0, 40)}"`);
    const more = unread.length > named.length ? ` and ${unread.length - named.length} more` : '';
    const note = `The model has no column ${named.join(', ')}${more}: what is stated there changes nothing.`;
    return { ...prediction, notes: [...prediction.notes, note] };
  };
}

const UNREAD_NAMED = 5;

function predictionOf(valuation: Valuation | ExplainedValuation): PricePrediction {
  const { value, log, confidence, intervals, modelVersion, asOf, notes } = valuation;
  const dollars = ({ low, high }: { low: number; high: number }) => ({ low: Math.round(low), high: Math.round(high) });
  const explained = 'contributions' in valuation ? valuation : null;
  return {
    predicted_price: Math.round(value),
    confidence,
    interval: dollars(intervals[80]),
    intervals: { '50': dollars(intervals[50]), '80': dollars(intervals[80]), '90': dollars(intervals[90]) },
    model_version: modelVersion,
    as_of: asOf,
    raw_log: log,
    base: explained?.base ?? null,
    contributions: explained?.contributions ?? null,
    notes,
  };
}
