import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LifecycleStart } from '../../src/activities/platform/lifecycle-starter.ts';
import { keepHistory } from '../support/histories.ts';
import { addListing, addNeighbours, handleOf, readEvents, readRow } from '../support/lifecycle-properties.ts';
import { addBuyer, createWorld, removeBuyers, type World } from '../support/lifecycle-world.ts';
import { eventually, holdActivity } from '../support/temporal.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await addNeighbours(world);
});
afterEach(() => removeBuyers(world));
afterAll(() => world?.close());

const untilStatus = (propertyId: string, status: string) =>
  eventually(
    () => readRow(world, propertyId),
    (row) => row.status === status && row.settled_at !== null,
  );

describe('approval', () => {
  test('a campaign that needs it holds the property; the approval, as an update that starts the run, sends', async () => {
    const { campaignId } = await addBuyer(world, { needsApproval: true });
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    expect(await handleOf(world, property).result()).toMatchObject({
      status: 'packet_ready',
      reason: expect.stringContaining('waits for approval'),
    });
    const view = await world.lifecycles.update(property, 'approveOutreach', { campaignId });
    expect(view).toMatchObject({ stage: 'contacted', reason: null });
    expect((await readRow(world, property.propertyId)).held_reason).toBeNull();
    expect(await readEvents(world, property.propertyId)).toContain('outreach.sent');
  });

  test.each(['not-a-campaign', '-'.repeat(36)])('%s is refused before anything happens', async (campaignId) => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    await untilStatus(property.propertyId, 'contacted');
    const update = world.lifecycles.update(property, 'approveOutreach', { campaignId });
    await expect(update).rejects.toThrow(WorkflowUpdateFailedError);
    await expect(update).rejects.toMatchObject({
      cause: { message: expect.stringContaining(`'${campaignId}' is not a campaign id`) },
    });
    const { events } = await handleOf(world, property).fetchHistory();
    expect(events?.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toBe(false);
  });
});

describe('pause and resume', () => {
  test('a pause while a stage works stops before the next one, holds in a new run, and resuming goes on', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    const providers = holdActivity(world.hooks, 'enrichProperty');
    await world.lifecycles.start(property);
    await eventually(async () => providers.isReached(), Boolean);
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'pause', undefined);
    providers.open();
    await eventually(
      () => readRow(world, property.propertyId),
      (row) => row.status === 'enriched' && row.is_paused,
    );

    await handleOf(world, property).terminate('a test ends the run');
    await world.lifecycles.start(property);
    const state = await eventually(
      () => world.lifecycles.state(world.tenantId, property.propertyId),
      (view) => view?.stage === 'enriched',
    );
    expect(state).toMatchObject({ isPaused: true, working: null });
    expect((await readRow(world, property.propertyId)).bird_dog_score).toBeNull();

    await world.lifecycles.signal(world.tenantId, property.propertyId, 'resume', undefined);
    expect((await untilStatus(property.propertyId, 'contacted')).is_paused).toBe(false);
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'recordOutcome', { outcome: 'passed' });
    await handleOf(world, property).result();
    await keepHistory(world, property, 'paused-and-resumed');
  });

  test('what was asked for while it was paused is done after it is resumed', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    await untilStatus(property.propertyId, 'contacted');
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'pause', undefined);
    await eventually(
      () => readRow(world, property.propertyId),
      (row) => row.is_paused,
    );
    const update = world.lifecycles.update(property, 'reScore');
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'resume', undefined);
    expect(await update).toMatchObject({ stage: 'contacted', isPaused: false });
  });
});

describe('a person ends it', () => {
  test('suppress while a stage works: nothing is sent, the reason is in the timeline', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    const providers = holdActivity(world.hooks, 'enrichProperty');
    await world.lifecycles.start(property);
    await eventually(async () => providers.isReached(), Boolean);
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'suppress', { reason: 'the owner asked' });
    providers.open();
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'suppressed' });
    expect(await world.query('select from outreach_messages where property_id = $1', [property.propertyId])).toEqual(
      [],
    );
    const [event] = await world.query<{ payload: unknown }>(
      `select payload from event_log where property_id = $1 and event_type = 'timeline.updated'`,
      [property.propertyId],
    );
    expect(event?.payload).toMatchObject({ what: 'suppressed', reason: 'the owner asked' });
  });

  test('suppress ends a paused lifecycle too', async () => {
    const property = await addListing(world, 'dear');
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'pause', undefined);
    await eventually(
      () => readRow(world, property.propertyId),
      (row) => row.is_paused,
    );
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'suppress', { reason: 'a mistake' });
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'suppressed' });
  });

  test('an outcome closes it, also while answers are waited for', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    await untilStatus(property.propertyId, 'contacted');
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'recordOutcome', {
      outcome: 'bought',
      note: 'below asking',
    });
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'closed' });
    const rows = await world.query<{ payload: unknown }>(
      `select payload from event_log where property_id = $1 and event_type = 'timeline.updated'`,
      [property.propertyId],
    );
    expect(rows.map(({ payload }) => payload)).toMatchObject([
      { what: 'closed', outcome: 'bought', note: 'below asking' },
    ]);
  });

  test('an order that arrives while the last step is being written, on a slow database, is not lost', async () => {
    const property = await addListing(world, 'dear');
    const settling = holdActivity(world.hooks, 'settleLifecycle');
    await world.lifecycles.start(property);
    await eventually(async () => settling.isReached(), Boolean);
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'suppress', { reason: 'late' });
    // The step takes so long that the server hands out the signal beside it (after 8 s), not before it.
    await eventually(
      () => signalsHeard(property),
      (heard) => heard === 1,
    );
    settling.open();
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'suppressed' });
    expect((await readRow(world, property.propertyId)).status).toBe('suppressed');
  });
});

/** How many signals the property's run has been given by now. */
async function signalsHeard(property: LifecycleStart): Promise<number> {
  const events = (await handleOf(world, property).fetchHistory()).events ?? [];
  const lastTask = events.findLastIndex((event) => event.workflowTaskStartedEventAttributes);
  return events.slice(0, lastTask).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}
