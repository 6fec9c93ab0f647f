import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keepHistory } from '../support/histories.ts';
import { addListing, addNeighbours, handleOf, readEvents, readRow } from '../support/lifecycle-properties.ts';
import { addBuyer, createWorld, removeBuyers, type World } from '../support/lifecycle-world.ts';
import { eventually } from '../support/temporal.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await addNeighbours(world);
});
afterEach(() => removeBuyers(world));
afterAll(() => world?.close());

/** Runs the property's lifecycle until it waits for answers. */
const untilContacted = (propertyId: string) =>
  eventually(
    () => readRow(world, propertyId),
    (row) => row.status === 'contacted' && row.settled_at !== null,
  );

async function outboxFiles(): Promise<string[]> {
  const names = await readdir(join(world.folder, 'outbox', world.tenantId), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.eml'));
}

describe('a property from discovery to a recipient', () => {
  test('a bargain is enriched, scored, described and sent, in this order and once', async () => {
    const { contactId } = await addBuyer(world);
    const property = await addListing(world, 'bargain');
    expect(await readRow(world, property.propertyId)).toMatchObject({ status: 'ready', bird_dog_score: null });

    expect(await world.lifecycles.start(property)).toBe(true);
    const row = await untilContacted(property.propertyId);

    expect(row.bird_dog_score).toBeGreaterThanOrEqual(60);
    expect(row).toMatchObject({ failed_stage: null, failure_reason: null, held_reason: null });
    expect(await readEvents(world, property.propertyId)).toEqual([
      'property.discovered',
      'property.enriched',
      'property.scored',
      'memo.generated',
      'outreach.sent',
    ]);
    const [send] = await world.query<{ send_id: string; status: string; contact_id: string }>(
      'select * from outreach_messages where property_id = $1',
      [property.propertyId],
    );
    expect(send).toMatchObject({ status: 'sent', contact_id: contactId });
    const mine = (await outboxFiles()).filter((name) => name.includes(send!.send_id));
    expect(mine).toHaveLength(1);
    expect(await readFile(join(world.folder, 'outbox', world.tenantId, mine[0]!), 'utf8')).toContain('@example.com');
    const state = await world.lifecycles.state(world.tenantId, property.propertyId);
    expect(state).toEqual({
      stage: 'contacted',
      working: null,
      birdDogScore: row.bird_dog_score,
      isPaused: false,
      lastEvent: null,
      reason: null,
    });

    await world.lifecycles.signal(world.tenantId, property.propertyId, 'recordOutcome', { outcome: 'bought' });
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'closed' });
    await keepHistory(world, property, 'complete-path');
  });

  test('the Web UI and list filters see stage, score, tenant and what needs a look', async () => {
    const { campaignId } = await addBuyer(world);
    const property = await addListing(world, 'bargain');
    await world.query('update properties set needs_review = true where id = $1', [property.propertyId]);
    await world.lifecycles.start(property);
    const { bird_dog_score: score } = await untilContacted(property.propertyId);

    const list = async (query: string) => {
      const ids: string[] = [];
      for await (const run of world.temporal.client.workflow.list({ query })) ids.push(run.workflowId);
      return ids;
    };
    const { workflowId } = handleOf(world, property);
    const filter = `Stage = 'contacted' AND BirdDogScore > ${score! - 0.5} AND TenantId = '${world.tenantId}' AND NeedsReview = true`;
    await eventually(
      () => list(filter),
      (ids) => ids.includes(workflowId),
    );
    expect(await list(`Stage = 'scored' AND Apn = '${property.apn}'`)).toEqual([]);
    expect(
      await list(
        `Apn = '${property.apn}' AND County = 'king-wa' AND CampaignId = '${campaignId}' AND Source = 'sample-listings'`,
      ),
    ).toEqual([workflowId]);

    const described = await handleOf(world, property).describe();
    expect(await described.staticSummary()).toBe('Seattle, WA');
    const details = await currentDetails(property.propertyId);
    expect(details).toContain('**Stage** contacted');
    expect(details).toContain(`**Score** ${score!.toFixed(1)}`);
    expect(details).toMatch(/\*\*Memo\*\* `tenants\/.*\.pdf`/);
  });

  test('a score below the memo threshold settles as scored, with the reason, and the run ends', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'dear');
    await world.lifecycles.start(property);
    const result = await handleOf(world, property).result();
    expect(result).toMatchObject({ status: 'scored' });
    const row = await readRow(world, property.propertyId);
    expect(row.held_reason).toBe(`Score ${row.bird_dog_score!.toFixed(1)} is below the memo threshold of 50.`);
    expect(result.reason).toBe(row.held_reason);
    expect(row.settled_at).not.toBeNull();
    expect(await readEvents(world, property.propertyId)).not.toContain('memo.generated');
  });

  test('a score between the thresholds gets a memo but no message', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'fair');
    await world.lifecycles.start(property);
    expect(await handleOf(world, property).result()).toMatchObject({
      status: 'packet_ready',
      reason: expect.stringMatching(/^Score 5\d\.\d is below the outreach threshold of 60\.$/),
    });
    expect(await world.query('select from outreach_messages where property_id = $1', [property.propertyId])).toEqual(
      [],
    );
  });

  test('outside every buy box, and without a campaign, it stays packet_ready and says why', async () => {
    await addBuyer(world, {}, { maxPriceDollars: 1_000 });
    const outside = await addListing(world, 'bargain');
    await world.lifecycles.start(outside);
    expect(await handleOf(world, outside).result()).toMatchObject({
      status: 'packet_ready',
      reason: 'No investor buys such a property: it is outside every buy box.',
    });
    await removeBuyers(world);
    const alone = await addListing(world, 'bargain');
    await world.lifecycles.start(alone);
    expect(await handleOf(world, alone).result()).toMatchObject({
      status: 'packet_ready',
      reason: 'No campaign for investors is active.',
    });
  });

  test('starting it again while it runs, and after it ended, repeats nothing', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    const started = await Promise.all([1, 2, 3].map(() => world.lifecycles.start(property)));
    expect(started.filter(Boolean)).toHaveLength(1);
    await untilContacted(property.propertyId);
    const before = await readEvents(world, property.propertyId);
    const files = (await outboxFiles()).length;
    await handleOf(world, property).terminate('a test ends it');
    expect(await world.lifecycles.start(property)).toBe(true);
    const handle = handleOf(world, property);
    await eventually(
      () => handle.query<{ stage: string }>('state'),
      ({ stage }) => stage === 'contacted',
    );
    expect(await readEvents(world, property.propertyId)).toEqual(before);
    expect(await outboxFiles()).toHaveLength(files);
  });

  test('the wait for answers ends after the days of the campaign', async () => {
    const seconds = 2;
    await addBuyer(world, { waitDays: seconds / 86_400 });
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    const handle = handleOf(world, property);
    const sentAt = await untilContacted(property.propertyId).then(() => Date.now());
    expect(await handle.result()).toMatchObject({ status: 'contacted' });
    expect(Date.now() - sentAt).toBeLessThan(8_000);
    const { events } = await handle.fetchHistory();
    expect(events?.filter(({ timerFiredEventAttributes }) => timerFiredEventAttributes).length).toBe(1);
  });
});

/** What the Web UI shows under the run, as the workflow last set it. */
async function currentDetails(propertyId: string): Promise<string> {
  const { client } = world.temporal;
  const handle = client.workflow.getHandle(`property/${world.tenantId}/${propertyId}`);
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}
