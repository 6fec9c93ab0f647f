import { z } from '@hono/zod-openapi';
import type { Database } from '../../db/connect.ts';
import { readOwnTenant, type TenantSettings } from '../../db/queries/tenant-settings.ts';
import { findAccount, listAccounts, TENANT_STATUSES } from '../../db/queries/tenants.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { PLANS } from '../../domain/plans.ts';
import { nameInput } from '../auth/fields.ts';
import { changeTenant } from '../auth/tenant-change.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import type { Principal } from '../kit/principal.ts';
import { booleanQuery, id, idParams, instant, text } from '../kit/schemas.ts';

/** A tenant in an answer. */
export const tenant = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    plan: z.enum(PLANS),
    status: z.enum(TENANT_STATUSES).openapi({ description: 'suspended: nobody gets in and nothing is sent' }),
    time_zone: z.string().openapi({ description: 'IANA name' }),
    created_at: instant,
  })
  .openapi('Tenant');

const timeZone = text(64).refine(isTimeZone, 'must be an IANA time zone such as America/New_York');

/** `/api/v1/tenants`: the caller's own; for whoever runs the installation, everybody's. */
export function tenantEndpoints(deps: { db: Database }): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/tenants',
        operationId: 'listTenants',
        tag: 'Identity',
        summary: 'The own tenant, as a list of one',
        description: 'With `all=true`, a tenant of whoever runs the installation sees every tenant, by slug.',
        permission: 'tenant:read',
        query: z.object({ ...pageQuery, all: booleanQuery.default(false) }),
        answer: pageOf(tenant),
      },
      async ({ query, principal, inTenant }) => {
        if (query.all) return listAll(deps.db, principal, query);
        const isPast = readCursor('tenant', query.cursor, 1) !== undefined;
        return { items: isPast ? [] : [tenantOf(await inTenant(readOwnTenant))], next_cursor: null };
      },
    ),
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/tenants/{id}',
        operationId: 'getTenant',
        tag: 'Identity',
        summary: 'The own tenant; any, for whoever runs the installation',
        permission: 'tenant:read',
        params: idParams,
        answer: tenant,
      },
      async ({ params, principal, inTenant }) => {
        if (params.id === principal.tenantId) return tenantOf(await inTenant(readOwnTenant));
        const found = principal.isOperator
          ? await withSystem(deps.db, 'the operator looks at a tenant', (trx) => findAccount(trx, params.id))
          : undefined;
        if (found === undefined) throw unknown(params.id);
        return tenantOf(found);
      },
    ),
    ownEndpoint(
      {
        method: 'patch',
        path: '/api/v1/tenants/{id}',
        operationId: 'updateTenant',
        tag: 'Identity',
        summary: 'Change name or time zone of the own tenant; plan and state, for whoever runs the installation',
        description:
          'Plan and state change with the next request of the tenant. A suspended tenant: its tokens and keys are refused, its schedules skip it, nothing is sent or paid for, and all goes on where it was when it is active again.',
        permission: 'tenant:update',
        params: idParams,
        body: z
          .strictObject({
            name: nameInput(),
            time_zone: timeZone,
            plan: z.enum(PLANS),
            status: z.enum(['active', 'suspended']),
          })
          .partial(),
        answer: tenant,
      },
      async ({ principal, params, body, requestId, now }) => {
        if (params.id !== principal.tenantId && !principal.isOperator) throw unknown(params.id);
        const { time_zone: zone, ...rest } = body;
        const changed = await changeTenant(deps.db, {
          principal,
          tenantId: params.id,
          change: { ...rest, timeZone: zone },
          requestId,
          now,
        });
        if (changed === undefined) throw unknown(params.id);
        return tenantOf(changed);
      },
    ),
  ];
}

async function listAll(db: Database, principal: Principal, query: { limit: number; cursor?: string | undefined }) {
  if (!principal.isOperator) {
    throw new ReosError('forbidden', 'Only whoever runs the installation sees every tenant of it.');
  }
  const after = readCursor('slug', query.cursor, 1)?.[0];
  const page = { limit: query.limit + 1, afterSlug: typeof after === 'string' ? after : undefined };
  const rows = await withSystem(db, 'the operator lists tenants', (trx) => listAccounts(trx, page));
  return toPage(rows, query.limit, 'slug', (row) => [row.slug], tenantOf);
}

/** A tenant as it is answered. */
export function tenantOf({ id, slug, name, plan, status, timeZone: zone, createdAt }: TenantSettings) {
  return { id, slug, name, plan: plan as 'free', status: status as 'active', time_zone: zone, created_at: createdAt };
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
