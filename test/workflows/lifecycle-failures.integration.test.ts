import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ReosError } from '../../src/domain/errors.ts';
import { keepHistory } from '../support/histories.ts';
import { addListing, addNeighbours, handleOf, readEvents, readRow } from '../support/lifecycle-properties.ts';
import { addBuyer, createWorld, removeBuyers, type World } from '../support/lifecycle-world.ts';
import { eventually } from '../support/temporal.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await addNeighbours(world);
});
afterEach(async () => {
  await world.healProviders();
  await removeBuyers(world);
});
afterAll(() => world?.close());

const PROVIDERS = ['census-geocoder', 'fema-flood', 'king-county-assessor'];

const failAll = () => {
  for (const provider of Object.keys(world.simulator.baseUrls)) world.simulator.fail(provider, 'down');
};

const confidenceOf = async (propertyId: string): Promise<number> => {
  const [row] = await world.query<{ confidence: number }>(
    'select confidence from property_scores where property_id = $1',
    [propertyId],
  );
  return row!.confidence;
};

describe('providers', () => {
  test('all down past the window: failed with their names; resumed, it goes on from there to the end', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    failAll();
    const began = Date.now();
    await world.lifecycles.start(property);
    const failed = handleOf(world, property).result();
    await expect(failed).rejects.toThrow(WorkflowFailedError);
    expect(Date.now() - began).toBeGreaterThan(2_500);
    expect(Date.now() - began).toBeLessThan(world.deps.retryWindowMs + 6_000);
    const row = await readRow(world, property.propertyId);
    expect(row).toMatchObject({ status: 'failed', failed_stage: 'enrich', bird_dog_score: null });
    expect(row.failure_reason).toMatch(/^No provider answered within 6 s: Providers did not answer: /);
    for (const provider of PROVIDERS) expect(row.failure_reason).toContain(provider);
    expect(row.failure_reason).toContain(`reos lifecycle resume ${property.propertyId}`);
    await expect(failed).rejects.toMatchObject({ cause: { message: row.failure_reason } });
    await keepHistory(world, property, 'failed-enrichment');

    await world.healProviders();
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'resume', undefined);
    await eventually(
      () => readRow(world, property.propertyId),
      ({ status, settled_at }) => status === 'contacted' && settled_at !== null,
    );
    expect(await readEvents(world, property.propertyId)).toEqual([
      'property.discovered',
      'timeline.updated',
      'property.enriched',
      'property.scored',
      'memo.generated',
      'outreach.sent',
    ]);
    expect(await readRow(world, property.propertyId)).toMatchObject({ failed_stage: null, failure_reason: null });
  });

  test('one down past the window: it goes on, less sure of itself, and the reason is kept', async () => {
    const whole = await addListing(world, 'dear');
    await world.lifecycles.start(whole);
    await handleOf(world, whole).result();

    const property = await addListing(world, 'dear');
    world.simulator.fail('fema-flood', 'http_500');
    await world.lifecycles.start(property);
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'scored' });
    expect(await confidenceOf(property.propertyId)).toBeLessThan(await confidenceOf(whole.propertyId));
    const jobs = await world.query<{ status: string; error: string; data_sources_used: string[] }>(
      'select status, error, data_sources_used from enrichment_jobs where property_id = $1',
      [property.propertyId],
    );
    expect(jobs).toMatchObject([{ status: 'success', error: expect.stringContaining('fema-flood') }]);
    const [event] = await world.query<{ payload: { problem: string } }>(
      `select payload from event_log where property_id = $1 and event_type = 'property.enriched'`,
      [property.propertyId],
    );
    expect(event!.payload.problem).toContain('fema-flood');
  });

  test('one that comes back within the window loses nothing, and the others are asked once', async () => {
    const property = await addListing(world, 'dear');
    world.simulator.fail('fema-flood', 'http_500', 1);
    const before = world.simulator.ledger.length;
    await world.lifecycles.start(property);
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'scored' });
    const asked = world.simulator.ledger.slice(before);
    expect(asked.filter(({ provider }) => provider === 'fema-flood').map(({ status }) => status)).toEqual([500, 200]);
    expect(asked.filter(({ provider }) => provider === 'census-geocoder')).toHaveLength(1);
    const jobs = await world.query('select error from enrichment_jobs where property_id = $1', [property.propertyId]);
    expect(jobs).toEqual([{ error: null }]);
  });

  test('a person who ends it while providers are down has the last word', async () => {
    const property = await addListing(world, 'dear');
    failAll();
    await world.lifecycles.start(property);
    await eventually(
      async () => world.simulator.ledger.at(-1)?.failure,
      (failure) => failure === 'down',
    );
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'suppress', { reason: 'the owner asked' });
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'suppressed' });
    expect((await readRow(world, property.propertyId)).status).toBe('suppressed');
  });
});

describe('failures that waiting cannot heal', () => {
  test('a broken memo template fails at once at its stage, and is resumed at that stage', async () => {
    await addBuyer(world);
    const property = await addListing(world, 'bargain');
    const { renderMemo } = world.deps;
    let rendered = 0;
    world.deps.renderMemo = async () => {
      rendered += 1;
      throw new ReosError('template', 'config/templates/investor-memo.mjml:12: <mj-text> is not closed.');
    };
    await world.lifecycles.start(property);
    await expect(handleOf(world, property).result()).rejects.toThrow(WorkflowFailedError);
    expect(rendered).toBe(1);
    expect(await readRow(world, property.propertyId)).toMatchObject({
      status: 'failed',
      failed_stage: 'memo',
      failure_reason: 'config/templates/investor-memo.mjml:12: <mj-text> is not closed.',
    });

    world.deps.renderMemo = renderMemo;
    const calls = world.simulator.ledger.length;
    await world.lifecycles.signal(world.tenantId, property.propertyId, 'resume', undefined);
    await eventually(
      () => readRow(world, property.propertyId),
      ({ status }) => status === 'contacted',
    );
    expect(world.simulator.ledger).toHaveLength(calls);
    const events = await readEvents(world, property.propertyId);
    expect(events.filter((type) => type === 'property.enriched' || type === 'property.scored')).toHaveLength(2);
  });

  test('a passing failure of rendering is tried again', async () => {
    const property = await addListing(world, 'fair');
    const { renderMemo } = world.deps;
    let rendered = 0;
    world.deps.renderMemo = (input) => {
      rendered += 1;
      if (rendered === 1) throw new ReosError('transient', 'The browser ended while it printed.');
      return renderMemo(input);
    };
    await world.lifecycles.start(property);
    expect(await handleOf(world, property).result()).toMatchObject({ status: 'packet_ready' });
    world.deps.renderMemo = renderMemo;
    expect(rendered).toBe(2);
  });

  test('an update that waits for a stage that fails is told the reason', async () => {
    const property = await addListing(world, 'fair');
    await world.lifecycles.start(property);
    await handleOf(world, property).result();
    const { renderMemo } = world.deps;
    world.deps.renderMemo = async () => {
      throw new ReosError('template', 'The template is broken.');
    };
    const update = world.lifecycles.update(property, 'reMemo');
    await expect(update).rejects.toMatchObject({ cause: { message: 'The template is broken.' } });
    world.deps.renderMemo = renderMemo;
    expect(await readRow(world, property.propertyId)).toMatchObject({ status: 'failed', failed_stage: 'memo' });
  });
});
