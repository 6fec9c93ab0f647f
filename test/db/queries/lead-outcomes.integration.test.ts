import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLead, readLeadOutcomes } from '../../../src/db/queries/lead-outcomes.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { asTenant, ingest, listing, newTenant, properties } from './records.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());

describe('leads whose end is known', () => {
  it('are engaged, closed with an outcome, or silent for long; as they were known before the first message', async () => {
    const t = await newTenant(home);
    const cases = [
      { status: 'engaged', days: 2, outcome: null, answered: true },
      { status: 'closed', days: 2, outcome: 'sold', answered: true },
      { status: 'closed', days: 2, outcome: 'not interested', answered: false },
      { status: 'closed', days: 2, outcome: 'sold elsewhere', answered: false },
      { status: 'closed', days: 2, outcome: null, answered: null },
      { status: 'contacted', days: 40, outcome: null, answered: false },
      { status: 'contacted', days: 3, outcome: null, answered: null },
      { status: 'scored', days: null, outcome: null, answered: null },
    ];
    await ingest(
      t,
      cases.map((_, at) => listing(`lead-${at}`, { ParcelNumber: String(4_200_000_000 + at) })),
    );
    const rows = await properties(t);
    const [contact] = await home.query<{ id: string }>(
      `insert into contacts (tenant_id, kind, name) values ($1, 'investor', 'Jo') returning id`,
      [t.tenantId],
    );
    const [campaign] = await home.query<{ id: string }>(
      `insert into campaigns (tenant_id, name, sender, postal_address) values ($1, 'c', '{}', 'x') returning id`,
      [t.tenantId],
    );
    const score = (id: string, value: number, daysAgo: number) =>
      home.query(
        `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence,
           as_of, score_components, reasons, features_used, weights_version, model_version, inputs_hash, scored_at)
         values ($1, $2, $3, 50, 50, 0.5, '2026-01-01', '[]', '[]', '{}', 'w', 'm', 'h', now() - make_interval(days => $4))`,
        [t.tenantId, id, value, daysAgo],
      );
    for (const [at, { status, days, outcome }] of cases.entries()) {
      const id = rows[at]!.id;
      await home.query('update properties set status = $2 where id = $1', [id, status]);
      await score(id, 10 + at, 60);
      await score(id, 99, 0);
      if (days !== null) {
        await home.query(
          `insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, status, unsubscribe_token, sent_at)
           values ($1, gen_random_uuid(), 'email', $2, $3, $4, 1, 'sent', $5, now() - make_interval(days => $6))`,
          [t.tenantId, contact!.id, id, campaign!.id, `token-${id}`, days],
        );
      }
      if (outcome !== null) {
        await home.query(
          `insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, payload)
           values ($1, 'timeline.updated', 'event.timeline.updated', 'c', $2, $3)`,
          [t.tenantId, id, JSON.stringify({ what: 'closed', outcome })],
        );
      }
    }
    const found = await asTenant(t, readLeadOutcomes);
    const expected = cases.flatMap(({ answered }, at) => (answered === null ? [] : [[10 + at, answered]]));
    expect(found.map(({ birdDogScore, answered }) => [birdDogScore, answered]).sort()).toEqual(expected.sort());
    expect(await asTenant(t, (trx) => readLead(trx, rows[0]!.id))).toMatchObject({ birdDogScore: 99 });
    expect(await asTenant(await newTenant(home), readLeadOutcomes)).toEqual([]);
  });
});
