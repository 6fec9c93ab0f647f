import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askCampaign, orderCampaign, runCampaign } from '../../src/client/campaigns.ts';
import { insertCampaign } from '../../src/db/queries/campaigns.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { workflowIds } from '../../src/domain/ids.ts';
import { campaignSchema } from '../../src/domain/outreach/campaign.ts';
import { keepHistory, keepWorkflowHistory } from '../support/histories.ts';
import { addListing, addNeighbours, handleOf, readRow } from '../support/lifecycle-properties.ts';
import { addBuyer, createWorld, removeBuyers, type World } from '../support/lifecycle-world.ts';
import { eventually } from '../support/temporal.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await addNeighbours(world);
});
afterEach(() => removeBuyers(world));
afterAll(() => world?.close());

const SECOND = 1 / 86_400;
interface Sent {
  send_id: string;
  step: number;
  status: string;
  error: string | null;
  sent_at: Date | null;
}
const sendsOf = (propertyId: string) =>
  world.query<Sent>('select * from outreach_messages where property_id = $1 order by step', [propertyId]);

/** A buyer whose campaign has a second step so many seconds after the first. */
async function addSequence(waitSeconds: number): Promise<void> {
  const { campaignId } = await addBuyer(world);
  await world.query(`insert into campaign_steps values ($1, $2, 2, 'email', 'investor-email', $3)`, [
    world.tenantId,
    campaignId,
    waitSeconds * SECOND,
  ]);
}

/** What the relay delivers when a provider reports something. */
const tell = (propertyId: string, sendId: string) =>
  world.lifecycles.signal(world.tenantId, propertyId, 'emailEvent', {
    sendId,
    type: 'reply',
    at: new Date().toISOString(),
  });

describe('a sequence in the lifecycle', () => {
  test('its second step leaves after its wait, once', async () => {
    await addSequence(2);
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    const sends = await eventually(
      () => sendsOf(property.propertyId),
      (rows) => rows.length === 2 && rows.every(({ status }) => status === 'sent'),
    );
    const [first, second] = sends.map(({ sent_at }) => sent_at!.getTime());
    expect(second! - first!).toBeGreaterThanOrEqual(2_000);
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'recordOutcome', { outcome: 'bought' });
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'closed' });
    await keepHistory(world, property, 'follow-up');
  });

  test('an answer settles the second step at once, weeks before its day', async () => {
    await addSequence(20 * 86_400);
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    const [first] = await eventually(
      () => sendsOf(property.propertyId),
      (rows) => rows.length === 2,
    );
    await eventually(
      () => readRow(world, property.propertyId),
      (row) => row.settled_at !== null,
    );
    await world.query('update outreach_messages set answered_at = now() where send_id = $1', [first!.send_id]);
    await tell(property.propertyId, first!.send_id);
    const [, second] = await eventually(
      () => sendsOf(property.propertyId),
      (rows) => rows[1]?.status === 'error',
    );
    expect(second?.error).toBe('Not sent: The sequence ended: the recipient has answered.');
  });
});

describe('a campaign’s workflow', () => {
  test('runs, is paused, resumed and stopped; what it asks for is sent by the properties’ workflows', async () => {
    await addBuyer(world, {}, { maxPriceDollars: 1_000 });
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    await handleOf(world, property).result();
    expect(await sendsOf(property.propertyId)).toEqual([]);
    await world.query('update buy_boxes set max_price_cents = null where tenant_id = $1', [world.tenantId]);

    const definition = campaignSchema.parse({
      name: 'Deals of the week',
      kind: 'investor',
      steps: [{ channel: 'email', template: 'investor-email' }],
      needs_approval: false,
      send_window: null,
      sender: { name: 'Example Homes', email: 'deals@example.com' },
      postal_address: '1 Example Way, Seattle WA 98101',
    });
    await world.query(`update campaigns set status = 'ended' where tenant_id = $1`, [world.tenantId]);
    const made = await withTenant(world.db, world.tenantId, (trx) =>
      insertCampaign(trx, definition, { countyFips: ['53033'], createdBy: 'test' }),
    );
    const ref = { tenantId: world.tenantId, campaignId: made.id, name: definition.name };
    const { client } = world.temporal;
    const state = () => askCampaign(client, ref);
    expect(await state()).toBeNull();

    const view = await runCampaign(client, ref);
    expect(view).toMatchObject({ status: 'active', problem: null, lastRun: { reason: null } });
    // The property of the test before has a workflow that runs and hears of it; this one's is begun anew.
    expect(view.lastRun).toMatchObject({ planned: 2, asked: 2 });
    await eventually(
      () => world.query<Sent>('select * from outreach_messages where campaign_id = $1', [made.id]),
      (rows) => rows.length === 2 && rows.every(({ status }) => status === 'sent'),
    );

    expect(await orderCampaign(client, ref, 'pause', 'holiday')).toBe(true);
    await eventually(state, (now) => now?.status === 'paused');
    expect((await runCampaign(client, ref)).lastRun).toMatchObject({
      planned: 0,
      reason: expect.stringContaining('paused'),
    });
    await orderCampaign(client, ref, 'resume', null);
    await eventually(state, (now) => now?.status === 'active' && now.lastRun?.reason === null && !now.isRunning);
    await orderCampaign(client, ref, 'stop', null);
    const handle = client.workflow.getHandle(workflowIds.campaign(ref.tenantId, ref.campaignId));
    expect(await handle.result()).toMatchObject({ status: 'ended', planned: 2, sent: 2 });
    await keepWorkflowHistory(world, workflowIds.campaign(ref.tenantId, ref.campaignId), 'campaign');
    const described = await handle.describe();
    expect(JSON.stringify(described.typedSearchAttributes)).toContain(made.id);
  });

  test('the daily schedule starts the workflow of every active campaign', async () => {
    const { campaignId } = await addBuyer(world);
    const swept = await world.temporal.client.workflow.execute('campaignSweep', {
      taskQueue: 'core',
      workflowId: 'schedule/email_campaign',
      args: [{ dagId: 'email_campaign' }],
    });
    expect(swept).toEqual({ asked: 1 });
    const ref = { tenantId: world.tenantId, campaignId, name: 'Deals' };
    await eventually(
      () => askCampaign(world.temporal.client, ref),
      (view) => view?.lastRun?.reason === null,
    );
    await orderCampaign(world.temporal.client, ref, 'stop', null);
  });
});
