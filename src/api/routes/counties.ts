import { z } from '@hono/zod-openapi';
import { readSourceHealth } from '../../db/queries/source-health.ts';
import type { County } from '../../domain/county.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant, text } from '../kit/schemas.ts';
import { countiesOf, countyNamed } from './county-book.ts';

const county = z
  .object({
    slug: z.string(),
    fips: z.string(),
    name: z.string(),
    state: z.string(),
    time_zone: z.string(),
    latitude: z.number(),
    longitude: z.number(),
    bounds: z.object({ south: z.number(), west: z.number(), north: z.number(), east: z.number() }),
    median_price: z.number().openapi({ description: 'US dollars' }),
    market_heat: z.number(),
    appreciation_annual: z.number(),
    schedule: z.string().openapi({ description: 'Cron, in the time zone of the county' }),
    target_neighborhoods: z.array(z.object({ name: z.string(), multiplier: z.number() })),
    endpoints: z.array(z.object({ id: z.string(), kind: z.string(), url: z.string(), verified: z.string() })),
  })
  .openapi('County');
const source = z
  .object({
    name: z.string(),
    kind: z.enum(['listing_site', 'file']),
    county: z.string().nullable(),
    enabled: z.boolean(),
    blocked_reason: z.string().nullable(),
    health: z.enum(['ok', 'failing', 'unknown']).openapi({ description: 'Of the newest runs of this tenant' }),
    last_run: z
      .object({
        status: z.string(),
        error: z.string().nullable(),
        items_scraped: z.int(),
        items_failed: z.int(),
        items_blocked: z.int(),
        started_at: instant.nullable(),
        completed_at: instant.nullable(),
      })
      .nullable(),
    runs_30d: z.int(),
    failed_runs_30d: z.int(),
  })
  .openapi('Source');

/** `/api/v1/counties` and `/api/v1/sources`: where properties come from. */
export function countyEndpoints(deps: Pick<ApiDeps, 'counties' | 'sources'>): Endpoint[] {
  const about = { method: 'get', tag: 'Discovery', permission: 'properties:read' } as const;
  return [
    endpoint(
      {
        ...about,
        path: '/api/v1/counties',
        operationId: 'listCounties',
        summary: 'The configured counties, by slug',
        answer: z.object({ items: z.array(county) }),
      },
      async () => ({
        items: [...countiesOf(deps).all].sort((a, b) => a.slug.localeCompare(b.slug)).map(countyOf),
      }),
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/counties/{county}',
        operationId: 'readCounty',
        summary: 'One county by slug or FIPS code',
        params: z.object({ county: text(60) }),
        answer: county,
      },
      async ({ params }) => {
        const book = countiesOf(deps);
        const found = book.all.find(({ slug, fips }) => slug === params.county || fips === params.county);
        if (found === undefined) throw new ReosError('not_found', `There is no county ${params.county}.`);
        return countyOf(found);
      },
    ),
    endpoint(
      {
        ...about,
        path: '/api/v1/sources',
        operationId: 'listSources',
        summary: 'Sources, whether they are read, and how their last runs went',
        query: z.object({ county: text(60).optional() }),
        answer: z.object({ items: z.array(source) }),
      },
      async ({ trx, query }) => {
        const fips = query.county === undefined ? undefined : countyNamed(deps, query.county).fips;
        const health = new Map((await readSourceHealth(trx)).map((row) => [row.source, row]));
        const known = (deps.sources ?? []).filter(({ countyFips }) => fips === undefined || countyFips === fips);
        const others = [...health.keys()].filter((name) => !(deps.sources ?? []).some((one) => one.name === name));
        const listed = [
          ...known,
          // A file that was imported under its own name is a source too, once it was read.
          ...others
            .filter((name) => fips === undefined || health.get(name)?.countyFips === fips)
            .map((name) => ({
              name,
              kind: 'file' as const,
              countyFips: health.get(name)!.countyFips,
              enabled: true,
              blockedReason: null,
            })),
        ];
        const slugOf = (code: string | null) => (code === null ? null : (deps.counties?.byFips(code)?.slug ?? code));
        return {
          items: listed.map((one) => {
            const run = health.get(one.name);
            const isWell = run?.status === 'success' || run?.status === 'running' || run?.status === 'queued';
            return {
              name: one.name,
              kind: one.kind,
              county: slugOf(one.countyFips),
              enabled: one.enabled,
              blocked_reason: one.blockedReason,
              health: run === undefined ? ('unknown' as const) : isWell ? ('ok' as const) : ('failing' as const),
              last_run:
                run === undefined
                  ? null
                  : {
                      status: run.status,
                      error: run.error,
                      items_scraped: run.itemsScraped,
                      items_failed: run.itemsFailed,
                      items_blocked: run.itemsBlocked,
                      started_at: run.startedAt,
                      completed_at: run.completedAt,
                    },
              runs_30d: run?.runs ?? 0,
              failed_runs_30d: run?.failedRuns ?? 0,
            };
          }),
        };
      },
    ),
  ];
}

function countyOf(one: County): z.input<typeof county> {
  return {
    slug: one.slug,
    fips: one.fips,
    name: one.name,
    state: one.state,
    time_zone: one.time_zone,
    latitude: one.centre.latitude,
    longitude: one.centre.longitude,
    bounds: one.bounds,
    median_price: one.median_price.amount,
    market_heat: one.scoring.market_heat,
    appreciation_annual: one.scoring.appreciation_annual,
    schedule: one.schedule.cron,
    target_neighborhoods: one.target_neighborhoods.map(({ name, multiplier }) => ({ name, multiplier })),
    endpoints: one.endpoints.map(({ id, kind, url, verified }) => ({ id, kind, url, verified })),
  };
}
