import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOutreachChaos } from './outreach.ts';
import { CHAOS_FAULTS } from './outreach-chance.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

// No second try: one duplicate is one too many.
describe('300 sends through a faulty provider, with senders killed and stopped', { retry: 0 }, () => {
  it('sends none twice and loses none', async () => {
    const result = await runOutreachChaos(database, {
      sends: 300,
      seed: 7,
      kills: 12,
      senders: 3,
      stops: 2,
      shortestMs: 2_200,
      longestMs: 3_000,
      limitMs: 200_000,
    });
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ sends: 300, kills: 12, stops: 2, duplicates: 0, lost: 0 });
    expect(result.sent + result.error + result.unknown).toBe(300);
    expect(result.overslept).toBeGreaterThan(0);
    for (const fault of CHAOS_FAULTS) expect(result.faults[fault], fault).toBeGreaterThan(0);
    expect(result.sent).toBeGreaterThan(100);
    expect(result.error).toBeGreaterThan(0);
    // Each kind of fault after which nobody can know, and each kill in the middle of a send, ends as unknown.
    expect(result.unknown).toBeGreaterThanOrEqual(result.faults.accept_then_hang + result.faults.accept_then_502);
  }, 240_000);
});
