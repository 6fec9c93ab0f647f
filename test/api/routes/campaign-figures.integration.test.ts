import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addTestContact, TEST_CONTACT_KEYS } from '../../support/contacts.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ sealer: TEST_CONTACT_KEYS.sealer, hashKey: TEST_CONTACT_KEYS.hashKey });
});
afterAll(() => api?.close());

describe('the figures of a campaign', () => {
  it('say why messages wait, when the next leaves, and what became of each day’s', async () => {
    const { tenantId } = api.database;
    const [propertyId, campaignId, otherId] = [randomUUID(), randomUUID(), randomUUID()];
    const contactId = await addTestContact(api.database.db, tenantId, { name: 'Ada Byron' });
    const campaign = (id: string, name: string) =>
      `insert into campaigns (tenant_id, id, name, needs_approval, max_per_run, weekly_cap_per_recipient, sender, postal_address, kind, status)
        values ('${tenantId}', '${id}', '${name}', false, 10, 10, '{}', '1 Example Way', 'investor', 'active');`;
    let step = 0;
    const message = (values: Record<string, string>, id = campaignId) => {
      step += 1;
      const row: Record<string, string> = {
        tenant_id: `'${tenantId}'`,
        send_id: `'${randomUUID()}'`,
        contact_id: `'${contactId}'`,
        property_id: `'${propertyId}'`,
        campaign_id: `'${id}'`,
        step: String(step),
        channel: `'email'`,
        unsubscribe_token: `'${randomUUID()}'`,
        ...values,
      };
      return `insert into outreach_messages (${Object.keys(row).join()}) values (${Object.values(row).join()});`;
    };
    const held = (reason: string, until: string) => ({
      status: `'pending'`,
      held_reason: `'${reason}'`,
      held_until: until,
    });
    // As a replica no check of what a contact or campaign must have runs.
    await api.database.query(`begin; set local session_replication_role = replica;
      insert into properties (tenant_id, id, county_fips, status, address) values ('${tenantId}', '${propertyId}', '53033', 'scored', '1 Elm St');
      ${campaign(campaignId, 'Spring')} ${campaign(otherId, 'Summer')}
      ${message({ status: `'clicked'`, sent_at: `'2026-03-01T23:30:00Z'`, open_count: '1', click_count: '1' })}
      ${message({ status: `'bounced'`, sent_at: `'2026-03-01T10:00:00Z'` })}
      ${message({ status: `'delivered'`, sent_at: `'2026-03-02T00:10:00Z'` })}
      ${message(held('The weekly cap.', `'2026-03-09T10:00:00Z'`))}
      ${message(held('The weekly cap.', `'2026-03-08T10:00:00Z'`))}
      ${message(held('Waits for a person.', 'null'))}
      ${message(held('Of another campaign.', `'2026-03-01T10:00:00Z'`), otherId)}
      commit;`);
    const ops = await api.as('ops');
    const { body } = await ops('GET', `/api/v1/campaigns/${campaignId}/metrics`);
    expect(body).toMatchObject({
      holds: [
        { channel: 'email', reason: 'The weekly cap.', messages: 2, until: '2026-03-08T10:00:00.000Z' },
        { channel: 'email', reason: 'Waits for a person.', messages: 1, until: null },
      ],
      next_send_at: '2026-03-08T10:00:00.000Z',
      by_day: [
        { day: '2026-03-01', sent: 2, delivered: 1, opened: 1, clicked: 1, answered: 0 },
        { day: '2026-03-02', sent: 1, delivered: 1, opened: 0, clicked: 0, answered: 0 },
      ],
    });
    const list = (await ops('GET', `/api/v1/outbox?campaign_id=${otherId}`)).body as { items: object[] };
    expect(list.items).toEqual([
      expect.objectContaining({
        campaign_id: otherId,
        contact: 'Ada Byron',
        step: 7,
        held_reason: 'Of another campaign.',
        held_until: '2026-03-01T10:00:00.000Z',
      }),
    ]);
    const elsewhere = await api.as('ops', await api.addTenant('campaign-figures-other'));
    expect((await elsewhere('GET', `/api/v1/outbox?campaign_id=${otherId}`)).body).toMatchObject({ items: [] });
    expect((await elsewhere('GET', `/api/v1/campaigns/${campaignId}/metrics`)).status).toBe(404);
  });
});
