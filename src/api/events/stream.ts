import type { EventFilter, EventPlace } from '../../db/queries/event-feed.ts';
import { frame, frameOf } from './envelope.ts';
import type { EventFeed } from './feed.ts';
import { comparePlaces, placeText, readPlace } from './place.ts';
import type { Subscription } from './subscription.ts';

export interface StreamDeps {
  feed: EventFeed;
  /** Pause between two comments that keep proxies from hanging up, ms; default 15,000. */
  heartbeatMs?: number | undefined;
  /** Most events that are given again after a pause; past it the receiver is told to read anew. Default 10,000. */
  replayEvents?: number | undefined;
}

export interface StreamRequest {
  filter: EventFilter;
  /** `Last-Event-ID`, as it came. */
  lastEventId: string | undefined;
  /** Asked at each heartbeat: false, or a failure, ends the stream. */
  isStillAllowed(): Promise<boolean>;
  /** Called when the receiver was too slow: its connection may hang in a full buffer. */
  cut(): void;
}

const PAGE = 500;

/**
 * Server-sent events: first those since `lastEventId` from the log, then live ones, each once. A `ready` event names the
 * place to go on from; `resync` says that the id is unknown or too far back, so that the state must be read anew.
 * Taken only as fast as the receiver reads; one that falls too far behind is cut and can go on from its last id.
 */
export async function streamEvents(deps: StreamDeps, request: StreamRequest): Promise<ReadableStream<Uint8Array>> {
  const subscription = await deps.feed.subscribe(request.filter);
  subscription.onEnd((reason) => {
    if (reason === 'overflow') request.cut();
  });
  const frames = framesOf(deps, request, subscription);
  const encoder = new TextEncoder();
  let beat: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        beat = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': still here\n\n'));
          request.isStillAllowed().then(
            (isAllowed) => {
              if (!isAllowed) subscription.close();
            },
            () => subscription.close(),
          );
        }, deps.heartbeatMs ?? 15_000);
      },
      async pull(controller) {
        try {
          const { done, value } = await frames.next();
          if (!done) controller.enqueue(encoder.encode(value));
          else {
            clearInterval(beat);
            controller.close();
          }
        } catch (error) {
          clearInterval(beat);
          subscription.close();
          controller.error(error);
        }
      },
      cancel() {
        clearInterval(beat);
        subscription.close();
      },
    },
    // A pending pull must not keep the heartbeat from a receiver that reads: some bytes may always wait.
    { highWaterMark: 2 },
  );
}

/** Text to send, as it comes. */
async function* framesOf(
  deps: StreamDeps,
  { filter, lastEventId }: StreamRequest,
  subscription: Subscription,
): AsyncGenerator<string> {
  const until = subscription.from;
  const start = lastEventId === undefined ? until : await knownPlace(deps.feed, lastEventId);
  let sent: EventPlace = start ?? until;
  if (start === null)
    yield frame('resync', { reason: 'The id is unknown, or older than what is kept.' }, placeText(until));
  else yield frame('ready', { from: placeText(start) }, placeText(start));
  const limit = deps.replayEvents ?? 10_000;
  let replayed = 0;
  while (comparePlaces(sent, until) < 0) {
    const page = await deps.feed.read(filter, { after: sent, until }, PAGE);
    const end = page.at(-1);
    if (end === undefined) break;
    replayed += page.length;
    if (replayed > limit) {
      yield frame('resync', { reason: `More than ${limit} events happened since.` }, placeText(until));
      break;
    }
    yield page.map(frameOf).join('');
    sent = { xid: end.xid, position: end.position };
    if (page.length < PAGE) break;
  }
  for (;;) {
    const events = await subscription.take();
    if (events === undefined) return;
    const fresh = events.filter((event) => comparePlaces(event, sent) > 0);
    if (fresh.length > 0) yield fresh.map(frameOf).join('');
  }
}

async function knownPlace(feed: EventFeed, text: string): Promise<EventPlace | null> {
  const place = readPlace(text.trim());
  return place !== null && (await feed.holds(place)) ? place : null;
}
