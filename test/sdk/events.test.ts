import { describe, expect, it } from 'vitest';
import { subscribe } from '../../src/sdk/events.ts';

const frame = (id: string, event: string, data: unknown) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** A stream that sends these pieces and then breaks or ends. */
function streamOf(pieces: string[], end: 'close' | 'break'): Response {
  const encoder = new TextEncoder();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces[at];
      at += 1;
      if (piece !== undefined) controller.enqueue(encoder.encode(piece));
      else if (end === 'close') controller.close();
      else controller.error(new Error('the connection broke'));
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}

describe('a subscription', () => {
  it('goes on after the last event when the connection breaks, and reads events that come in pieces', async () => {
    const whole = frame('1-2', 'property.scored', { payload: 'Äpfel' });
    const answers = [
      streamOf([frame('1-1', 'ready', {}), whole.slice(0, 25), whole.slice(25)], 'break'),
      streamOf([': still here\n\n', frame('1-3', 'property.scored', { n: 3 })], 'close'),
    ];
    const asked: Array<string | null> = [];
    const end = new AbortController();
    const seen: string[] = [];
    const events = subscribe({
      baseUrl: 'https://api.example.com',
      credential: 'a-key',
      propertyId: 'p1',
      signal: end.signal,
      longestWaitMs: 1,
      fetch: async (request) => {
        expect(request.url).toBe('https://api.example.com/api/v1/events?property_id=p1');
        expect(request.headers.get('Authorization')).toBe('Bearer a-key');
        asked.push(request.headers.get('Last-Event-ID'));
        return answers[asked.length - 1] ?? new Response('', { status: 503 });
      },
    });
    for await (const { id, event, data } of events) {
      seen.push(`${id} ${event} ${JSON.stringify(data)}`);
      if (id === '1-3') end.abort();
    }
    expect(seen).toEqual(['1-1 ready {}', '1-2 property.scored {"payload":"Äpfel"}', '1-3 property.scored {"n":3}']);
    expect(asked).toEqual([null, '1-2']);
  });

  it('waits while the server is busy, and ends with the problem when it refuses', async () => {
    const refused = { title: 'No', status: 403, detail: 'Not for you.', code: 'forbidden', request_id: 'r' };
    let calls = 0;
    const events = subscribe({
      baseUrl: 'https://api.example.com',
      longestWaitMs: 1,
      fetch: async () => {
        calls += 1;
        if (calls === 1) throw new TypeError('fetch failed');
        if (calls === 2) return new Response('', { status: 503, headers: { 'Retry-After': '1' } });
        return new Response(JSON.stringify(refused), { status: 403 });
      },
    });
    await expect(events.next()).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect(calls).toBe(3);
  });
});
