import { setTimeout as sleep } from 'node:timers/promises';
import { playMailEvents } from '../../../src/demo/mail-events.ts';
import { take } from '../../../src/sdk/client.ts';
import { outboxEventKeys } from '../../../src/secrets.ts';
import type { SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

const INVESTORS = ['Ines Ibarra', 'Theo Lindqvist', 'Maya Okafor', 'Grace Whitfield', 'Paul Nakamura'] as const;
const ENOUGH = 15;

/** A campaign with an A/B test that runs: messages out, mail events back, some held, one that nobody knows of. */
export async function seedOutreach(system: DashboardSystem, admin: SignedUp): Promise<{ campaignId: string }> {
  const { api } = admin;
  for (const [at, name] of INVESTORS.entries()) {
    const [first] = name.toLowerCase().split(' ');
    const { contact } = await take(
      api.POST('/api/v1/contacts', {
        body: {
          kind: 'investor',
          name,
          email: `${first}@example.com`,
          phone: `+1206555010${at}`,
          state: 'WA',
          zip_code: '98101',
          tags: at % 2 === 0 ? ['cash buyer'] : [],
        },
      }),
    );
    await take(api.POST('/api/v1/buy-boxes', { body: { contact_id: contact.id, name: 'King County', min_score: 40 } }));
  }
  const campaign = await take(
    api.POST('/api/v1/campaigns', {
      body: {
        name: 'Below market, King County',
        kind: 'investor',
        audience: { min_score: 40, counties: ['king-wa'], property_types: [], contact_tags: [] },
        steps: [
          {
            channel: 'email',
            template: 'investor-email',
            variants: [
              { name: 'memo-first', template: 'investor-email', weight: 1 },
              { name: 'figures-first', template: 'investor-follow-up', weight: 1 },
            ],
          },
          { channel: 'email', template: 'investor-follow-up', wait_days: 4, variants: [] },
        ],
        sender: { name: 'Example Homes', email: 'deals@example.com' },
        postal_address: '1 Example Way, Seattle, WA 98101',
        needs_approval: true,
        send_window: null,
        call_to_action: { label: 'I am interested', url: 'https://example.com/interested' },
        throttle: null,
        max_per_run: 60,
        weekly_cap_per_recipient: 100,
        dedupe_days: 30,
        wait_days: 14,
      },
    }),
  );
  const params = { path: { id: campaign.id } };
  await take(api.POST('/api/v1/campaigns/{id}/approve', { params }));
  await take(api.POST('/api/v1/campaigns/{id}/run', { params }));
  const sent = await untilSent(system);
  await playMailEvents({
    sends: sent.map(({ sendId, sentAt }) => ({ sendId, sentAt, email: 'ina@example.com' })),
    keys: outboxEventKeys(system.settings.home),
    callToActionUrl: 'https://example.com/interested',
    memoUrl: `${system.url}/files/memo.pdf`,
    now: new Date(),
    webhookUrl: `${system.url}/webhook/sendgrid`,
  });
  // What a crash between the order and the answer leaves behind, and what an address that does not exist does.
  await system.database.query(
    `update outreach_messages set status = 'unknown', error = 'The connection broke before the provider answered.'
     where send_id in (select send_id from outreach_messages where campaign_id = $1 and status = 'sent' order by send_id limit 2)`,
    [campaign.id],
  );
  return { campaignId: campaign.id };
}

async function untilSent({ database }: DashboardSystem): Promise<Array<{ sendId: string; sentAt: Date }>> {
  const until = Date.now() + 120_000;
  for (;;) {
    const rows = await database.query<{ sendId: string; sentAt: Date }>(
      `select send_id as "sendId", sent_at as "sentAt" from outreach_messages where sent_at is not null order by 1`,
    );
    if (rows.length >= ENOUGH) return rows.slice(0, -3);
    if (Date.now() > until) throw new Error(`only ${rows.length} messages of the campaign left in two minutes`);
    await sleep(300);
  }
}
