import { z } from '@hono/zod-openapi';
import { findComparables } from '../../db/queries/comparables.ts';
import { newestSaleDate } from '../../db/queries/scores.ts';
import type { PropertyComparables } from '../../domain/comparables/compare.ts';
import type { ComparableLimits } from '../../domain/comparables/rules.ts';
import { closestMarketDate } from '../../domain/comparables.ts';
import type { Property } from '../../domain/property.ts';
import { publicShape } from '../../domain/public-shape.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { day, id, idParams } from '../kit/schemas.ts';
import { propertyOf } from './analysis.ts';
import { partOf } from './missing-part.ts';

const open = z.record(z.string(), z.unknown());
const ids = z.array(id).max(50).default([]);
const comparables = z
  .object({
    property_id: id,
    address: z.string().nullable(),
    apn: z.string().nullable(),
    as_of: z.string(),
    as_of_note: z.string(),
    rules_version: z.string(),
    limits: open,
    steps_widened: z.array(z.string()),
    annual_trend: z.number(),
    value: z.number().nullable(),
    value_low: z.number().nullable(),
    value_high: z.number().nullable(),
    confidence: z.number().nullable(),
    price_per_sqft: z.number().nullable(),
    why_not: z.string().nullable(),
    included: z.array(open),
    excluded: z.array(open),
    excluded_counts: open,
  })
  .openapi('Comparables');

/** Comparable sales under one's own choice, and the model's valuation, of a property. */
export function comparableEndpoints(deps: Pick<ApiDeps, 'analysis' | 'counties' | 'prices'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'post',
        path: '/api/v1/properties/{id}/comparables',
        operationId: 'compareProperty',
        tag: 'Properties',
        summary: 'Comparable sales with some left out or taken in, and the value they give; nothing is stored',
        permission: 'properties:read',
        isQuestion: true,
        isPlainRead: true,
        params: idParams,
        body: z.strictObject({
          include: ids.openapi({ description: 'Properties whose latest sale must take part' }),
          exclude: ids.openapi({ description: 'Properties whose sales must not' }),
          as_of: day.optional(),
          radius_miles: z.number().min(0.01).max(15).optional(),
          months: z.int().min(1).max(120).optional(),
          sqft_tolerance: z.number().min(0.01).max(1).optional(),
          max: z.int().min(1).max(50).optional(),
        }),
        answer: comparables,
      },
      async ({ trx, params, body, now }) => {
        const desk = partOf(deps.analysis, 'Comparable sales');
        const read = await propertyOf(trx, params.id);
        // An address that a simulator made up is no fact to show without its mark.
        const property = read.fieldSources.address?.simulated === true ? { ...read, address: null } : read;
        const dated =
          body.as_of === undefined
            ? closestMarketDate(await newestSaleDate(trx, property.countyFips), now.toISOString())
            : { asOf: body.as_of, note: `Valued as of ${body.as_of}, as asked.` };
        const limits: Partial<ComparableLimits> = {
          ...(body.radius_miles !== undefined && { radiusMiles: body.radius_miles }),
          ...(body.months !== undefined && { months: body.months }),
          ...(body.sqft_tolerance !== undefined && { sqftTolerance: body.sqft_tolerance }),
        };
        const found = await findComparables(trx, property, desk.comparableRules, {
          limits,
          include: body.include,
          exclude: body.exclude,
          asOf: dated.asOf,
          likeness: (await deps.prices?.likeness?.(trx, read, dated.asOf)) ?? null,
          annualTrend: deps.counties?.byFips(property.countyFips)?.scoring.appreciation_annual ?? 0,
          ...(body.max === undefined ? {} : { maxChosen: body.max }),
        });
        return comparablesOf(property, found, dated.note);
      },
    ),
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/properties/{id}/valuation',
        operationId: 'readValuation',
        tag: 'Properties',
        summary: 'What the model of the market says the property is worth: intervals, confidence and what made it',
        permission: 'properties:read',
        params: idParams,
        query: z.object({ as_of: day.optional() }),
        answer: z
          .object({
            property_id: id,
            market: z.string(),
            predicted_price: z.number().nullable(),
            error: z.string().nullable(),
          })
          .catchall(z.unknown()),
      },
      async ({ principal, params, query, inTenant }) => {
        await inTenant((trx) => propertyOf(trx, params.id));
        const question = { propertyId: params.id, isExplained: true, ...(query.as_of && { asOf: query.as_of }) };
        const answer = await partOf(deps.prices, 'Prices').predict(principal.tenantId, question);
        const common = { property_id: params.id, market: answer.market, predicted_price: null, error: null };
        return { ...common, ...(answer.predictions[0] ?? { error: 'There is nothing to value.' }) };
      },
    ),
  ];
}

/** The comparable sales of a property as they are answered. */
export function comparablesOf(
  property: Property,
  found: PropertyComparables,
  note: string,
): z.input<typeof comparables> {
  const { estimate } = found;
  const dollars = (cents: number | undefined) => (cents === undefined ? null : cents / 100);
  return {
    property_id: property.id,
    address: property.address,
    apn: property.apn,
    as_of: found.asOf,
    as_of_note: note,
    rules_version: found.rulesVersion,
    limits: publicShape(found.limits),
    steps_widened: [...found.stepsWidened],
    annual_trend: found.annualTrend,
    value: dollars(estimate?.valueCents),
    value_low: dollars(estimate?.lowCents),
    value_high: dollars(estimate?.highCents),
    confidence: estimate?.confidence ?? null,
    price_per_sqft: dollars(estimate?.pricePerSqftCents),
    why_not: found.whyNot,
    included: found.included.map((sale) => publicShape(sale)),
    excluded: found.excluded.map((sale) => publicShape(sale)),
    excluded_counts: { ...found.excludedCounts },
  };
}
