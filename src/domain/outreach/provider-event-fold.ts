import { type MessageStatus, mergeStatus } from './merge-status.ts';
import type { BounceClass, EventMeaning } from './provider-event.ts';

/** What is known of one send from its events. Times are the earliest of their kind; null: not yet. */
export interface SendProgress {
  status: MessageStatus;
  openCount: number;
  machineOpenCount: number;
  clickCount: number;
  deliveredAt: Date | null;
  openedAt: Date | null;
  clickedAt: Date | null;
  bouncedAt: Date | null;
  bounceClass: BounceClass | null;
  softBounceCount: number;
  unsubscribedAt: Date | null;
  complainedAt: Date | null;
  answeredAt: Date | null;
  /** Why it did not arrive, or what the sender last met. */
  error: string | null;
}

/** One event as far as it changes a send. */
export interface ProgressEvent {
  meaning: EventMeaning;
  at: Date;
  /** A reply, or a click on the call to action. */
  isAnswer: boolean;
  /** The provider's words for a bounce or a drop. */
  reason: string | null;
}

const BOUNCED = 'Bounced: ';
const DROPPED = 'Dropped by the provider: ';
/** Weakest first. */
const BOUNCE_CLASSES: readonly BounceClass[] = ['soft', 'block', 'hard'];

/**
 * What is known after further events, each of which must be new. Every order and every division into batches gives the
 * same end: counts add up, times are minima, the status, the class of a bounce and the reason are maxima.
 */
export function foldEvents(before: SendProgress, events: readonly ProgressEvent[]): SendProgress {
  return events.reduce(foldEvent, before);
}

function foldEvent(progress: SendProgress, { meaning, at, isAnswer, reason }: ProgressEvent): SendProgress {
  const { status, counts, bounce } = meaning;
  const first = (known: Date | null, applies: boolean) => (applies && (known === null || at < known) ? at : known);
  const isBounced = status === 'bounced';
  return {
    status: status === null ? progress.status : mergeStatus(progress.status, status),
    openCount: progress.openCount + (counts === 'open' ? 1 : 0),
    machineOpenCount: progress.machineOpenCount + (counts === 'machine_open' ? 1 : 0),
    clickCount: progress.clickCount + (counts === 'click' ? 1 : 0),
    deliveredAt: first(progress.deliveredAt, status === 'delivered'),
    openedAt: first(progress.openedAt, counts === 'open'),
    clickedAt: first(progress.clickedAt, counts === 'click'),
    bouncedAt: first(progress.bouncedAt, isBounced),
    bounceClass: isBounced ? stronger(progress.bounceClass, bounce ?? 'hard') : progress.bounceClass,
    softBounceCount: progress.softBounceCount + (bounce === 'soft' ? 1 : 0),
    unsubscribedAt: first(progress.unsubscribedAt, status === 'unsubscribed'),
    complainedAt: first(progress.complainedAt, status === 'spam'),
    answeredAt: first(progress.answeredAt, isAnswer),
    error: mergeError(progress.error, errorOf(status, reason)),
  };
}

function stronger(a: BounceClass | null, b: BounceClass): BounceClass {
  return a !== null && BOUNCE_CLASSES.indexOf(a) > BOUNCE_CLASSES.indexOf(b) ? a : b;
}

function errorOf(status: MessageStatus | null, reason: string | null): string | null {
  if (reason === null) return null;
  if (status === 'bounced') return `${BOUNCED}${reason}`;
  return status === 'error' ? `${DROPPED}${reason}` : null;
}

/** A bounce says more than a drop, and a drop more than what the sender met. Of two of a kind the first by alphabet. */
function mergeError(known: string | null, next: string | null): string | null {
  if (next === null || known === null) return next ?? known;
  const [a, b] = [errorRank(known), errorRank(next)];
  if (a !== b) return a > b ? known : next;
  return known < next ? known : next;
}

function errorRank(error: string): number {
  if (error.startsWith(BOUNCED)) return 2;
  return error.startsWith(DROPPED) ? 1 : 0;
}

const SOFT_BOUNCE_LIMIT = 3;
const SOFT_BOUNCE_MS = 30 * 86_400_000;

/** A message to an address that was deferred or came back softly. */
export interface SoftBouncedSend {
  lastAt: Date;
  /** True when it arrived all the same. */
  wasDelivered: boolean;
}

/**
 * Until when an address rests: three messages within 30 days came back softly and none of them arrived later. Retries of
 * one message are one soft bounce. 30 days from the last of them; null when the address need not rest.
 */
export function softBounceEnd(sends: readonly SoftBouncedSend[]): Date | null {
  const times = sends.filter((send) => !send.wasDelivered).map((send) => send.lastAt.getTime());
  const last = Math.max(...times);
  const inside = times.filter((time) => time > last - SOFT_BOUNCE_MS);
  return inside.length < SOFT_BOUNCE_LIMIT ? null : new Date(last + SOFT_BOUNCE_MS);
}

/** The items under each key, both in the order they come. */
export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
