import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WorkflowUpdateFailedError } from '@temporalio/client';
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

const untilStatus = (propertyId: string, status: string) =>
  eventually(
    () => readRow(world, propertyId),
    (row) => row.status === status && row.settled_at !== null,
  );

/** Makes providers wait until `open` is called, so that a test can speak while a stage is at work. */
function holdProviders(): { open: () => void; isReached: () => boolean } {
  const { fetch } = world.deps.http;
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  let isReached = false;
  world.deps.http.fetch = async (request) => {
    isReached = true;
    await released;
    return fetch(request);
  };
  return {
    isReached: () => isReached,
    open: () => {
      world.deps.http.fetch = fetch;
      release.abort();
    },
  };
}

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
    const providers = holdProviders();
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
    const providers = holdProviders();
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

  test('an order that arrives while the run settles is not lost', async () => {
    const property = await addListing(world, 'dear');
    const id = property.propertyId;
    // The row is locked, so that settling waits in the middle.
    await world.lifecycles.start(property);
    await handleOf(world, property).result();
    await world.query(`update properties set held_reason = null, settled_at = null where id = $1`, [id]);
    const unlock = await lockRow(id);
    await world.lifecycles.start(property);
    await eventually(
      () => waitingFor('set "settled_at"'),
      (count) => count > 0,
    );
    await world.lifecycles.signal(world.tenantId, id, 'suppress', { reason: 'late' });
    await unlock();
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'suppressed' });
  });
});

describe('updates', () => {
  test('reScore, reEnrich and reMemo do the work and return the state, on a finished lifecycle as well', async () => {
    const property = await addListing(world, 'fair');
    await world.lifecycles.start(property);
    await handleOf(world, property).result();
    const first = await readRow(world, property.propertyId);
    // A higher asking price lowers the score once it is asked for.
    await world.query('update properties set list_price_cents = list_price_cents * 1.02 where id = $1', [
      property.propertyId,
    ]);
    const scored = await world.lifecycles.update(property, 'reScore');
    expect(scored).toMatchObject({ stage: 'packet_ready', working: null });
    expect(scored.birdDogScore).toBeLessThan(first.bird_dog_score!);
    await handleOf(world, property).result();
    await keepHistory(world, property, 're-score');

    const enriched = await world.lifecycles.update(property, 'reEnrich');
    expect(enriched).toMatchObject({ stage: 'packet_ready', birdDogScore: scored.birdDogScore });
    const counted = () =>
      world.query<{ n: number }>(
        `select count(*)::int as n from event_log where property_id = $1 and event_type = 'memo.generated'`,
        [property.propertyId],
      );
    const [before] = await counted();
    expect(await world.lifecycles.update(property, 'reMemo')).toMatchObject({ stage: 'packet_ready' });
    expect((await counted())[0]!.n).toBe(before!.n + 1);
  });

  test('reMemo without a score is refused, in a run at work and in one that it starts', async () => {
    const property = await addListing(world, 'dear');
    const providers = holdProviders();
    await world.lifecycles.start(property);
    await eventually(async () => providers.isReached(), Boolean);
    const refused = { cause: { message: 'There is no score to write a memo about yet.' } };
    await expect(world.lifecycles.update(property, 'reMemo')).rejects.toMatchObject(refused);
    providers.open();
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'scored' });

    const fresh = await addListing(world, 'dear');
    await expect(world.lifecycles.update(fresh, 'reMemo')).rejects.toMatchObject(refused);
    expect(await handleOf(world, fresh).result()).toMatchObject({ status: 'scored' });
    expect((await readRow(world, fresh.propertyId)).failed_stage).toBeNull();
  });

  test('an update of a property that does not exist says so', async () => {
    const property = { ...(await addListing(world, 'dear')), propertyId: randomUUID() };
    await expect(world.lifecycles.update(property, 'reScore')).rejects.toThrow();
    await expect(handleOf(world, property).result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining(`The tenant has no property ${property.propertyId}`) },
    });
  });
});

describe('what comes back', () => {
  const event = { sendId: randomUUID(), type: 'opened', at: '2026-01-02T03:04:05.000Z' };

  test('a mail event shows as the last event and leaves the wait going', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    await untilStatus(property.propertyId, 'contacted');
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'emailEvent', event);
    const view = await eventually(
      () => world.lifecycles.state(world.tenantId, property.propertyId),
      (state) => state?.lastEvent !== null,
    );
    expect(view).toMatchObject({ lastEvent: 'opened at 2026-01-02T03:04:05.000Z', stage: 'contacted' });
    expect((await handleOf(world, property).describe()).status.name).toBe('RUNNING');
  });

  test('an event that finds no open run starts one, which hears it and repeats nothing', async () => {
    await addBuyer(world, { waitDays: 1 / 86_400 });
    const property = await addListing(world, 'bargain');
    await world.lifecycles.start(property);
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'contacted' });
    const before = await readEvents(world, property.propertyId);
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'emailEvent', event);
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'contacted' });
    expect(await world.lifecycles.state(world.tenantId, property.propertyId)).toMatchObject({
      lastEvent: 'opened at 2026-01-02T03:04:05.000Z',
    });
    expect(await readEvents(world, property.propertyId)).toEqual(before);
    await keepHistory(world, property, 'event-after-the-end');
  });
});

/** Locks a property's row until the answer is called. */
async function lockRow(propertyId: string): Promise<() => Promise<void>> {
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  let done: Promise<void> = Promise.resolve();
  await new Promise<void>((locked) => {
    done = world.transaction(async (query) => {
      await query('select from properties where id = $1 for update', [propertyId]);
      locked();
      await released;
    });
  });
  return () => {
    release.abort();
    return done;
  };
}

/** How many statements with these words wait for a lock. */
async function waitingFor(words: string): Promise<number> {
  const rows = await world.query(
    `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like '%' || $1 || '%'`,
    [words],
  );
  return rows.length;
}
