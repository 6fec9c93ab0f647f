import { markFailed } from '../../../src/db/queries/lifecycle.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { take } from '../../../src/sdk/client.ts';
import { addColleague, type SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

/** What people leave on their desks: colleagues, comments, tags, saved searches, keys, webhooks, budgets, a suppression. */
export async function seedDesk(system: DashboardSystem, admin: SignedUp, propertyId: string): Promise<void> {
  const { api, tenantId } = admin;
  const analyst = await addColleague(system.url, admin, 'analyst');
  await take(api.POST('/api/v1/invitations', { body: { email: 'olga.ops@example.com', role: 'ops' } }));
  const params = { path: { id: propertyId } };
  const comment = await take(
    api.POST('/api/v1/properties/{id}/comments', { params, body: { body: 'Roof is from 2009; ask for the report.' } }),
  );
  await take(
    analyst.api.POST('/api/v1/properties/{id}/comments', {
      params,
      body: {
        body: `@[Ada Admin](user:${admin.session.user.id}) I called the agent: open to offers until Friday.`,
        parent_id: comment.id,
      },
    }),
  );
  await take(
    api.PUT('/api/v1/properties/{id}/assignments/{user_id}', {
      params: { path: { id: propertyId, user_id: analyst.session.user.id } },
      body: { note: 'Walk through before Thursday', due_at: new Date(Date.now() + 3 * 86_400_000).toISOString() },
    }),
  );
  const near = await take<{ items: Array<{ id: string }> }>(
    api.GET('/api/v1/properties', { params: { query: { limit: 8 } } }),
  );
  for (const [name, color] of [
    ['Walk-through', '#1a7f37'],
    ['Call the agent', '#9a6700'],
  ] as const) {
    const tag = await take(api.POST('/api/v1/tags', { body: { name, color } }));
    const ids = near.items.map(({ id }) => id).slice(0, name === 'Walk-through' ? 5 : 3);
    await take(
      api.POST('/api/v1/tags/{id}/properties', { params: { path: { id: tag.id } }, body: { property_ids: ids } }),
    );
  }
  for (const [name, filter] of [
    ['Best of the week', { min_score: 60 }],
    ['Under $400k with a memo', { max_price: 400_000 }],
  ] as const) {
    const body = { name, filter, shared: true, alert: 'daily', email: false } as const;
    await take(api.POST('/api/v1/saved-searches', { body }));
  }
  await take(api.POST('/api/v1/api-keys', { body: { name: 'Nightly export', scopes: ['properties:read'] } }));
  for (const [resource, limit] of [
    ['*', 50],
    ['sendgrid', 10],
  ] as const) {
    const place = { params: { path: { resource, period: 'month' } } } as const;
    await api.PUT('/api/v1/budgets/{resource}/{period}', { ...place, body: { limit } });
  }
  await take(
    api.POST('/api/v1/suppressions', {
      body: { channel: 'email', addresses: ['never@example.com'], reason: 'manual', source: 'asked on the phone' },
    }),
  );
  await seedWebhook(system, admin);
  const [broken] = await system.database.query<{ id: string }>(
    `select id from properties where tenant_id = $1 and id <> $2 order by bird_dog_score nulls first, id limit 1`,
    [tenantId, propertyId],
  );
  await withTenant(system.deps.db, tenantId, (trx) =>
    markFailed(
      trx,
      broken!.id,
      'enrich',
      'king-parcels answered 503 eight times in six hours. Resume when it is back.',
    ),
  );
}

/** An endpoint that some deliveries reached, and some did not. */
async function seedWebhook({ database }: DashboardSystem, { api }: SignedUp): Promise<void> {
  const hook = await take(
    api.POST('/api/v1/webhooks', {
      body: {
        url: 'https://hooks.example.com/reos',
        description: 'Our CRM',
        event_types: ['property.scored', 'timeline.updated'],
      },
    }),
  );
  const params = { path: { id: hook.id } };
  await take(api.POST('/api/v1/webhooks/{id}/ping', { params }));
  await database.query(
    `insert into webhook_deliveries (tenant_id, endpoint_id, event_id, event_type, payload, position, status, attempts,
       last_status_code, last_error, last_duration_ms, delivered_at, next_attempt_at, created_at)
     select tenant_id, endpoint_id, gen_random_uuid(), 'property.scored', payload, position + n,
       case when n % 4 = 0 then 'failed' else 'delivered' end, case when n % 4 = 0 then 8 else 1 end,
       case when n % 4 = 0 then 503 else 200 end, case when n % 4 = 0 then '503 Service Unavailable' end, 90 + n * 7,
       case when n % 4 <> 0 then now() - n * interval '9 minutes' end, now() + interval '10 years', now() - n * interval '9 minutes'
     from webhook_deliveries, generate_series(1, 9) n where endpoint_id = $1`,
    [hook.id],
  );
}
