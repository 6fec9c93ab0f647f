import type { EventFilter, EventPlace, LoggedEvent } from '../../db/queries/event-feed.ts';
import { comparePlaces } from './place.ts';

/** Why no more events come: the reader was too slow, or the feed was closed. */
export type EndReason = 'overflow' | 'closed';

/** Live events of one receiver, kept in memory until it takes them. */
export interface Subscription {
  readonly filter: EventFilter;
  /** Where the feed was when this began: everything after comes here. */
  readonly from: EventPlace;
  /** What has come since the last call; waits for something. Undefined once it ended, with all delivered. */
  take(): Promise<readonly LoggedEvent[] | undefined>;
  /** Why it ended; undefined while it lives. */
  readonly ended: EndReason | undefined;
  /** Called once when it ends. */
  onEnd(fn: (reason: EndReason) => void): void;
  close(): void;
}

/** The feed's side of a subscription. */
export interface Sink extends Subscription {
  push(event: LoggedEvent): void;
  end(reason: EndReason): void;
}

/** Makes a subscription that holds `limit` events at most; one more ends it, so that the receiver can resume later. */
export function createSink(filter: EventFilter, from: EventPlace, limit: number, onClose: (sink: Sink) => void): Sink {
  let waiting: LoggedEvent[] = [];
  let wake: (() => void) | undefined;
  let ended: EndReason | undefined;
  const listeners: ((reason: EndReason) => void)[] = [];
  const sink: Sink = {
    filter,
    from,
    get ended() {
      return ended;
    },
    push(event) {
      if (ended !== undefined || comparePlaces(event, from) <= 0) return;
      if (waiting.length >= limit) {
        waiting = [];
        sink.end('overflow');
        return;
      }
      waiting.push(event);
      wake?.();
    },
    end(reason) {
      if (ended !== undefined) return;
      ended = reason;
      onClose(sink);
      wake?.();
      for (const listener of listeners) listener(reason);
    },
    async take() {
      while (waiting.length === 0) {
        if (ended !== undefined) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      const taken = waiting;
      waiting = [];
      return taken;
    },
    onEnd: (listener) => {
      if (ended === undefined) listeners.push(listener);
      else listener(ended);
    },
    close: () => sink.end('closed'),
  };
  return sink;
}
