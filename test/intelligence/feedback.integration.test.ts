import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollBackWeights } from '../../src/db/queries/market-feedback.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { calibrated } from '../../src/domain/market/calibration.ts';
import { createRandom } from '../../src/domain/valuation/random.ts';
import { postgresFeedback, readWeights } from '../../src/intelligence/feedback-store.ts';
import { runTool } from '../../src/intelligence/registry.ts';
import { postgresWarehouse } from '../../src/intelligence/warehouses/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const NOW = new Date('2026-03-10T12:00:00Z');

const ask = (name: string, input: object, tenantId = database.tenantId) =>
  withTenant(database.db, tenantId, async (trx) => {
    const context = { warehouse: postgresWarehouse(trx), now: NOW, weights: await readWeights(trx) };
    return runTool({ ...context, feedback: postgresFeedback(trx) }, name, input) as Promise<Record<string, unknown>>;
  });
const weights = () => withTenant(database.db, database.tenantId, readWeights);

describe('feedback', () => {
  it('keeps a recommendation once, and what came of it', async () => {
    const id = '22222222-2222-4222-8222-222222222222';
    const made = { id, tool: 'get_top_deals', recommendation: 'Buy', predicted_probability: 0.9, predicted_value: 110 };
    await ask('log_recommendation', made);
    expect(await ask('log_recommendation', { ...made, recommendation: 'Another' })).toMatchObject({
      id,
      recommendation: 'Buy',
      outcome: null,
    });
    expect(await ask('record_outcome', { id, action_taken: 'accepted' })).toMatchObject({
      action_taken: 'accepted',
      outcome_at: null,
    });
    const done = await ask('record_outcome', { id, outcome: true, actual_value: 100 });
    expect(done).toMatchObject({ action_taken: 'accepted', outcome: true, outcome_at: NOW.toISOString() });
    expect(done.prediction_accuracy).toBeCloseTo(0.9);
    await expect(ask('record_outcome', { id })).rejects.toThrow(/at least one of/);
  });

  it('is not another tenant’s', async () => {
    const [other] = await database.query<{ id: string }>(
      `insert into tenants (slug, name) values ('other', 'Other') returning id`,
    );
    const made = await ask('log_recommendation', { tool: 't', recommendation: 'r', predicted_probability: 0.5 });
    await expect(ask('record_outcome', { id: made.id, outcome: true }, other!.id)).rejects.toThrow(/There is no/);
    expect(await ask('recalibrate_confidence', {}, other!.id)).toMatchObject({ outcomes: 0, is_active: false });
  });

  it('moves the confidence of a tool that was too sure, uses it at once, and can be rolled back', async () => {
    const random = createRandom(7);
    await database.query(
      `insert into mart.feedback_log (tenant_id, tool, recommendation, predicted_probability, outcome, recommended_at)
       select $1, 'sure_tool', 'r', 0.9, o, now() - interval '1 day' from unnest($2::boolean[]) o`,
      [database.tenantId, Array.from({ length: 200 }, () => random.unit() < 0.6)],
    );
    const dry = await ask('recalibrate_confidence', { dry_run: true });
    expect(dry).toMatchObject({ version: null, is_active: false });
    expect((await weights()).version).toBe(0);
    const done = await ask('recalibrate_confidence', {});
    expect(done).toMatchObject({ version: 1, is_active: true });
    expect(Number(done.brier_after)).toBeLessThan(Number(done.brier_before));
    const worth = calibrated(await weights(), 'sure_tool', 0.9);
    expect(worth).toBeGreaterThan(0.5);
    expect(worth).toBeLessThan(0.75);
    await withTenant(database.db, database.tenantId, rollBackWeights);
    expect((await weights()).version).toBe(0);
    await expect(withTenant(database.db, database.tenantId, rollBackWeights)).rejects.toThrow(/nothing to roll back/);
  });
});
