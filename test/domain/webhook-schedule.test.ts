import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeWebhookAnswer,
  nextWebhookAttempt,
  readRetryAfter,
  WEBHOOK_ATTEMPTS,
  WEBHOOK_PAUSES_SECONDS,
} from '../../src/domain/webhook-schedule.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('the schedule of attempts', () => {
  it('is eleven attempts over about a day', () => {
    expect(WEBHOOK_ATTEMPTS).toBe(11);
    const hours = WEBHOOK_PAUSES_SECONDS.reduce((sum, one) => sum + one, 0) / 3_600;
    expect(hours).toBeGreaterThan(23);
    expect(hours * 1.2).toBeLessThan(30);
  });

  it('pauses for the stated time, a fifth longer at most, and ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), random, (attempts, chance) => {
        const next = nextWebhookAttempt(attempts, NOW, chance);
        const pause = WEBHOOK_PAUSES_SECONDS[attempts - 1];
        if (pause === undefined) return next === null;
        const seconds = (next!.getTime() - NOW.getTime()) / 1_000;
        return seconds >= pause && seconds <= pause * 1.2 + 0.001;
      }),
    );
  });

  it('never pauses for a shorter time after more attempts', () => {
    for (let attempts = 1; attempts < WEBHOOK_PAUSES_SECONDS.length; attempts += 1) {
      const [now, later] = [attempts, attempts + 1].map((one) => nextWebhookAttempt(one, NOW, 0)!.getTime());
      expect(later).toBeGreaterThanOrEqual(now!);
    }
  });

  it('waits as long as the receiver asks, up to a day, and never longer than it must for nonsense', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: -1e9, max: 1e9 }), (attempts, asked) => {
        const seconds = (nextWebhookAttempt(attempts, NOW, 0, asked)!.getTime() - NOW.getTime()) / 1_000;
        return seconds === Math.max(WEBHOOK_PAUSES_SECONDS[attempts - 1]!, Math.min(asked, 86_400));
      }),
    );
  });
});

describe('Retry-After', () => {
  it('is read as seconds or as a date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), (seconds) => {
        const date = new Date(NOW.getTime() + seconds * 1_000).toUTCString();
        return readRetryAfter(String(seconds), NOW) === seconds && readRetryAfter(date, NOW) === seconds;
      }),
    );
    expect(readRetryAfter('Mon, 01 Jun 2026 11:00:00 GMT', NOW)).toBe(0);
  });

  it('is nothing when it is anything else', () => {
    for (const text of [undefined, '', 'soon', '-5', '1.5', '2027', '0x10', 'Infinity', 'Mon, nonsense']) {
      if (text === '2027') expect(readRetryAfter(text, NOW)).toBe(2_027);
      else expect(readRetryAfter(text, NOW), text).toBeNull();
    }
  });
});

it('an answer is taken, gone or a failure', () => {
  expect([200, 201, 204, 299].map(judgeWebhookAnswer)).toEqual(Array(4).fill('delivered'));
  expect([100, 199, 300, 302, 400, 404, 429, 500, 503].map(judgeWebhookAnswer)).toEqual(Array(9).fill('failed'));
  expect(judgeWebhookAnswer(410)).toBe('gone');
});
