import type { EventPlace } from '../../db/queries/event-feed.ts';

const PLACE = /^(0|[1-9][0-9]{0,18})-(0|[1-9][0-9]{0,14})$/;

/** A place as an event's id: `<transaction id>-<position>`. */
export function placeText(place: EventPlace): string {
  return `${place.xid}-${place.position}`;
}

/** The place that an id names; null for text that is none. */
export function readPlace(text: string): EventPlace | null {
  const [, xid, position] = PLACE.exec(text) ?? [];
  return xid === undefined || position === undefined ? null : { xid, position: Number(position) };
}

/** Negative when `a` comes before `b`, 0 when they are the same, else positive. */
export function comparePlaces(a: EventPlace, b: EventPlace): number {
  if (a.xid === b.xid) return a.position - b.position;
  return BigInt(a.xid) < BigInt(b.xid) ? -1 : 1;
}
