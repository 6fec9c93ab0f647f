import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { FakePost, Fault } from '../support/fake-sendgrid.ts';
import { CHAOS_FAULTS, faultOf, moments, uuidOf } from './outreach-chance.ts';
import { reckon } from './outreach-reckoning.ts';

interface Book {
  status: string;
  events?: number;
  ok?: number;
  open?: number;
}

/** A reckoning over the product's book and the provider's posts; every fault fires on a send of its own beside them. */
async function reckoned(
  book: Record<string, Book>,
  posts: [id: string, fault: Fault, at?: number][],
  absent: string[] = [],
) {
  const all = [...CHAOS_FAULTS.map((fault): [string, Fault] => [`own-${fault}`, fault]), ...posts].map(
    ([sendId, fault, at = 0]) => ({ sendId, fault, at }) as FakePost,
  );
  const rest = Object.fromEntries(CHAOS_FAULTS.map((fault): [string, Book] => [`own-${fault}`, { status: 'unknown' }]));
  const rows = Object.entries({ ...rest, ...book }).map(([send_id, row]) => ({
    send_id,
    events: row.status === 'sent' ? 1 : 0,
    ok: row.status === 'sent' ? 1 : 0,
    open: 0,
    ...row,
  }));
  const accepted = all
    .filter(({ fault }) => fault === 'none' || fault.startsWith('accept'))
    .map(({ sendId }) => sendId);
  return reckon(
    { query: async () => ({ rows }) } as unknown as pg.Pool,
    { tenantId: 't', sendIds: [...rows.map((row) => row.send_id), ...absent] },
    { url: '', accepted, posts: all, close: async () => undefined },
    1,
  );
}

describe('the reckoning of a run', () => {
  it('finds nothing wrong where each accepted send is sent or unknown and the rest has an end', async () => {
    const result = await reckoned(
      { a: { status: 'sent' }, b: { status: 'unknown' }, c: { status: 'error' }, d: { status: 'unknown' } },
      [
        ['a', 'none'],
        ['b', 'accept_then_hang'],
        ['c', 'refuse'],
      ],
    );
    expect(result).toMatchObject({ duplicates: 0, lost: 0, sent: 1, error: 1, problems: [] });
  });

  it.each<[string, Record<string, Book>, [string, Fault, number?][], string]>([
    [
      'a second copy',
      { a: { status: 'sent' } },
      [
        ['a', 'accept_then_502'],
        ['a', 'none'],
      ],
      '1 message(s) left twice.',
    ],
    ['an accepted one called error', { a: { status: 'error' } }, [['a', 'none']], '1 send(s) lost, such as a (error).'],
    ['one that stays in sending', { a: { status: 'sending' } }, [], '1 send(s) lost, such as a (sending).'],
    ['a claim', { a: { status: 'sent' } }, [], '1 send(s) are sent that the provider never took.'],
    [
      'two events',
      { a: { status: 'sent', events: 2 } },
      [['a', 'none']],
      '1 sent one(s) without exactly one event of it.',
    ],
    [
      'a cost left open',
      { a: { status: 'unknown', open: 1 } },
      [],
      '1 send(s) with an open reservation in the cost ledger.',
    ],
    [
      'a hurry',
      { a: { status: 'unknown' } },
      [
        ['a', 'slow_down', 5_000],
        ['a', 'reset', 5_900],
      ],
      '1 post(s) before the wait that a 429 asked for was over.',
    ],
  ])('tells %s', async (_name, book, posts, problem) => {
    expect((await reckoned(book, posts)).problems).toEqual([problem]);
  });

  it('tells a planned send that is absent', async () => {
    const result = await reckoned({}, [], ['gone']);
    expect(result.lost).toBe(1);
    expect(result.problems).toEqual(expect.arrayContaining(['1 send(s) lost, such as gone (absent).']));
  });

  it('fails a run whose faults never fired', async () => {
    const result = await reckon(
      { query: async () => ({ rows: [] }) } as unknown as pg.Pool,
      { tenantId: 't', sendIds: [] },
      { url: '', accepted: [], posts: [], close: async () => undefined },
      1,
    );
    expect(result.problems).toEqual(CHAOS_FAULTS.map((fault) => `The fault ${fault} never fired.`));
  });
});

describe('the chance of a run', () => {
  it('is the same for the same seed, and as frequent as stated', () => {
    const ids = Array.from({ length: 4_000 }, (_, n) => uuidOf(`send ${n}`));
    const faults = ids.map((id) => faultOf(7, id, 0));
    expect(ids.map((id) => faultOf(7, id, 0))).toEqual(faults);
    const share = (fault: Fault) => faults.filter((each) => each === fault).length / ids.length;
    expect(share('slow_down')).toBeCloseTo(0.1, 1.5);
    expect(share('server_error')).toBeCloseTo(0.05, 1.7);
    expect(share('accept_then_hang')).toBeCloseTo(0.03, 1.8);
    expect(ids.map((id) => faultOf(8, id, 0))).not.toEqual(faults);
  });

  it('spreads the moments over the work, in order', () => {
    const at = moments(50, () => 0.5);
    expect(at).toHaveLength(50);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    expect(at.at(-1)).toBeLessThan(0.97);
  });
});
