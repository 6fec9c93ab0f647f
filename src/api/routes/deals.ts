import { z } from '@hono/zod-openapi';
import { analyseDeal } from '../../domain/deal/analysis.ts';
import { ReosError } from '../../domain/errors.ts';
import { publicShape } from '../../domain/public-shape.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id } from '../kit/schemas.ts';
import { propertyOf } from './analysis.ts';
import { partOf } from './missing-part.ts';

const open = z.record(z.string(), z.unknown());
const amount = z.number().positive().max(1e10);

/** `/api/v1/deals/calculate`: flip, rental and BRRRR under one's own assumptions. */
export function dealEndpoints(deps: Pick<ApiDeps, 'analysis'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'post',
        path: '/api/v1/deals/calculate',
        operationId: 'calculateDeal',
        tag: 'Properties',
        summary: 'Work a deal out at a price: renovation, maximum offer, flip, rental, BRRRR; nothing is stored',
        description:
          'For a stored property by property_id, or for stated facts. Assumptions have the names of the answer’s `assumptions`; those of a tier are written as `renovation_usd_per_sqft.moderate`.',
        permission: 'properties:read',
        isQuestion: true,
        body: z.strictObject({
          property_id: id.optional(),
          price: amount
            .optional()
            .openapi({ description: 'Bought at; default: asking price, else last sale, else assessed' }),
          value: amount.optional().openapi({ description: 'Worth now; default: what the property is valued at' }),
          facts: z
            .strictObject({
              sqft: z.number().positive().max(1e6).optional(),
              year_built: z.int().min(1600).max(2200).optional(),
              year_renovated: z.int().min(1600).max(2200).optional(),
              condition: z.int().min(1).max(5).optional(),
              median_rent: amount.optional(),
              tax_annual: z.number().min(0).max(1e8).optional(),
            })
            .default({}),
          assumptions: z.record(z.string().regex(/^[a-z_.]{1,60}$/), z.number()).default({}),
        }),
        answer: z.object({
          property_id: id.nullable(),
          price: z.number().nullable(),
          price_kind: z.string(),
          value: z.number().nullable(),
          value_source: z.string().nullable(),
          model_version: z.string().nullable(),
          as_of: z.string(),
          deal: open,
          assumptions: open,
        }),
      },
      async ({ trx, body, now }) => {
        const desk = partOf(deps.analysis, 'Deals');
        const pairs = Object.entries(body.assumptions).map(([key, value]) => `${key}=${value}`);
        const weights = assumed(() => desk.withAssumptions(pairs));
        const cents = (dollars: number | undefined) => (dollars === undefined ? null : Math.round(dollars * 100));
        const scored =
          body.property_id === undefined
            ? undefined
            : await desk.score(trx, await propertyOf(trx, body.property_id), weights, now);
        const known = scored?.input.property;
        const { facts } = body;
        const valueCents = cents(body.value) ?? scored?.result.estimatedValueCents ?? null;
        const priceCents = cents(body.price) ?? scored?.result.referencePriceCents ?? null;
        const givenKind = body.price === undefined ? scored?.result.referencePriceKind : 'asking';
        const asOf = scored?.result.asOf ?? now.toISOString().slice(0, 10);
        const deal = analyseDeal(
          {
            facts: {
              sqft: facts.sqft ?? known?.sqft ?? null,
              condition: facts.condition ?? known?.condition ?? null,
              yearBuilt: facts.year_built ?? known?.yearBuilt ?? null,
              yearRenovated: facts.year_renovated ?? known?.yearRenovated ?? null,
              medianRentCents: cents(facts.median_rent) ?? known?.medianRentCents ?? null,
              taxAnnualCents: cents(facts.tax_annual) ?? known?.taxAnnualCents ?? null,
            },
            valueCents,
            priceCents,
            priceKind: givenKind ?? 'none',
            asOf,
          },
          weights.assumptions,
        );
        return {
          property_id: body.property_id ?? null,
          price: priceCents === null ? null : priceCents / 100,
          price_kind: body.price === undefined ? (givenKind ?? 'none') : 'given',
          value: valueCents === null ? null : valueCents / 100,
          value_source: body.value === undefined ? (scored?.result.valueSource ?? null) : 'given',
          model_version: body.value === undefined ? (scored?.result.modelVersion ?? null) : null,
          as_of: asOf,
          deal: publicShape(deal),
          assumptions: publicShape(weights.assumptions),
        };
      },
    ),
  ];
}

/** Says a refusal of the command line's options in the words of the body. */
function assumed<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ReosError)) throw error;
    const message = error.message.replace(/^--assume /, 'assumptions: ');
    throw new ReosError(error.code, message, { cause: error, details: { field: 'assumptions' } });
  }
}
