import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEAL_COLUMNS, dealRow, isPropertyId, sumByMarket } from '../../src/web/screens/market/deal-sums.ts';
import { csvOf } from '../../src/web/screens/market/download.ts';
import {
  bySeverity,
  isShown,
  signedPercent,
  splitReason,
  stateOf,
  statesOf,
} from '../../src/web/screens/market/market-words.ts';
import { deedsOf, historyOf, orderPackets, readPacketOrder } from '../../src/web/screens/market/packet-order.ts';
import { forecastPoints, linesOf, marksOf, seasonOf, yearBeforeOf } from '../../src/web/screens/market/trend-series.ts';

describe('names of markets', () => {
  it('tell the state, where there is one', () => {
    expect(stateOf('Phoenix, AZ')).toBe('AZ');
    expect(stateOf('Seattle, WA metro area')).toBe('WA');
    expect(stateOf('98101')).toBeNull();
    expect(statesOf(['Tampa, FL', 'Orlando, FL', 'Boise, ID', 'United States'])).toEqual(['FL', 'ID']);
  });

  it('are narrowed by state and by words in any order', () => {
    expect(isShown('Salt Lake City, UT', '', 'city salt')).toBe(true);
    expect(isShown('Salt Lake City, UT', 'UT', '')).toBe(true);
    expect(isShown('Salt Lake City, UT', 'AZ', '')).toBe(false);
    expect(isShown('Salt Lake City, UT', '', 'salt pepper')).toBe(false);
  });
});

describe('words of the market', () => {
  it('a reason is its name and why', () => {
    expect(splitReason('Price trend: prices are 3.0% below: well')).toEqual({
      name: 'Price trend',
      why: 'Prices are 3.0% below: well',
    });
    expect(splitReason('no colon')).toEqual({ name: 'no colon', why: '' });
  });

  it('changes have their sign, and none when nothing changed', () => {
    expect(signedPercent(0.0237)).toBe('+2.4%');
    expect(signedPercent(-0.003)).toBe('−0.3%');
    expect(signedPercent(-0.00001)).toBe('0.0%');
    expect(signedPercent(null)).toBe('—');
  });
});

describe('decisions', () => {
  const packet = (id: string, severity: string, expected: number | null, expires = '2026-01-02') => ({
    id,
    severity,
    expires_at: expires,
    updated_at: `2026-01-0${id}`,
    impact: expected === null ? null : { expected },
  });
  const packets = [
    packet('1', 'LOW', -9_000, '2026-01-01'),
    packet('2', 'CRITICAL', 10),
    packet('3', 'HIGH', null),
    packet('4', 'CRITICAL', -500),
  ];
  const ids = (order: string | undefined) => orderPackets(packets, readPacketOrder(order)).map(({ id }) => id);

  it('are put in order by severity, money, expiry or change', () => {
    expect(ids(undefined)).toEqual(['4', '2', '3', '1']);
    expect(ids('impact')).toEqual(['1', '4', '2', '3']);
    expect(ids('expiry')).toEqual(['1', '4', '2', '3']);
    expect(ids('changed')).toEqual(['4', '3', '2', '1']);
    expect(ids('nonsense')).toEqual(ids('severity'));
    expect(['LOW', 'odd', 'HIGH'].sort(bySeverity)).toEqual(['HIGH', 'LOW', 'odd']);
  });

  it('may be decided while open, and taken back once decided', () => {
    expect(deedsOf('open')).toEqual({ accept: true, reject: true, close: true, reopen: false });
    expect(deedsOf('rejected')).toEqual({ accept: false, reject: false, close: false, reopen: true });
    expect(Object.values(deedsOf('expired'))).not.toContain(true);
  });

  it('tell what happened to them', () => {
    const told = historyOf({
      status: 'rejected',
      status_reason: 'too costly',
      first_seen: '2026-01-01',
      last_seen: '2026-01-03',
      times_seen: 3,
      escalated_at: '2026-01-02T06:00:00Z',
      expires_at: '2026-02-01T00:00:00Z',
      updated_at: '2026-01-04T09:00:00Z',
    });
    expect(told.map(({ what }) => what)).toEqual([
      'Found for the first time',
      'Became worse',
      'Found again, on 3 days in all',
      'Rejected: too costly',
    ]);
  });
});

describe('a trend', () => {
  const weeks = Array.from({ length: 60 }, (_, at) => {
    const day = new Date(Date.UTC(2025, 0, 6 + 7 * at));
    return { period: day.toISOString().slice(0, 10), value: 100 + at };
  });

  it('has the same period of the year before beside it', () => {
    expect(yearBeforeOf('2026-01-05', 'week')).toBe('2025-01-06');
    expect(yearBeforeOf('2026-03-01', 'month')).toBe('2025-03-01');
    const season = seasonOf(weeks, 'week');
    expect(season).toHaveLength(8);
    expect(season[0]).toEqual({ x: weeks[52]?.period, y: 100 });
  });

  it('goes on as a forecast from its last value', () => {
    const forecast = [{ period: '2026-03-02', value: 5, low: 4, high: 7 }];
    expect(forecastPoints(weeks.slice(-1), forecast)).toEqual([
      { x: weeks[59]?.period, y: 159, low: 159, high: 159 },
      { x: '2026-03-02', y: 5, low: 4, high: 7 },
    ]);
    expect(linesOf('Price', weeks, { grain: 'week', shown: 10, forecast }).map(({ name }) => name)).toEqual([
      'Price',
      'A year before',
      'Forecast',
    ]);
    expect(linesOf('Price', weeks.slice(0, 5), { grain: 'week', shown: 10 }).map(({ name }) => name)).toEqual([
      'Price',
    ]);
  });

  it('marks what stood out of the figure that is shown', () => {
    const one = { direction: 'up' as const, severity: 'HIGH', period: '2026-01-05', change: 0.5, label: 'Homes' };
    const marks = marksOf(
      [
        { ...one, metric: 'inventory_count' },
        { ...one, metric: 'homes_sold' },
      ],
      'inventory_count',
      '2025-01-01',
    );
    expect(marks).toEqual([{ x: '2026-01-05', tone: 'bad', text: 'high anomaly: 50% above what was expected' }]);
  });
});

describe('deals as a file', () => {
  it('name a property here by its id, or else by whatever a feed calls it', () => {
    expect(isPropertyId('949c09a1-48cd-5a9c-ad41-cadf0b093232')).toBe(true);
    expect(isPropertyId('9000002435')).toBe(false);
    expect(isPropertyId('H12-949c09a1-48cd-5a9c-ad41-cadf0b093232')).toBe(false);
  });

  it('are summed by market, the most first', () => {
    const deal = (market: string, margin: number) => ({ market, risk_adjusted_margin: margin });
    expect(sumByMarket([deal('a', 5), deal('b', 7), deal('a', 4)])).toEqual([
      { market: 'a', margin: 9, homes: 2 },
      { market: 'b', margin: 7, homes: 1 },
    ]);
  });

  it('have every column, and lists as one cell', () => {
    const deal = Object.fromEntries(DEAL_COLUMNS.map((column) => [column, column === 'reasons' ? ['a', 'b'] : 1]));
    const row = dealRow(deal as never);
    expect(row).toHaveLength(DEAL_COLUMNS.length);
    expect(row.at(-1)).toBe('a; b');
  });

  it('are quoted where needed, and no text becomes a formula', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['x,"y"', -3],
          ['=1+1', null],
        ],
      ),
    ).toBe('a,b\r\n"x,""y""",-3\r\n\'=1+1,\r\n');
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [, line = ''] = csvOf(['a'], [[text]]).split(/\r\n(.*)/s);
        expect(/^"?[=+@]/.test(line)).toBe(false);
      }),
    );
  });
});
