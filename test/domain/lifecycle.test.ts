import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isForward,
  type LifecycleState,
  nextWork,
  type PropertyStatus,
  STAGES,
  STATUS_AFTER,
  STATUS_BEFORE,
  STATUSES,
  type Stage,
} from '../../src/domain/lifecycle.ts';

const state = (more: Partial<LifecycleState> = {}): LifecycleState => ({
  status: 'ready',
  failedStage: null,
  reason: null,
  isPaused: false,
  needsReview: false,
  county: 'king-wa',
  apn: null,
  source: null,
  birdDogScore: null,
  rescoreRequested: false,
  memoThreshold: 50,
  outreachThreshold: 60,
  memoPath: null,
  memoIsCurrent: false,
  inFlight: 0,
  sendsDueInMs: null,
  campaignId: null,
  retryWindowMs: 1,
  waitMs: 1,
  ...more,
});
const none: ReadonlySet<Stage> = new Set();

describe('nextWork', () => {
  it.each([
    [{ status: 'new' }, 'enrich'],
    [{ status: 'ready' }, 'enrich'],
    [{ status: 'enriched' }, 'score'],
    [{ status: 'scored', birdDogScore: 49.9 }, null],
    [{ status: 'scored', birdDogScore: 50 }, 'memo'],
    [{ status: 'scored', birdDogScore: 80, rescoreRequested: true }, 'score'],
    [{ status: 'packet_ready', birdDogScore: 59.9, memoIsCurrent: true }, null],
    [{ status: 'packet_ready', birdDogScore: 60, memoIsCurrent: true }, 'outreach'],
    [{ status: 'packet_ready', birdDogScore: 60, memoIsCurrent: false }, 'memo'],
    [{ status: 'packet_ready', birdDogScore: 40, memoIsCurrent: false }, null],
    [{ status: 'contacted', birdDogScore: 90 }, null],
    [{ status: 'contacted', rescoreRequested: true }, 'score'],
    [{ status: 'engaged' }, null],
    [{ status: 'closed', rescoreRequested: true }, null],
    [{ status: 'failed', failedStage: 'score' }, null],
    [{ status: 'suppressed' }, null],
  ] as const)('%j → %s', (more, stage) => {
    expect(nextWork(state(more), none)).toBe(stage);
  });

  it('never asks for a stage that this run has tried', () => {
    const any = fc.record({
      status: fc.constantFrom(...STATUSES),
      birdDogScore: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      rescoreRequested: fc.boolean(),
      memoIsCurrent: fc.boolean(),
    });
    fc.assert(
      fc.property(any, fc.subarray([...STAGES]), (more, tried) => {
        const next = nextWork(state(more), new Set(tried));
        if (next !== null) expect(tried).not.toContain(next);
      }),
    );
  });

  it('comes to an end from every state when each stage is done once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STATUSES), fc.double({ min: 0, max: 100, noNaN: true }), (status, score) => {
        let now = state({ status, birdDogScore: score });
        const tried = new Set<Stage>();
        for (let steps = 0; ; steps += 1) {
          const stage = nextWork(now, tried);
          if (stage === null) return;
          expect(steps).toBeLessThan(STAGES.length);
          tried.add(stage);
          const to = STATUS_AFTER[stage];
          now = {
            ...now,
            status: isForward(now.status, to) ? to : now.status,
            memoIsCurrent: stage === 'memo' || now.memoIsCurrent,
          };
        }
      }),
    );
  });
});

describe('statuses', () => {
  it('move forward only, and not out of failed or suppressed', () => {
    const order: PropertyStatus[] = [
      'new',
      'ready',
      'enriched',
      'scored',
      'packet_ready',
      'contacted',
      'engaged',
      'closed',
    ];
    order.forEach((from, i) => {
      order.forEach((to, j) => {
        expect(isForward(from, to)).toBe(j >= i);
      });
    });
    for (const end of ['failed', 'suppressed'] as const) for (const to of order) expect(isForward(end, to)).toBe(false);
  });

  it('resume right before the stage that failed', () => {
    for (const stage of STAGES) {
      const resumed = state({ status: STATUS_BEFORE[stage], birdDogScore: 99, memoIsCurrent: true });
      expect(nextWork(resumed, none)).toBe(stage);
    }
  });
});
