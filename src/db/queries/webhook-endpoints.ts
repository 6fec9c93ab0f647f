import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** Where a tenant wants its events sent. Secrets are sealed, and not part of this. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  description: string;
  /** Empty: every type. */
  eventTypes: string[];
  status: string;
  disabledReason: string | null;
  rotatedAt: Date | null;
  /** First failure since the last success. */
  failingSince: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = [
  'id',
  'url',
  'description',
  'eventTypes',
  'status',
  'disabledReason',
  'rotatedAt',
  'failingSince',
  'lastSuccessAt',
  'lastFailureAt',
  'createdBy',
  'createdAt',
  'updatedAt',
] as const;

/** Why deliveries of a webhook that was disabled were not made. */
const DISABLED = 'The webhook was disabled.';

/** Adds an endpoint; undefined when the tenant has `most` already. */
export async function insertEndpoint(
  trx: TenantTrx,
  endpoint: Pick<WebhookEndpoint, 'id' | 'url' | 'description' | 'eventTypes' | 'createdBy'> & { sealedSecret: string },
  most: number,
): Promise<WebhookEndpoint | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks:${trx.tenantId}`}, 0))`.execute(trx.db);
  const { count } = await trx.db
    .selectFrom('webhookEndpoints')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('tenantId', '=', trx.tenantId)
    .executeTakeFirstOrThrow();
  if (count >= most) return undefined;
  return trx.db
    .insertInto('webhookEndpoints')
    .values({ tenantId: trx.tenantId, ...endpoint })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

/** Endpoints, oldest first, those after a place. */
export function listEndpoints(
  trx: TenantTrx,
  page: { limit: number; after: TimePlace | undefined },
): Promise<(WebhookEndpoint & { micros: number })[]> {
  return trx.db
    .selectFrom('webhookEndpoints')
    .select([...COLUMNS, microsOf('created_at').as('micros')])
    .where('tenantId', '=', trx.tenantId)
    .$if(page.after !== undefined, (query) => query.where(isAfter('created_at', 'id', page.after!, 'asc')))
    .orderBy('createdAt')
    .orderBy('id')
    .limit(page.limit)
    .execute();
}

/** One endpoint; undefined when there is none of that id. `lock` holds it until the transaction ends. */
export function findEndpoint(trx: TenantTrx, endpointId: string, lock = false): Promise<WebhookEndpoint | undefined> {
  return trx.db
    .selectFrom('webhookEndpoints')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', endpointId)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
}

/** Changes an endpoint; undefined when there is none of that id. */
export function updateEndpoint(
  trx: TenantTrx,
  endpointId: string,
  change: { url?: string | undefined; description?: string | undefined; eventTypes?: string[] | undefined },
  now: Date,
): Promise<WebhookEndpoint | undefined> {
  return trx.db
    .updateTable('webhookEndpoints')
    .set({ ...change, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', endpointId)
    .returning(COLUMNS)
    .executeTakeFirst();
}

/** Sends again from now on; what was missed is asked for with a replay. */
export async function enableEndpoint(trx: TenantTrx, endpointId: string, now: Date): Promise<void> {
  await trx.db
    .updateTable('webhookEndpoints')
    .set({ status: 'active', disabledReason: null, failingSince: null, retryAt: null, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', endpointId)
    .where('status', '=', 'disabled')
    .execute();
}

/** Stops sending: what waits has failed, and a replay brings it. False when it was disabled already. */
export async function disableEndpoint(trx: TenantTrx, endpointId: string, reason: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('webhookEndpoints')
    .set({ status: 'disabled', disabledReason: reason, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', endpointId)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await trx.db
    .updateTable('webhookDeliveries')
    .set({ status: 'failed', lastError: sql<string>`coalesce(last_error || ' ', '') || ${DISABLED}` })
    .where('tenantId', '=', trx.tenantId)
    .where('endpointId', '=', endpointId)
    .where('status', '=', 'pending')
    .execute();
  return true;
}

/** Takes a new secret; the one before is kept beside it. Undefined when there is none of that id. */
export function rotateSecret(
  trx: TenantTrx,
  endpointId: string,
  sealedSecret: string,
  now: Date,
): Promise<WebhookEndpoint | undefined> {
  return trx.db
    .updateTable('webhookEndpoints')
    .set({ sealedPreviousSecret: sql<string>`sealed_secret`, sealedSecret, rotatedAt: now, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', endpointId)
    .returning(COLUMNS)
    .executeTakeFirst();
}

/** Deletes an endpoint with its deliveries; false when there is none of that id. */
export async function deleteEndpoint(trx: TenantTrx, endpointId: string): Promise<boolean> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('webhookEndpoints')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', endpointId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Tells the tenant's admins of a webhook that was disabled, each once. */
export async function notifyOfDisabled(trx: TenantTrx, endpoint: WebhookEndpoint, now: Date): Promise<void> {
  await sql`
    insert into notifications (tenant_id, user_id, kind, title, body, reference)
    select u.tenant_id, u.id, 'webhook', ${`The webhook to ${new URL(endpoint.url).host} was disabled`},
      ${endpoint.disabledReason ?? ''}, ${`webhook:${endpoint.id}:${now.toISOString()}`}
    from user_accounts u where u.tenant_id = ${trx.tenantId} and u.role = 'admin' and u.status = 'active'
    on conflict (tenant_id, user_id, reference) do nothing`.execute(trx.db);
}
