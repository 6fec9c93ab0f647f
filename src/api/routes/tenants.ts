import { z } from '@hono/zod-openapi';
import type { Database } from '../../db/connect.ts';
import { readOwnTenant, type TenantSettings, updateTenant } from '../../db/queries/tenant-settings.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { nameInput } from '../auth/fields.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor } from '../kit/page.ts';
import { id, idParams, instant, text } from '../kit/schemas.ts';

/** A tenant in an answer. */
export const tenant = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    plan: z.enum(['free', 'professional', 'enterprise']),
    status: z.string(),
    time_zone: z.string().openapi({ description: 'IANA name' }),
    created_at: instant,
  })
  .openapi('Tenant');

const timeZone = text(64).refine(isTimeZone, 'must be an IANA time zone such as America/New_York');

/** `/api/v1/tenants`: the caller's own. */
export function tenantEndpoints(deps: { db: Database }): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/tenants',
        operationId: 'listTenants',
        tag: 'Identity',
        summary: 'The own tenant, as a list of one',
        permission: 'tenant:read',
        query: z.object(pageQuery),
        answer: pageOf(tenant),
      },
      async ({ trx, query }) => {
        const isPast = readCursor('tenant', query.cursor, 1) !== undefined;
        return { items: isPast ? [] : [tenantOf(await readOwnTenant(trx))], next_cursor: null };
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/tenants/{id}',
        operationId: 'getTenant',
        tag: 'Identity',
        summary: 'The own tenant',
        permission: 'tenant:read',
        params: idParams,
        answer: tenant,
      },
      async ({ trx, params }) => {
        if (params.id !== trx.tenantId) throw unknown(params.id);
        return tenantOf(await readOwnTenant(trx));
      },
    ),
    ownEndpoint(
      {
        method: 'patch',
        path: '/api/v1/tenants/{id}',
        operationId: 'updateTenant',
        tag: 'Identity',
        summary: 'Change name or time zone of the own tenant',
        permission: 'tenant:update',
        params: idParams,
        body: z
          .strictObject({
            name: nameInput(),
            time_zone: timeZone,
          })
          .partial(),
        answer: tenant,
      },
      async ({ principal, params, body }) => {
        if (params.id !== principal.tenantId) throw unknown(params.id);
        const change = { name: body.name, timeZone: body.time_zone };
        const changed = await withSystem(deps.db, 'only the system writes tenants', (trx) =>
          updateTenant(trx, principal.tenantId, change),
        );
        return tenantOf(changed);
      },
    ),
  ];
}

/** A tenant as it is answered. */
export function tenantOf({ timeZone: zone, createdAt, plan, ...rest }: TenantSettings) {
  return { ...rest, plan: plan as 'free', time_zone: zone, created_at: createdAt };
}

function unknown(tenantId: string): ReosError {
  return new ReosError('not_found', `There is no tenant ${tenantId}.`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
