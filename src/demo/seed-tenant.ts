import { v5 as uuidV5 } from 'uuid';
import type { Database } from '../db/connect.ts';
import { json } from '../db/json.ts';
import { type ContactKeys, insertContact } from '../db/queries/contacts.ts';
import { ensureTenant } from '../db/queries/tenants.ts';
import { withSystem, withTenant } from '../db/tenant.ts';

/** Fixed, so that the same demonstration on two machines has the same ids throughout. */
export const DEMO_TENANT_ID = '5f0d1c52-6f0e-5a53-9d07-0a5d0e3b7d11';

/** Caps of the demonstration's campaign: high, so that what is sent does not depend on which property came first. */
export const DEMO_CAPS = { maxPerRun: 1_000, weeklyCapPerRecipient: 500, dedupeDays: 30 } as const;

const BUY_BOXES = [
  { name: 'Anything good in King County', minScore: 60 },
  { name: 'Houses up to $450,000', maxPriceCents: 45_000_000, minScore: 60 },
  { name: 'Three bedrooms and more', minBedrooms: 3, minScore: 60 },
  { name: 'Large houses', minSqft: 2_000, minScore: 60 },
  { name: 'Only the best', minScore: 75 },
] as const;

/** Makes the demo tenant with five investors, their buy boxes and one campaign. Doing it again changes nothing. */
export async function seedDemoTenant(db: Database, keys: ContactKeys, countyFips: string): Promise<string> {
  const tenant = await withSystem(db, 'the demo tenant', (trx) =>
    ensureTenant(trx, { id: DEMO_TENANT_ID, slug: 'demo', name: 'Demo Investments' }),
  );
  const id = (what: string) => uuidV5(what, tenant.id);
  await withTenant(db, tenant.id, async (trx) => {
    const tenantId = tenant.id;
    const doNothing = { tenantId };
    for (let n = 1; n <= BUY_BOXES.length; n += 1) {
      await insertContact(trx, keys, {
        id: id(`contact:${n}`),
        kind: 'investor',
        details: { name: `Investor ${n}`, email: `investor${n}@example.com`, phone: null, postalAddress: null },
        timeZone: 'America/Los_Angeles',
        state: 'WA',
        source: 'demonstration',
      });
    }
    await trx.db
      .insertInto('buyBoxes')
      .values(
        BUY_BOXES.map(({ name, ...box }, index) => ({
          ...doNothing,
          id: id(`box:${index + 1}`),
          contactId: id(`contact:${index + 1}`),
          name,
          countyFips: [countyFips],
          ...box,
        })),
      )
      .onConflict((oc) => oc.doNothing())
      .execute();
    await trx.db
      .insertInto('campaigns')
      .values({
        ...doNothing,
        id: id('campaign'),
        name: 'Deals of the day',
        minScore: 60,
        needsApproval: false,
        sendWindow: null,
        ...DEMO_CAPS,
        sender: json({ name: 'Demo Investments', email: 'deals@example.com' }),
        postalAddress: 'Demo Investments, 100 Example St, Seattle, WA 98101',
      })
      .onConflict((oc) => oc.doNothing())
      .execute();
    await trx.db
      .insertInto('campaignSteps')
      .values({ ...doNothing, campaignId: id('campaign'), step: 1, channel: 'email', template: 'investor-email' })
      .onConflict((oc) => oc.doNothing())
      .execute();
  });
  return tenant.id;
}
