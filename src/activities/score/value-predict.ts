import type { Counties } from '../../config/county-index.ts';
import type { Database } from '../../db/connect.ts';
import { servingModels } from '../../db/queries/models.ts';
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
    const { fips, subjects } = await readSubjects(deps, trx, request);
    const county = deps.counties.byFips(fips);
    const market = county?.slug ?? fips;
    const model = (await servingModels(trx, 'avm', market)).find(({ isShadow }) => !isShadow);
    return { market, model, subjects, newest: await newestSaleDate(trx, fips) };
  });
  const { market, model, subjects } = found;
  if (model === undefined) {
    throw new ReosError(
      'not_found',
      `${market} has no valuation model yet. Train one: reos train --county ${market} [--sales FILE]`,
    );
  }
  return deps.models.use(tenantId, model, (avm) => {
    const newest = found.newest ?? avm.newestSale;
    const asOf = request.asOf ?? closestMarketDate(newest, deps.clock().toISOString()).asOf;
    return { market, asOf, predictions: predictAll(avm, subjects, asOf, request.isExplained) };
  });
}

async function readSubjects(
  deps: PredictDeps,
  trx: TenantTrx,
  { propertyId, county, subjects = [] }: PredictRequest,
): Promise<{ fips: string; subjects: readonly ValuationSubject[] }> {
  if (propertyId !== undefined) {
    const property = await readProperty(trx, propertyId);
    return { fips: property.countyFips, subjects: await subjectsOf(trx, [property]) };
  }
  if (county === undefined) throw wrong('', 'county', 'is needed: slug or FIPS code, such as king-wa');
  const known = deps.counties.all.find(({ slug, fips }) => slug === county.toLowerCase() || fips === county);
  if (known !== undefined) return { fips: known.fips, subjects };
  throw wrong('', 'county', `"${county}" is not known. Known: ${deps.counties.all.map(({ slug }) => slug).join(', ')}`);
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
