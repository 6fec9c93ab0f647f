import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../src/sdk/problem.ts';
import { auditWho, detailWords, resourceWords } from '../../src/web/screens/operations/audit.ts';
import { backfillSpan, localInput } from '../../src/web/screens/operations/backfill.ts';
import {
  dailySeries,
  forecastMonth,
  formatCost,
  lastDays,
  mainBudget,
} from '../../src/web/screens/operations/costs.ts';
import { cronWords } from '../../src/web/screens/operations/cron-words.ts';
import { readFailurePart, shortReference } from '../../src/web/screens/operations/failure-parts.ts';
import { adviceFor, COMPONENT_NAMES } from '../../src/web/screens/operations/health-advice.ts';
import { completenessBars, metricWords, providerTotals } from '../../src/web/screens/operations/quality.ts';
import { groupFailures, orderEach, type Progress } from '../../src/web/screens/operations/resume-all.ts';
import { formatDuration, readRunSearch } from '../../src/web/screens/operations/run-search.ts';
import { temporalLink } from '../../src/web/screens/operations/temporal-link.ts';

describe('cron fields in words', () => {
  it.each([
    ['*/5 * * * *', 'Every 5 minutes'],
    ['* * * * *', 'Every minute'],
    ['50 4 * * *', 'Daily at 04:50'],
    ['7 * * * *', 'Hourly at :07'],
    ['0 */6 * * *', 'Every 6 hours at :00'],
    ['0 3 * * 0', 'Sundays at 03:00'],
    ['0 3 * * 7', 'Sundays at 03:00'],
    ['30 6 * * 1-5', 'Weekdays at 06:30'],
    ['0 3 1 * *', 'On day 1 of each month at 03:00'],
    ['0 0 1 1 *', 'January 1 at 00:00'],
    ['0 0 1,15 * *', '0 0 1,15 * *'],
    ['@daily', '@daily'],
  ])('%s is %s', (cron, words) => expect(cronWords(cron)).toBe(words));
});

describe('backfills', () => {
  it('need a span in the past, in order', () => {
    const now = Date.parse('2026-03-10T12:00:00Z');
    expect(backfillSpan('', '2026-03-09T00:00', now)).toHaveProperty('error');
    expect(backfillSpan('2026-03-09T02:00', '2026-03-09T01:00', now)).toHaveProperty('error');
    expect(backfillSpan('2026-03-12T00:00', '2026-03-13T00:00', now)).toHaveProperty('error');
    const span = backfillSpan('2026-03-09T00:00Z', '2026-03-20T00:00Z', now);
    expect(span).toEqual({ body: { from: '2026-03-09T00:00:00.000Z', to: '2026-03-10T12:00:00.000Z' } });
  });
  it('begin with the moment that the field shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (moment) => {
        const minute = moment - (moment % 60_000);
        // Local times that a change of clocks repeats stand for two moments.
        expect([0, 3_600_000]).toContain(Math.abs(Date.parse(localInput(minute)) - minute));
      }),
    );
  });
});

describe('links to Temporal', () => {
  const ui = { temporal_ui_url: 'http://127.0.0.1:8233/', temporal_namespace: 'default' };
  it('name workflow and run', () => {
    expect(temporalLink(ui, { workflowId: 'property/a/b', runId: 'r' })).toBe(
      'http://127.0.0.1:8233/namespaces/default/workflows/property%2Fa%2Fb/r',
    );
    expect(temporalLink(ui, { workflowId: 'w' })).toBe('http://127.0.0.1:8233/namespaces/default/workflows/w');
  });
  it('are none without a UI, a workflow, or with an address that runs', () => {
    expect(temporalLink(undefined, { workflowId: 'w' })).toBeNull();
    expect(temporalLink({ ...ui, temporal_ui_url: null }, { workflowId: 'w' })).toBeNull();
    expect(temporalLink(ui, { workflowId: null })).toBeNull();
    expect(temporalLink({ ...ui, temporal_ui_url: 'javascript:alert(1)//' }, { workflowId: 'w' })).toBeNull();
  });
});

describe('runs', () => {
  it('are narrowed by the address, which may hold anything', () => {
    expect(readRunSearch({})).toEqual({ schedule: undefined, status: undefined, offset: 0, run: undefined });
    expect(readRunSearch({ schedule: 'a', status: 'failed', offset: '50', run: 'r' })).toEqual({
      schedule: 'a',
      status: 'failed',
      offset: 50,
      run: 'r',
    });
    expect(readRunSearch({ schedule: 7, status: 'none', offset: -1 })).toMatchObject({
      schedule: undefined,
      offset: 0,
    });
    expect(readRunSearch({ offset: 1e9 }).offset).toBe(2_000);
  });
  it('took so long', () => {
    expect([null, 0.07, 5.55, 59.9, 60, 250, 3_900, 7_200].map(formatDuration)).toEqual([
      '—',
      '0.1 s',
      '5.6 s',
      '60 s',
      '1 min',
      '4 min 10 s',
      '1 h 5 min',
      '2 h',
    ]);
  });
});

describe('resuming of many', () => {
  it('goes on after one that fails, and tells how far it is', async () => {
    const ids = Array.from({ length: 23 }, (_, at) => String(at));
    const seen: Progress[] = [];
    const order = async (id: string) => {
      if (id === '5' || id === '6') throw new Error(`no ${id}`);
    };
    const result = await orderEach(ids, order, (one) => seen.push(one), { wordsOf: (error) => String(error) });
    expect(result).toEqual({ done: 21, failed: 2, total: 23, firstError: 'Error: no 5' });
    expect(seen).toHaveLength(23);
  });
  it('waits where the server has had enough, and tries each again with the same key', async () => {
    const tried: string[] = [];
    const order = async (_: string, key: string) => {
      tried.push(key);
      if (tried.length > 1) return;
      const body = { title: '', status: 429, detail: 'enough', code: 'rate_limited', request_id: null };
      throw new ApiProblem(body, 3);
    };
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const result = await orderEach(['a'], order, () => undefined, { wordsOf: String, sleep });
    expect(result).toMatchObject({ done: 1, failed: 0 });
    expect([waits, new Set(tried).size]).toEqual([[3_000], 1]);
  });
  it('stops when it is told to', async () => {
    const end = new AbortController();
    const ids = Array.from({ length: 100 }, (_, at) => String(at));
    const order = async (id: string) => (id === '10' ? end.abort() : undefined);
    const result = await orderEach(ids, order, () => undefined, { signal: end.signal, wordsOf: String });
    expect(result.done).toBeLessThan(20);
  });
  it('groups what failed for the same reason, the most frequent first', () => {
    const row = (failed_stage: string | null, reason: string | null) => ({ failed_stage, reason });
    const groups = groupFailures([
      row('memo', 'disk full'),
      row('score', 'x'),
      row('memo', 'disk full'),
      row(null, null),
    ]);
    expect(groups.map(({ stage, reason, rows }) => [stage, reason, rows.length])).toEqual([
      ['memo', 'disk full', 2],
      ['score', 'x', 1],
      [null, null, 1],
    ]);
  });
  it('names refused rows in short', () => {
    expect(shortReference('http://a.example/homes/1?x=2')).toBe('/homes/1?x=2');
    expect(shortReference('http://a.example/')).toBe('http://a.example/');
    expect(shortReference('line 7')).toBe('line 7');
    expect(shortReference('parcel:12')).toBe('parcel:12');
  });
  it('reads the kind of failures in the address', () => {
    expect(['rows', 'imports', 'x', undefined].map(readFailurePart)).toEqual([
      'rows',
      'imports',
      'properties',
      'properties',
    ]);
  });
});

describe('costs', () => {
  const row = (day: string, cost: number, resource = 'twilio') => ({ day, resource, calls: 1, cost });

  it('keep the digits that matter', () => {
    expect([0, 0.0079, 0.5, 12.4, 1_204.4, null].map(formatCost)).toEqual([
      '$0',
      '$0.0079',
      '$0.50',
      '$12.40',
      '$1,204',
      '—',
    ]);
  });

  it('are forecast by the mean of the last seven whole days', () => {
    const days = lastDays('2026-03-10', 8);
    const rows = [...days.slice(0, 7).map((day) => row(day, 2)), row('2026-03-10', 1)];
    // March 3 to 9 at $2, today $1, and 21 days to come.
    expect(forecastMonth(rows, new Date('2026-03-10T12:00:00Z'))).toEqual({
      spent: 15,
      expected: 15 + 2 * 21,
      perDay: 2,
      days: 7,
      daysLeft: 21,
    });
  });
  it('are forecast from less when there is less, and not at all from nothing', () => {
    const now = new Date('2026-03-31T12:00:00Z');
    expect(forecastMonth([], now)).toBeNull();
    expect(forecastMonth([row('2026-03-30', 0)], now)).toBeNull();
    expect(forecastMonth([row('2026-03-31', 4)], now)).toMatchObject({ spent: 4, expected: 4, perDay: 4, days: 1 });
    expect(forecastMonth([row('2026-03-30', 4)], now)).toMatchObject({ perDay: 4, days: 1, daysLeft: 0 });
  });
  it('are never forecast below what was spent', () => {
    const day = fc.constantFrom(...lastDays('2026-03-10', 31));
    const costs = fc.array(
      fc.tuple(day, fc.float({ min: 0, max: 1e4, noNaN: true })).map(([at, cost]) => row(at, cost)),
    );
    fc.assert(
      fc.property(costs, (rows) => {
        const forecast = forecastMonth(rows, new Date('2026-03-10T12:00:00Z'));
        expect(forecast === null || forecast.expected >= forecast.spent).toBe(true);
      }),
    );
  });
  it('have one line a resource, 0 on days without, and the rest together', () => {
    const series = dailySeries([row('2026-03-10', 1, 'a'), row('2026-03-09', 5, 'b')], '2026-03-10', 3);
    expect(series).toEqual([
      {
        name: 'B',
        points: [
          { x: '2026-03-08', y: 0 },
          { x: '2026-03-09', y: 5 },
          { x: '2026-03-10', y: 0 },
        ],
      },
      {
        name: 'A',
        points: [
          { x: '2026-03-08', y: 0 },
          { x: '2026-03-09', y: 0 },
          { x: '2026-03-10', y: 1 },
        ],
      },
    ]);
    const many = Array.from({ length: 9 }, (_, at) => row('2026-03-10', at + 1, `r${at}`));
    expect(dailySeries(many, '2026-03-10', 1).map(({ name }) => name)).toEqual([
      'R8',
      'R7',
      'R6',
      'R5',
      'R4',
      '4 others',
    ]);
    expect(dailySeries(many, '2026-03-10', 1).at(-1)?.points).toEqual([{ x: '2026-03-10', y: 10 }]);
  });
  it('are held against the budget for everything, else the tightest', () => {
    const budget = (resource: string, period: string, limit: number, spent: number) => ({
      resource,
      period,
      limit,
      spent,
    });
    expect(mainBudget([])).toBeNull();
    expect(mainBudget([budget('a', 'day', 10, 9), budget('*', 'month', 100, 1)])).toMatchObject({ name: 'everything' });
    expect(mainBudget([budget('a', 'day', 10, 1), budget('b', 'month', 10, 9)])).toMatchObject({ name: 'B' });
  });
});

describe('quality', () => {
  it('shows the rarest fact first', () => {
    expect(completenessBars({ apn: { count: 2, percentage: 100 }, owner_name: { count: 1, percentage: 50 } })).toEqual([
      { name: 'Owner name', value: 0.5, tone: 'warn' },
      { name: 'Parcel number', value: 1, tone: 'good' },
    ]);
  });
  it('sums what providers answered', () => {
    const of = (answers: number, simulated: number) => ({ answers, simulated, expired: 0 }) as never;
    expect(providerTotals([of(3, 1), of(1, 1)])).toMatchObject({ answers: 4, simulatedShare: 0.5, expiredShare: 0 });
    expect(providerTotals([])).toMatchObject({ simulatedShare: null });
  });
  it('tells shares in percent and counts as they are', () => {
    expect([metricWords('valid_share', 1), metricWords('rows', 24), metricWords('x', 0.25)]).toEqual([
      '100.0%',
      '24',
      '25.0%',
    ]);
  });
  it('has advice for every part of the health check', () => {
    for (const name of Object.keys(COMPONENT_NAMES)) expect(adviceFor(name).next.length, name).toBeGreaterThan(10);
    expect(adviceFor('another').next).toContain('log');
  });
});

describe('the audit log', () => {
  it('names people where they are known, and keys and parts by kind', () => {
    const names = new Map([['u1', 'Ada']]);
    expect(auditWho({ actor_kind: 'user', actor_id: 'u1' }, names)).toBe('Ada');
    expect(auditWho({ actor_kind: 'user', actor_id: '12345678-9' }, names)).toBe('User 12345678');
    expect(auditWho({ actor_kind: 'api_key', actor_id: '12345678-9' }, names)).toBe('API key 12345678');
    expect(auditWho({ actor_kind: 'system', actor_id: 'outreach' }, names)).toBe('System: outreach');
  });
  it('tells details in a line', () => {
    expect(detailWords({ reason_code: 'x', nothing: null, more: { a: 1 } })).toBe('Reason code: x; More: a 1');
    expect(detailWords({ ids: {}, fields: ['property_ids', 'seen'], method: 'POST', path: '/api/v1/x' })).toBe(
      'Fields: property ids, seen',
    );
  });
  it('tells what was done in words, with what it was about', () => {
    expect(resourceWords('pingWebhook:1d06')).toEqual({ text: 'Ping webhook', id: '1d06' });
    expect(resourceWords('setBudget')).toEqual({ text: 'Set budget', id: null });
  });
});
