import { expect } from 'vitest';
import { generateSample } from '../../../src/demo/sample.ts';
import { take } from '../../../src/sdk/client.ts';
import type { components } from '../../../src/sdk/schema.ts';
import type { SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

type Import = components['schemas']['ImportDetail'];

/** Investor, buy box and a campaign that writes to whom it fits, all through the API. */
export async function seedCampaign({ api }: SignedUp): Promise<{ campaignId: string; contactId: string }> {
  const contact = await take<{ id: string }>(
    api.POST('/api/v1/contacts', {
      body: { kind: 'investor', name: 'Ina Investor', email: 'ina@example.com', state: 'WA' } as never,
    }),
  );
  await api.POST('/api/v1/buy-boxes', {
    body: { contact_id: contact.id, name: 'Anything good', min_score: 40 } as never,
  });
  const campaign = await take<{ id: string }>(
    api.POST('/api/v1/campaigns', {
      body: {
        name: 'Deals of the week',
        kind: 'investor',
        min_score: 40,
        sender: { name: 'Example Homes', email: 'deals@example.com' },
        postal_address: '1 Example Way, Seattle, WA 98101',
        steps: [{ channel: 'email', template: 'investor-email' }],
      } as never,
    }),
  );
  return { campaignId: campaign.id, contactId: contact.id };
}

/**
 * Reads an invented sample of King County through the API, as an upload does, and waits until every property is settled.
 * @returns the property with the best score
 */
export async function seedProperties(system: DashboardSystem, { api }: SignedUp, rows: number): Promise<string> {
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
  await expect
    .poll(
      async () => {
        const [row] = await system.database.query<{ settled: string; total: string }>(
          `select count(*) filter (where status in ('scored', 'packet_ready', 'contacted', 'engaged', 'failed')) as settled,
             count(*) as total from properties`,
        );
        return Number(row!.total) > 0 && row!.settled === row!.total;
      },
      { timeout: 120_000, interval: 500 },
    )
    .toBe(true);
  const best = await take<{ items: Array<{ id: string }> }>(
    api.GET('/api/v1/properties', { params: { query: { limit: 1 } } }),
  );
  return best.items[0]!.id;
}
