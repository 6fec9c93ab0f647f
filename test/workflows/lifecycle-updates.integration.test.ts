import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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
    const { renderMemo } = world.deps;
    let rendered = 0;
    world.deps.renderMemo = (input) => {
      rendered += 1;
      return renderMemo(input);
    };
    expect(await world.lifecycles.update(property, 'reMemo')).toMatchObject({ stage: 'packet_ready' });
    world.deps.renderMemo = renderMemo;
    expect(rendered).toBe(1);
  });

  test('one that arrives while the run settles returns the state after its work', async () => {
    const property = await addListing(world, 'fair');
    const settling = holdActivity(world.hooks, 'settleLifecycle');
    await world.lifecycles.start(property);
    await eventually(async () => settling.isReached(), Boolean);
    const { bird_dog_score: before } = await readRow(world, property.propertyId);
    await world.query('update properties set list_price_cents = list_price_cents * 1.02 where id = $1', [
      property.propertyId,
    ]);
    const update = world.lifecycles.update(property, 'reScore');
    await setTimeout(300);
    settling.open();
    expect((await update).birdDogScore).toBeLessThan(before!);
  });

  test('reMemo without a score is refused, in a run at work and in one that it starts', async () => {
    const property = await addListing(world, 'dear');
    const providers = holdActivity(world.hooks, 'enrichProperty');
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
