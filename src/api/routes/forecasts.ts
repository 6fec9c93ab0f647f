import { z } from '@hono/zod-openapi';
import { readSalePrices } from '../../db/queries/sales-data.ts';
import { countValuations, type OutcomeRow, readOutcomes } from '../../db/queries/valuations.ts';
import { forecastMarket } from '../../domain/valuation/market-forecast.ts';
import { FEW_OUTCOMES, scoreboardStatement, trackOf } from '../../domain/valuation/scoreboard.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id, text, wholeQuery } from '../kit/schemas.ts';
import { countyNamed } from './county-book.ts';

const share = z.number();
const entry = z.object({
  county: z.string(),
  model_id: id,
  version: z.string(),
  is_shadow: z.boolean(),
  count: z.int(),
  median_error: share,
  within_10: share,
  within_20: share,
  coverage_50: share,
  coverage_80: share,
  coverage_90: share,
  median_ratio: z.number(),
});

/** `/api/v1/forecasts` and `/api/v1/scoreboard`: where prices go, and how valuations came true. */
export function forecastEndpoints(deps: Pick<ApiDeps, 'counties'>): Endpoint[] {
  const about = { method: 'get', tag: 'Valuation', permission: 'properties:read' } as const;
  return [
    endpoint(
      {
        ...about,
        path: '/api/v1/forecasts',
        operationId: 'readForecast',
        summary: 'Where the prices of a county go, from the stored sales, with intervals tested on its own past',
        query: z.object({ county: text(60).openapi({ example: 'king-wa' }), months: wholeQuery(1, 36).default(12) }),
        answer: z.object({ county: z.string(), available: z.boolean(), statement: z.string() }).catchall(z.unknown()),
        cache: 'list',
      },
      async ({ trx, query }) => {
        const county = countyNamed(deps, query.county);
        const sales = await readSalePrices(trx, county.fips);
        const indexed = sales.map(({ closeDate, closePriceCents, sqft }) => ({
          closeDate,
          price: closePriceCents / 100,
          sqft,
        }));
        return { county: county.slug, ...forecastMarket(indexed, query.months) };
      },
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/scoreboard',
        operationId: 'readScoreboard',
        summary: 'How valuations came true: each one against the sale that followed it, by county and model',
        query: z.object({ county: text(60).optional() }),
        answer: z.object({
          entries: z.array(entry),
          outcomes: z.int(),
          needed: z.int(),
          valuations: z.int(),
          valued_properties: z.int(),
          statement: z.string(),
        }),
      },
      async ({ trx, query }) => {
        const filter = query.county === undefined ? {} : { countyFips: countyNamed(deps, query.county).fips };
        const rows = await readOutcomes(trx, filter);
        const waiting = await countValuations(trx, filter);
        const counted = rows.filter(({ isShadow }) => !isShadow).length;
        return {
          entries: entriesOf(rows, (fips) => deps.counties?.byFips(fips)?.slug ?? fips),
          outcomes: counted,
          needed: FEW_OUTCOMES,
          valuations: waiting.valuations,
          valued_properties: waiting.properties,
          statement: scoreboardStatement(counted, waiting),
        };
      },
    ),
  ];
}

function entriesOf(rows: readonly OutcomeRow[], slugOf: (fips: string) => string): z.input<typeof entry>[] {
  const groups = new Map<string, OutcomeRow[]>();
  for (const row of rows) {
    const key = `${row.countyFips}/${row.modelId}/${row.isShadow}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const { countyFips, modelId, version, isShadow } = group[0]!;
    const track = trackOf(group.map(valuedSale));
    const named = { county: slugOf(countyFips), model_id: modelId, version, is_shadow: isShadow };
    return track === null ? [] : [{ ...named, ...track }];
  });
}

/** A sale beside the value that was given before it. */
export function valuedSale(row: OutcomeRow) {
  return {
    price: row.priceCents,
    value: row.valueCents,
    low50: row.low50Cents,
    high50: row.high50Cents,
    low80: row.low80Cents,
    high80: row.high80Cents,
    low90: row.low90Cents,
    high90: row.high90Cents,
  };
}
