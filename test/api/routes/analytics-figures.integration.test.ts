import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
let viewer: Awaited<ReturnType<TestApi['as']>>;
const ids = Array.from({ length: 5 }, () => randomUUID());
beforeAll(async () => {
  api = await createTestApi();
  viewer = await api.as('viewer');
  const { query, tenantId: t } = api.database;
  await query(
    `insert into properties (tenant_id, id, county_fips, status, bird_dog_score, created_at)
     values ($1, $2, '53033', 'scored', 80, now()), ($1, $3, '53033', 'packet_ready', 60, now() - interval '3 days'),
       ($1, $4, '04013', 'new', null, now() - interval '30 days'), ($1, $5, '53033', 'failed', null, now()),
       ($1, $6, '04013', 'contacted', 71, now() - interval '30 days')`,
    [t, ...ids],
  );
  const event = (type: string, subject: string, property: string, hours: number) =>
    query(
      `insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, "timestamp")
       values ($1, $2, $3, 'test', $4, now() - make_interval(hours => $5))`,
      [t, type, subject, property, 100 - hours],
    );
  for (const [at, id] of ids.slice(0, 3).entries()) {
    await event('property.discovered', 'event.discovery.intake', id, 0);
    await event('property.enriched', 'event.enrichment.features', id, at + 1);
    if (at < 1) await event('property.scored', 'event.scoring.calculated', id, 5);
  }
  await query(
    `insert into cost_ledger (tenant_id, id, resource, kind, cost_micros, outcome, at)
     values ($1, gen_random_uuid(), 'email', 'send', 1500, 'ok', now()),
       ($1, gen_random_uuid(), 'email', 'send', 9000, 'ok', now() - interval '40 days')`,
    [t],
  );
  // Another tenant's are in no figure.
  const other = await api.addTenant('others');
  await query(`insert into properties (tenant_id, id, county_fips, bird_dog_score) values ($1, $2, '53033', 1)`, [
    other,
    randomUUID(),
  ]);
});
afterAll(() => api.close());

describe('the figures of analytics', () => {
  it('sums the tenant up for the dashboard', async () => {
    expect((await viewer('GET', '/api/v1/analytics/dashboard')).body).toMatchObject({
      properties: {
        total: 5,
        by_status: { scored: 1, packet_ready: 1, new: 1, failed: 1, contacted: 1 },
        new_24h: 2,
        new_7d: 3,
        scored: 3,
        average_score: 70.33,
      },
      memos: 0,
      messages: { sent: 0, replied: 0 },
      cost_month_to_date: 0.0015,
      top_counties: [
        { county_fips: '53033', properties: 3, average_score: 70 },
        { county_fips: '04013', properties: 2, average_score: 71 },
      ],
    });
  });

  it('tells how far properties come and how long it takes', async () => {
    const { body } = await viewer('GET', '/api/v1/analytics/pipeline');
    const { funnel, ...rest } = body as { funnel: { stage: string }[] };
    expect(rest).toMatchObject({ total: 5, failed: 1, suppressed: 0 });
    const stages = new Map(funnel.map((one) => [one.stage, one]));
    expect(stages.get('new')).toMatchObject({ here: 1, reached: 4, conversion: 100, median_hours: null });
    expect(stages.get('ready')).toMatchObject({ here: 0, reached: 3, conversion: 75 });
    expect(stages.get('enriched')).toMatchObject({ here: 0, reached: 3, conversion: 100, median_hours: 2 });
    expect(stages.get('scored')).toMatchObject({ here: 1, reached: 3, conversion: 100, median_hours: 4 });
    expect(stages.get('contacted')).toMatchObject({ here: 1, reached: 1, conversion: 50, median_hours: null });
  });

  it('measures outreach by campaign and channel with the definitions of campaigns', async () => {
    const { query, tenantId: t } = api.database;
    const campaign = randomUUID();
    const message = (
      channel: string,
      more: string,
    ) => `insert into outreach_messages (tenant_id, send_id, channel, contact_id,
      property_id, campaign_id, step, status, unsubscribe_token, sent_at, open_count, cost_micros) values ('${t}',
      gen_random_uuid(), '${channel}', gen_random_uuid(), gen_random_uuid(), '${campaign}', 1, ${more});`;
    // Contacts and properties of the messages are of no account here: as a replica no foreign key looks.
    await query(`begin; set local session_replication_role = replica;
      insert into campaigns (tenant_id, id, name, sender, postal_address) values ('${t}', '${campaign}', 'Spring', '{}', '1 Way');
      ${message('email', `'opened', '${randomUUID()}', now(), 2, 1000`)}
      ${message('email', `'delivered', '${randomUUID()}', now(), 0, 1000`)}
      ${message('email', `'pending', '${randomUUID()}', null, 0, 0`)}
      ${message('sms', `'sent', '${randomUUID()}', now(), 0, 7000`)} commit;`);
    const { body } = await viewer('GET', '/api/v1/analytics/performance');
    const email = { sent: 2, delivered: 2, opened: 1, open_rate: 0.5, click_rate: 0, replied: 0, cost: 0.002 };
    const text = { sent: 1, delivered: 0, open_rate: null, cost: 0.007, cost_per_reply: null };
    expect(body).toMatchObject({
      total: { sent: 3, delivered: 2, opened: 1, open_rate: 0.5, cost: 0.009 },
      campaigns: expect.arrayContaining([
        expect.objectContaining({ campaign_id: campaign, name: 'Spring', channel: 'email', ...email }),
        expect.objectContaining({ campaign_id: campaign, channel: 'sms', ...text }),
      ]),
      channels: expect.arrayContaining([expect.objectContaining({ channel: 'email', ...email })]),
      valuation: [],
    });
  });

  it('is open to readers of properties alone', async () => {
    const key = await api.asKey(['outreach:read']);
    for (const path of ['dashboard', 'pipeline', 'performance']) {
      expect((await key('GET', `/api/v1/analytics/${path}`)).status).toBe(403);
    }
  });
});
