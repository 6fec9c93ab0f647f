import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../src/sdk/problem.ts';
import { placeName, placeOf } from '../../src/web/lib/names.ts';
import { chunked, joinCsv, runBulk, waitingWords, waitSecondsOf } from '../../src/web/screens/properties/bulk.ts';
import { bandWords, byPrice, chipsOf, rangeWords } from '../../src/web/screens/properties/filter-words.ts';
import {
  factsOf,
  intervalOf,
  nameOf,
  priceGap,
  shortAgo,
  shortFactsOf,
} from '../../src/web/screens/properties/row-words.ts';
import {
  bandPrices,
  changed,
  countFilters,
  filterKey,
  isOnlySaved,
  type ListState,
  RANGES,
  readParams,
  SORTS,
  STATUSES,
  savedFilter,
  writeParams,
} from '../../src/web/screens/properties/search-params.ts';

const words = (most: number) =>
  fc
    .string({ minLength: 1, maxLength: most })
    .filter((text) => text.trim() !== '')
    .map((text) => text.trim());
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const filter = fc
  .record({
    q: maybe(words(300)),
    location: maybe(words(100)),
    county: maybe(fc.stringMatching(/^\d{5}$/)),
    city: maybe(words(100)),
    zip_code: maybe(words(20)),
    status: maybe(fc.constantFrom(...STATUSES)),
    tags: maybe(fc.array(fc.uuid(), { minLength: 1, maxLength: 4 }).map((ids) => ids.join(','))),
    needs_review: maybe(fc.constant('true')),
    assigned_to: maybe(fc.uuid()),
    unseen_by: maybe(fc.uuid()),
    bbox: maybe(fc.constantFrom('-122.5,47.1,-121,47.8', '0,0,1,1')),
    ...Object.fromEntries(
      RANGES.flatMap(({ key, most }) => [
        [`min_${key}`, maybe(fc.nat(Math.min(most, 1e9)))],
        [`max_${key}`, maybe(fc.nat(Math.min(most, 1e9)))],
      ]),
    ),
  })
  .map((record) => changed({}, record));
const state: fc.Arbitrary<ListState> = fc
  .record({
    filter,
    sort: fc.constantFrom(...SORTS.map(({ value }) => value)),
    view: fc.constantFrom('both', 'list', 'map'),
    meaning: maybe(words(500)),
    property: maybe(fc.uuid()),
    saved: maybe(fc.uuid()),
  })
  .map(
    (one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as unknown as ListState,
  );

describe('the address of the list', () => {
  it('brings every state back', () => {
    fc.assert(
      fc.property(state, (one) => {
        expect(readParams(writeParams(one))).toEqual(one);
      }),
    );
  });

  it('brings it back as text, too, as an address typed by hand holds it', () => {
    fc.assert(
      fc.property(state, (one) => {
        const typed = Object.fromEntries(
          Object.entries(writeParams(one)).map(([name, value]) => [name, String(value)]),
        );
        expect(readParams(typed)).toEqual(one);
      }),
    );
  });

  it('never fails, whatever an address holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('q', 'status', 'min_price', 'bbox', 'sort', 'tags', 'view'), fc.anything()),
        (any) => {
          const read = readParams(any);
          expect(SORTS.map(({ value }) => value)).toContain(read.sort);
          expect(readParams(writeParams(read))).toEqual(read);
        },
      ),
    );
  });

  it('leaves out what is not understood, and what is as it would be anyway', () => {
    const read = readParams({
      status: 'gone',
      min_score: 'x',
      max_score: 101,
      county: 'King',
      sort: 'owner',
      bbox: '1,2',
    });
    expect(read).toEqual({ filter: {}, sort: '-bird_dog_score', view: 'both' });
    expect(writeParams(read)).toEqual({});
    expect(readParams({ zip_code: 98053, min_price: '250000' }).filter).toEqual({
      zip_code: '98053',
      min_price: 250_000,
    });
  });

  it('keeps the part that is looked at beside its property, and not without one', () => {
    const property = '0195b9a0-0000-7000-8000-000000000001';
    expect(readParams({ property, at: 'memo' }).at).toBe('memo');
    expect(writeParams({ filter: {}, sort: '-bird_dog_score', view: 'both', at: 'memo' })).toEqual({});
    expect(readParams({ property, at: '<script>' }).at).toBeUndefined();
  });

  it('knows a saved search by its id alone, and what is kept of a list', () => {
    const saved = '0195b9a0-0000-7000-8000-000000000002';
    expect(isOnlySaved(readParams({ saved }))).toBe(true);
    expect(isOnlySaved(readParams({ saved, q: 'garden' }))).toBe(false);
    const kept = savedFilter(readParams({ q: 'garden', sort: '-updated_at', meaning: 'quiet' }));
    expect(readParams(kept)).toMatchObject({ filter: { q: 'garden' }, sort: '-updated_at', meaning: 'quiet' });
  });

  it('has one key for filters that mean the same', () => {
    expect(filterKey({ q: 'a', city: 'B', zip_code: '' })).toBe(filterKey({ city: 'B', q: 'a', state: undefined }));
    expect(filterKey({ q: 'a' })).not.toBe(filterKey({ city: 'a' }));
    expect(countFilters({ min_price: 1, max_price: 2, q: 'x', state: '' })).toBe(2);
  });
});

describe('filters in words', () => {
  const names = { county: () => 'King County', tag: (id: string) => id.slice(0, 2) };

  it('can each be taken away', () => {
    fc.assert(
      fc.property(filter, (one) => {
        let left = one;
        // Every step takes a part away, so that there are at most as many as there are names and tags.
        for (let [first] = chipsOf(left, names); first !== undefined; [first] = chipsOf(left, names)) {
          const next = changed(left, first.without);
          expect(next).not.toEqual(left);
          left = next;
        }
        expect(left).toEqual({});
      }),
    );
  });

  it('are short', () => {
    expect(rangeWords('price', 250_000, 500_000)).toBe('$250K–$500K');
    expect(rangeWords('bedrooms', 3, undefined)).toBe('at least 3');
    expect(rangeWords('year', undefined, 1990)).toBe('up to 1990');
    const bands = byPrice([{ value: 'none' }, { value: '1000000-' }, { value: '0-250000' }]);
    expect(bands.map(({ value }) => value)).toEqual(['0-250000', '1000000-', 'none']);
    expect(bandWords('none')).toBe('No list price');
    expect(bandWords('0-250000')).toBe('Below $250K');
    expect(bandWords('1000000-')).toBe('$1M and more');
    expect(placeName("COEUR D'ALENE")).toBe("Coeur D'Alene");
    expect(placeName('Des Moines')).toBe('Des Moines');
  });

  it('hold the prices of a band, but not those of the next', () => {
    expect(bandPrices('250000-500000')).toEqual({ min_price: 250_000, max_price: 499_999 });
    expect(bandPrices('0-250000')).toEqual({ min_price: undefined, max_price: 249_999 });
    expect(bandPrices('1000000-')).toEqual({ min_price: 1_000_000, max_price: undefined });
    expect(bandPrices('none')).toBeNull();
  });
});

describe('a row', () => {
  it('is called by its address, else by its parcel number', () => {
    expect(nameOf({ address: '1 Lake St', unit: '#2', apn: '9' })).toBe('1 Lake St, #2');
    expect(nameOf({ address: null, unit: null, apn: '0203' })).toBe('Parcel 0203');
    expect(nameOf({ address: '', unit: null, apn: null })).toContain('No address');
    expect(placeOf({ city: 'CARNATION', state: 'WA', zip_code: '98053' })).toBe('Carnation, WA 98053');
    expect(factsOf({ bedrooms: 3, bathrooms: null, sqft: 1720, year_built: 1978 })).toBe('3 bd · 1,720 sq ft · 1978');
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(shortAgo('2026-01-01T07:00:00Z', now)).toBe('17 h ago');
    expect(shortAgo('2026-01-01T23:57:00Z', now)).toBe('3 min ago');
    expect(shortAgo('2026-01-01T00:00:00Z', now)).toBe('yesterday');
    expect(shortFactsOf({ bedrooms: 3, bathrooms: 1.75, sqft: 1720 })).toBe('3 bd 1.75 ba 1,720 sf');
  });

  it('shows how wide its value is', () => {
    const value = { estimated_value: 400_000, value_low: 340_000, value_high: 460_000 };
    expect(intervalOf(value)).toEqual({ text: '$340K–$460K', halfWidth: 0.15 });
    expect(intervalOf({ ...value, value_low: null })).toBeNull();
    expect(intervalOf({ ...value, estimated_value: 0 })).toBeNull();
    expect(priceGap({ list_price: 300_000, estimated_value: 400_000 })).toBe(-0.25);
    expect(priceGap({ list_price: null, estimated_value: 400_000 })).toBeNull();
  });
});

const problem = (status: number, seconds?: number) =>
  new ApiProblem({ title: '', status, detail: 'x', code: 'transient', request_id: null }, seconds);

describe('one thing done to many', () => {
  it('does each once, and tells which failed and why', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => String(index));
    const seen: string[] = [];
    const steps: number[] = [];
    const work = async (id: string) => {
      seen.push(id);
      await Promise.resolve();
      if (id.endsWith('3')) throw new Error(`no ${id}`);
    };
    const result = await runBulk(ids, work, { onProgress: ({ done }) => steps.push(done) });
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(result.failures.map(({ id }) => id).toSorted()).toEqual(['13', '23', '3']);
    expect(result.succeeded).toHaveLength(22);
    expect(steps.at(-1)).toBe(25);
  });

  it('begins no further one after a cancel', async () => {
    const end = new AbortController();
    const result = await runBulk(
      ['a', 'b', 'c', 'd'],
      async (id) => {
        if (id === 'b') end.abort();
      },
      { width: 1, signal: end.signal },
    );
    expect(result).toMatchObject({ done: 2, succeeded: ['a', 'b'], left: ['c', 'd'] });
  });

  it('waits when the server has had enough, but not for ever', async () => {
    const waits: number[] = [];
    let calls = 0;
    const busy = async () => {
      calls += 1;
      throw problem(429, 2);
    };
    const options = { waitSeconds: waitSecondsOf, sleep: async (ms: number) => void waits.push(ms) };
    const result = await runBulk(['a'], busy, options);
    expect([calls, waits.length, result.failures.length]).toEqual([6, 5, 1]);
    expect(waits[0]).toBe(2_000);
  });

  it('waits for a lost network and a session that is renewed, with one key for each, and says for what', async () => {
    const keys = new Map<string, Set<string>>();
    const errors = [new TypeError('Failed to fetch'), problem(401), new TypeError('Failed to fetch')];
    const waited: unknown[] = [];
    const work = async (id: string, key: string) => {
      keys.set(id, (keys.get(id) ?? new Set()).add(key));
      const error = id === 'b' ? errors.shift() : undefined;
      if (error !== undefined) throw error;
    };
    const onWaiting = (error: unknown) => waited.push(waitingWords(error));
    const options = { width: 1, waitSeconds: waitSecondsOf, onWaiting, sleep: async () => undefined };
    const result = await runBulk(['a', 'b', 'c'], work, options);
    expect(result).toMatchObject({ succeeded: ['a', 'b', 'c'], failures: [] });
    expect([...keys.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
    expect(new Set([...keys.values()].flatMap((own) => [...own])).size).toBe(3);
    expect(waited.filter(Boolean)).toEqual([
      'Waiting for the connection',
      'Waiting for the server',
      'Waiting for the connection',
    ]);
    expect([problem(400), problem(403), problem(500)].map((error) => waitSecondsOf(error, 0))).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('that waits is left undone, not failed, when it is stopped', async () => {
    const end = new AbortController();
    const work = async () => {
      throw new TypeError('Failed to fetch');
    };
    const sleep = async () => end.abort();
    const result = await runBulk(['a', 'b'], work, { width: 1, signal: end.signal, waitSeconds: waitSecondsOf, sleep });
    expect(result).toMatchObject({ done: 0, failures: [], left: ['a', 'b'] });
  });

  it('comes in parts, and files of parts are one file', () => {
    expect(chunked(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['c']]);
    expect(joinCsv(['id,x\r\n1,2\r\n', 'id,x\r\n3,4\r\n'])).toBe('id,x\r\n1,2\r\n3,4\r\n');
  });
});
