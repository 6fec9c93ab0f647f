import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { LifecycleCandidate } from '../../db/queries/discovery.ts';
import { storeIntake, waitingAmong } from '../../db/queries/intake.ts';
import type { County } from '../../domain/county.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { id, text } from '../kit/schemas.ts';
import type { LifecycleDoor } from '../outreach-doors.ts';
import { countyNamed } from './county-book.ts';
import { partOf } from './missing-part.ts';

/** Rows in one request, at most. */
export const MAX_ROWS = 100;
const SQFT_PER_SQUARE_METER = 1 / 0.3048 ** 2;

const row = z
  .strictObject({
    apn: text(60).optional().openapi({ description: 'Parcel number, in any spelling of the county' }),
    address: text(300).optional(),
    unit: text(30).optional(),
    city: text(100).optional(),
    state: text(30).optional(),
    zip_code: text(10).optional(),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
    property_type: text(60).optional(),
    bedrooms: z.number().int().min(0).max(200).optional(),
    bathrooms: z.number().min(0).max(200).optional(),
    sqft: z.number().min(0).max(1e7).optional(),
    square_meters: z.number().min(0).max(1e6).optional(),
    lot_size_sqft: z.number().min(0).max(1e10).optional(),
    year_built: z.number().int().min(0).max(3000).optional(),
    list_price: z.number().min(-1e12).max(1e12).optional().openapi({ description: 'US dollars; makes it a listing' }),
    source_id: text(100).optional().openapi({ description: 'Your own id: the same id is the same record' }),
    url: text(2000).optional(),
  })
  .openapi('IntakeRow');

const result = z.object({
  index: z.int(),
  status: z.enum(['stored', 'quarantined']),
  property_id: id.nullable(),
  is_new: z.boolean(),
  lifecycle: z
    .enum(['started', 'running', 'waiting', 'not_asked', 'none'])
    .openapi({ description: '`waiting`: outside every buy box, done already, or left to the next sweep' }),
  warnings: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })),
  reasons: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })),
});

/** `/api/v1/intake`: properties as somebody states them. */
export function intakeEndpoints(deps: Pick<ApiDeps, 'counties' | 'intakeDesk' | 'lifecycles' | 'logger'>): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/intake',
        operationId: 'intakeProperties',
        tag: 'Discovery',
        summary: 'State one or up to 100 properties by parcel number or address',
        description:
          'Each row is checked as discovered rows are. A refused one goes to quarantine and is told with its reasons; the others are stored, and the lifecycle of each that lies in a buy box starts (without any buy box: of each). New properties count against the plan; when it allows fewer, nothing is stored.',
        permission: 'properties:create',
        refusals: [402],
        body: z.strictObject({
          county: text(60).openapi({ description: 'Slug or FIPS code', example: 'king-wa' }),
          rows: z.array(row).min(1).max(MAX_ROWS),
          start_lifecycles: z.boolean().default(true),
        }),
        answer: z.object({
          job_id: id,
          county: z.string(),
          stored: z.int(),
          quarantined: z.int(),
          new_properties: z.int(),
          lifecycles_started: z.int(),
          rows: z.array(result),
        }),
        status: 201,
      },
      async ({ principal, body, requestId, now, inTenant }) => {
        const county = countyNamed(deps, body.county);
        const desk = partOf(deps.intakeDesk, 'Properties');
        const door = body.start_lifecycles ? partOf(deps.lifecycles, 'Properties') : undefined;
        const checked = desk.read(county, body.rows.map(inSquareFeet), now);
        const records = checked.flatMap((one) => (one.ok ? [one.record] : []));
        const quarantined = checked.flatMap((one) => (one.ok ? [] : [one.quarantined]));
        const jobId = randomUUID();
        const common = { jobId, runId: requestId, countyFips: county.fips, source: desk.source };
        const stored = await inTenant((trx) => storeIntake(trx, { ...common, records, quarantined }, now));
        const ids = [...new Set(stored.map(({ propertyId }) => propertyId))];
        const started =
          door &&
          (await startWaiting(deps, door, county, await inTenant((trx) => waitingAmong(trx, ids)), principal.tenantId));
        let at = 0;
        const rows = checked.map((one, index) => {
          if (!one.ok) return { ...REFUSED, index, reasons: one.reasons };
          const { propertyId, isNew } = stored[at++]!;
          const warnings = one.record.warnings.map(({ field, code, message }) => ({ field, code, message }));
          const lifecycle =
            started === undefined ? ('not_asked' as const) : (started.get(propertyId) ?? ('waiting' as const));
          return {
            index,
            status: 'stored' as const,
            property_id: propertyId,
            is_new: isNew,
            lifecycle,
            warnings,
            reasons: [],
          };
        });
        return {
          job_id: jobId,
          county: county.slug,
          stored: records.length,
          quarantined: quarantined.length,
          new_properties: new Set(stored.flatMap(({ propertyId, isNew }) => (isNew ? [propertyId] : []))).size,
          lifecycles_started: [...(started?.values() ?? [])].filter((one) => one === 'started').length,
          rows,
        };
      },
    ),
  ];
}

/**
 * Starts what waits: by property, whether this call started it. One that cannot be started now is left to the sweep of
 * waiting properties.
 */
async function startWaiting(
  deps: Pick<ApiDeps, 'logger'>,
  door: LifecycleDoor,
  { slug }: County,
  waiting: readonly LifecycleCandidate[],
  tenantId: string,
): Promise<Map<string, 'started' | 'running'>> {
  const started = new Map<string, 'started' | 'running'>();
  for (const { id: propertyId, apn, city, state, source } of waiting) {
    const summary = [apn && `Parcel ${apn}`, city, state].filter(Boolean).join(', ') || slug;
    try {
      const isStarted = await door.start({ tenantId, propertyId, county: slug, apn, source, summary });
      started.set(propertyId, isStarted ? 'started' : 'running');
    } catch (error) {
      deps.logger.warn({ err: error, propertyId }, 'a lifecycle could not be started; the next sweep starts it');
    }
  }
  return started;
}

const REFUSED = {
  status: 'quarantined' as const,
  property_id: null,
  is_new: false,
  lifecycle: 'none' as const,
  warnings: [],
};

function inSquareFeet({ square_meters: squareMeters, ...row_ }: z.output<typeof row>) {
  const sqft = row_.sqft ?? (squareMeters === undefined ? undefined : squareMeters * SQFT_PER_SQUARE_METER);
  return { ...row_, sqft: sqft === undefined ? undefined : Math.round(sqft * 100) / 100 };
}
