import { describe, expect, it } from 'vitest';
import { addCounts, METRICS, measure, type OutreachCounts } from '../../../src/domain/outreach/metrics.ts';

const counts: OutreachCounts = {
  planned: 30,
  held: 2,
  failed: 1,
  unknown: 1,
  sent: 20,
  delivered: 16,
  opened: 8,
  machineOpened: 4,
  clicked: 2,
  bouncedHard: 1,
  bouncedSoft: 3,
  replied: 2,
  answered: 3,
  unsubscribed: 1,
  complained: 0,
  costMicros: 2_000,
};

describe('metrics', () => {
  it('are what their definitions say', () => {
    expect(measure(counts)).toMatchObject({
      sent: 20,
      errors: 1,
      delivered_rate: 0.8,
      open_rate: 0.5,
      machine_open_rate: 0.25,
      hard_bounce_rate: 0.05,
      reply_rate: 0.125,
      complaint_rate: 0,
      cost: 0.002,
      cost_per_reply: 0.001,
    });
    expect(Object.keys(measure(counts))).toEqual(METRICS.map(({ name }) => name));
  });

  it('are null, not zero, where there is nothing to divide by', () => {
    const none = measure(addCounts([]));
    expect(none).toMatchObject({ sent: 0, open_rate: null, cost_per_reply: null });
  });

  it('of groups together rest on the sums, not on means of shares', () => {
    const both = measure(addCounts([counts, { ...counts, delivered: 4, opened: 4 }]));
    expect(both).toMatchObject({ sent: 40, open_rate: 0.6 });
  });
});
