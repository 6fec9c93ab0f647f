import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlaces, placeText, readPlace } from '../../../src/api/events/place.ts';
import { createSink } from '../../../src/api/events/subscription.ts';
import type { LoggedEvent } from '../../../src/db/queries/event-feed.ts';

const places = fc.record({
  xid: fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }).map(String),
  position: fc.nat(),
});

describe('a place in the event log', () => {
  it('comes back from its text, and nothing else is a place', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(readPlace(placeText(place))).toEqual(place);
      }),
    );
    for (const wrong of ['', '1', '1-', '-1', '01-1', '1-1 ', '1-1-1', 'a-b', '99999999999999999999-1']) {
      expect(readPlace(wrong)).toBeNull();
    }
  });

  it('is ordered by transaction first, as numbers', () => {
    expect(comparePlaces({ xid: '9', position: 5 }, { xid: '10', position: 1 })).toBeLessThan(0);
    fc.assert(
      fc.property(places, places, (a, b) => {
        expect(Math.sign(comparePlaces(a, b)) + Math.sign(comparePlaces(b, a))).toBe(0);
      }),
    );
  });
});

describe('a subscription', () => {
  const event = (position: number) => ({ xid: '7', position }) as LoggedEvent;
  const filter = { tenantId: 't', propertyId: null };

  it('gives what came after its beginning, once', async () => {
    const sink = createSink(filter, { xid: '7', position: 1 }, 10, () => undefined);
    for (const position of [1, 2, 3]) sink.push(event(position));
    expect((await sink.take())?.map(({ position }) => position)).toEqual([2, 3]);
    const next = sink.take();
    sink.push(event(4));
    expect(await next).toEqual([event(4)]);
    sink.close();
    expect(await sink.take()).toBeUndefined();
  });

  it('ends when the receiver leaves too much, and keeps no more of it', async () => {
    const reasons: string[] = [];
    const sink = createSink(filter, { xid: '0', position: 0 }, 2, () => undefined);
    sink.onEnd((reason) => reasons.push(reason));
    for (const position of [1, 2, 3, 4]) sink.push(event(position));
    expect(reasons).toEqual(['overflow']);
    expect(await sink.take()).toBeUndefined();
  });
});
