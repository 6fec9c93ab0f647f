import { createParser } from 'eventsource-parser';
import { ApiProblem, problemOfResponse, retryAfterSeconds } from './problem.ts';

/** One event of a stream. `ready` and `resync` are the stream's own: see the API's docs. */
export interface StreamedEvent {
  /** Send it as `lastEventId` to go on from here. */
  id: string;
  event: string;
  data: unknown;
}

export interface EventSettings {
  baseUrl: string;
  credential?: string | (() => string | undefined | Promise<string | undefined>);
  /** Of one property alone. */
  propertyId?: string;
  /** Goes on after this event. */
  lastEventId?: string;
  /** Ends the subscription. */
  signal?: AbortSignal;
  /** Longest pause between two connections, ms; default 30,000. */
  longestWaitMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * Events as they happen. A broken connection is opened again where it ended, so that no event is missed; the same event
 * may come twice only when it was not read before.
 * @throws ApiProblem when the API refuses (no permission, no such property); what is busy or away is tried again
 */
export async function* subscribe(settings: EventSettings): AsyncGenerator<StreamedEvent> {
  const { signal, longestWaitMs = 30_000 } = settings;
  const isEnded = () => signal?.aborted === true;
  let lastEventId = settings.lastEventId;
  let failures = 0;
  while (!isEnded()) {
    let askedMs: number | undefined;
    try {
      const response = await open(settings, lastEventId);
      if (response.ok && response.body !== null) {
        for await (const event of read(response.body)) {
          failures = 0;
          if (event.id !== '') lastEventId = event.id;
          yield event;
        }
      } else if (response.status === 429 || response.status >= 500) {
        const seconds = retryAfterSeconds(response);
        askedMs = seconds === undefined ? undefined : seconds * 1_000;
        await response.body?.cancel();
      } else throw await problemOfResponse(response);
    } catch (error) {
      if (error instanceof ApiProblem) throw error;
      // The connection broke or never came to be: the next one goes on where this ended.
      if (isEnded()) return;
    }
    failures += 1;
    await pause(Math.min(askedMs ?? 250 * 2 ** Math.min(failures, 10), longestWaitMs), signal);
  }
}

async function open(settings: EventSettings, lastEventId: string | undefined): Promise<Response> {
  const { baseUrl, credential, propertyId, signal, fetch: send = (request: Request) => fetch(request) } = settings;
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/api/v1/events`);
  if (propertyId !== undefined) url.searchParams.set('property_id', propertyId);
  const token = typeof credential === 'function' ? await credential() : credential;
  const headers = new Headers({ Accept: 'text/event-stream' });
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  if (lastEventId !== undefined) headers.set('Last-Event-ID', lastEventId);
  return send(new Request(url, { headers, ...(signal === undefined ? {} : { signal }) }));
}

async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  const waiting: StreamedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id = '', event = 'message', data }) => waiting.push({ id, event, data: JSON.parse(data) }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* waiting.splice(0);
    }
  } finally {
    await reader.cancel();
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
