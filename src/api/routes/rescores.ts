import { z } from '@hono/zod-openapi';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { id, text } from '../kit/schemas.ts';
import type { RunDoor } from '../run-doors.ts';
import { countyNamed } from './county-book.ts';
import { partOf } from './missing-part.ts';

const started = z.object({ workflow_id: z.string(), run_id: z.string() }).openapi('StartedRun');
const status = z.enum(['running', 'success', 'failed']);
const runId = id.openapi({ param: { name: 'run_id', in: 'path' } });
const county = text(60).openapi({ param: { name: 'county', in: 'path' }, description: 'Slug or FIPS code' });

/** Runs of a tenant that a person starts and looks after: scoring everything again, reading a county's sources. */
export function rescoreEndpoints(deps: Pick<ApiDeps, 'runs' | 'counties'>): Endpoint[] {
  const door = (): RunDoor => partOf(deps.runs, 'Runs');
  return [
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/rescores',
        operationId: 'startRescore',
        tag: 'Scoring',
        summary: 'Score all properties again, or those whose score is outdated; a run that is under way is joined',
        permission: 'properties:update',
        body: z.strictObject({
          county: text(60).optional(),
          outdated: z.boolean().default(false).openapi({
            description: 'Only what other weights, an older model, older facts or fewer sales made',
          }),
        }),
        answer: started,
        status: 202,
      },
      async ({ principal: { tenantId }, body }) => {
        const slug = body.county === undefined ? undefined : countyNamed(deps, body.county).slug;
        const run = await door().rescore({ tenantId, county: slug, mode: body.outdated ? 'outdated' : 'all' });
        return { workflow_id: run.workflowId, run_id: run.runId };
      },
    ),
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/rescores/{run_id}',
        operationId: 'readRescore',
        tag: 'Scoring',
        summary: 'How far scoring again is',
        permission: 'properties:read',
        params: z.object({ run_id: runId }),
        answer: z.object({
          status,
          total: z.int().nullable(),
          scored: z.int().nullable(),
          changed: z.int().nullable(),
          problems: z.array(z.string()),
        }),
      },
      async ({ principal, params }) => {
        const found = await door().rescoreOf(principal.tenantId, params.run_id);
        if (found === null) throw unknownRun(params.run_id);
        const { total = null, done: scored = null, changed = null } = found.done ?? {};
        return { status: found.status, total, scored, changed, problems: found.problems };
      },
    ),
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/counties/{county}/discoveries',
        operationId: 'startDiscovery',
        tag: 'Discovery',
        summary: 'Read a county’s sources now; a run that is under way is joined',
        permission: 'properties:create',
        params: z.object({ county }),
        body: z.strictObject({ start_lifecycles: z.boolean().default(true) }),
        answer: started,
        status: 202,
      },
      async ({ principal: { tenantId }, params, body }) => {
        const { slug } = countyNamed(deps, params.county);
        const order = { tenantId, county: slug, startLifecycles: body.start_lifecycles };
        const run = await door().discover(order);
        return { workflow_id: run.workflowId, run_id: run.runId };
      },
    ),
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/counties/{county}/discoveries/{run_id}',
        operationId: 'readDiscovery',
        tag: 'Discovery',
        summary: 'What reading a county’s sources has brought',
        permission: 'properties:read',
        params: z.object({ county, run_id: runId }),
        answer: z.object({
          status,
          county: z.string(),
          sources: z.array(
            z.object({
              job_id: z.string().nullable(),
              source: z.string(),
              scraped: z.int(),
              failed: z.int(),
              duplicate: z.int(),
              blocked: z.int(),
            }),
          ),
          lifecycles_started: z.int().nullable().openapi({ description: 'Null until it has ended' }),
          problems: z.array(z.string()),
        }),
      },
      async ({ principal, params }) => {
        const { slug } = countyNamed(deps, params.county);
        const found = await door().discoveryOf(principal.tenantId, slug, params.run_id);
        if (found === null) throw unknownRun(params.run_id);
        return {
          status: found.status,
          county: slug,
          sources: (found.done?.sources ?? []).map(({ jobId, source, scraped, failed, duplicate, blocked }) => ({
            job_id: jobId,
            source,
            scraped,
            failed,
            duplicate,
            blocked,
          })),
          lifecycles_started: found.done?.lifecyclesStarted ?? null,
          problems: found.problems,
        };
      },
    ),
  ];
}

const unknownRun = (run: string): ReosError => new ReosError('not_found', `There is no run ${run}.`);
