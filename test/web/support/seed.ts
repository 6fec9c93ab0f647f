import { setTimeout as sleep } from 'node:timers/promises';
import { generateSample } from '../../../src/demo/sample.ts';
import { take } from '../../../src/sdk/client.ts';
import type { components } from '../../../src/sdk/schema.ts';
import type { SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

type Import = components['schemas']['ImportDetail'];

/** An investor and a buy box that any good property matches. */
export async function seedInvestor({ api }: Pick<SignedUp, 'api'>): Promise<{ contactId: string }> {
  const { contact } = await take(
    api.POST('/api/v1/contacts', {
      body: { kind: 'investor', name: 'Ina Investor', email: 'ina@example.com', state: 'WA', zip_code: '98101' },
    }),
  );
  await api.POST('/api/v1/buy-boxes', { body: { contact_id: contact.id, name: 'Anything good', min_score: 40 } });
  return { contactId: contact.id };
}

/** Investor, buy box and a campaign that writes to whom it fits, all through the API. */
export async function seedCampaign({ api }: SignedUp): Promise<{ campaignId: string; contactId: string }> {
  const { contactId } = await seedInvestor({ api });
  const campaign = await take(
    api.POST('/api/v1/campaigns', {
      body: {
        name: 'Deals of the week',
        kind: 'investor',
        audience: { min_score: 40, counties: [], property_types: [], contact_tags: [] },
        steps: [{ channel: 'email', template: 'investor-email', variants: [] }],
        sender: { name: 'Example Homes', email: 'deals@example.com' },
        postal_address: '1 Example Way, Seattle, WA 98101',
        needs_approval: true,
        send_window: null,
        call_to_action: null,
        throttle: null,
        max_per_run: 100,
        weekly_cap_per_recipient: 100,
        dedupe_days: 30,
        wait_days: 14,
      },
    }),
  );
  return { campaignId: campaign.id, contactId };
}

/** Reads an invented sample of King County through the API, as an upload does; its properties go on by themselves. */
export async function uploadSample({ api }: SignedUp, rows: number): Promise<void> {
  const file = await take<Import>(
    api.POST('/api/v1/imports', {
      params: { query: { county: 'king-wa', file_name: 'sample.csv' } },
      body: generateSample(rows) as never,
      bodySerializer: (body: unknown) => body as string,
      headers: { 'Content-Type': 'text/csv' },
    }),
  );
  await api.POST('/api/v1/imports/{id}/run', {
    params: { path: { id: file.id } },
    body: { start_lifecycles: true },
  });
}

/**
 * Uploads a sample, and waits until every property of it is settled.
 * @returns the property with the best score
 */
export async function seedProperties(system: DashboardSystem, admin: SignedUp, rows: number): Promise<string> {
  await uploadSample(admin, rows);
  const until = Date.now() + 240_000;
  while (!(await isSettled(system))) {
    if (Date.now() > until) throw new Error('the sample is still at work after four minutes');
    await sleep(300);
  }
  const best = await take<{ items: Array<{ id: string }> }>(
    admin.api.GET('/api/v1/properties', { params: { query: { limit: 1 } } }),
  );
  return best.items[0]!.id;
}

/** Waits until every memo that is due is there and nothing has happened for a while: each of them is an event. */
export async function quietEvents({ database }: DashboardSystem, quietMs = 4_000): Promise<void> {
  const until = Date.now() + 200_000;
  let known = -1;
  let since = Date.now();
  while (Date.now() - since < quietMs) {
    if (Date.now() > until) throw new Error('the pipeline is still at work after 200 seconds');
    const [row] = await database.query<{ n: number; memos: number }>(
      `select (select count(*)::int from event_log) as n,
         (select count(*)::int from properties where status = 'scored' and bird_dog_score >= 50) as memos`,
    );
    if (row!.n !== known || row!.memos > 0) since = Date.now();
    known = row!.n;
    await sleep(300);
  }
}

async function isSettled({ database }: DashboardSystem): Promise<boolean> {
  const [row] = await database.query<{ settled: number; total: number }>(
    `select count(*) filter (where status in ('scored', 'packet_ready', 'contacted', 'engaged', 'failed'))::int as settled,
       count(*)::int as total from properties`,
  );
  return row!.total > 0 && row!.settled === row!.total;
}
