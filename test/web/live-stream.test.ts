import { describe, expect, it, vi } from 'vitest';
import { openWatched } from '../../src/web/app/quiet-stream.ts';
import { noteStanding, readStanding, withPatience } from '../../src/web/app/request-pace.ts';

const LIMIT_MS = 100;

/** A stream that says what the test says; and what the watcher told. */
async function opened(signal?: AbortSignal) {
  const told: string[] = [];
  let source!: ReadableStreamDefaultController<Uint8Array>;
  const send = async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        source = controller;
      },
    });
    return new Response(body);
  };
  const response = await openWatched(new Request('http://a.test/', signal ? { signal } : {}), send, {
    limitMs: LIMIT_MS,
    onHeard: () => told.push('heard'),
    onCut: () => told.push('cut'),
  });
  return { told, source, reader: response.body!.getReader() };
}

describe('a stream that is watched', () => {
  it('is ended when no byte comes for the limit, and not while heartbeats come', async () => {
    const { told, source, reader } = await opened();
    for (let beat = 0; beat < 4; beat += 1) {
      source.enqueue(new TextEncoder().encode(': still here\n\n'));
      expect((await reader.read()).done).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, LIMIT_MS / 2));
    }
    expect(told).not.toContain('cut');
    await expect(reader.read()).rejects.toThrow(/silent/);
    expect(told.at(-1)).toBe('cut');
  });

  it('is ended at once when the device has slept, while which no timer ran', async () => {
    vi.useFakeTimers();
    try {
      const { told, source, reader } = await opened();
      source.enqueue(new TextEncoder().encode('data: x\n\n'));
      await reader.read();
      vi.setSystemTime(Date.now() + 3_600_000);
      const next = expect(reader.read()).rejects.toThrow(/silent/);
      await vi.advanceTimersByTimeAsync(LIMIT_MS / 5);
      await next;
      expect(told.at(-1)).toBe('cut');
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts as cut when it breaks, and when it ends', async () => {
    const broken = await opened();
    broken.source.error(new TypeError('network error'));
    await expect(broken.reader.read()).rejects.toThrow('network error');
    expect(broken.told).toEqual(['heard', 'cut']);
    const ended = await opened();
    ended.source.close();
    expect((await ended.reader.read()).done).toBe(true);
    expect(ended.told).toEqual(['heard', 'cut']);
  });

  it('is given up when no answer begins within the limit', async () => {
    const onCut = vi.fn();
    const never = (request: Request) =>
      new Promise<Response>((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
    const options = { limitMs: LIMIT_MS, onHeard: () => undefined, onCut };
    await expect(openWatched(new Request('http://a.test/'), never, options)).rejects.toThrow(/silent/);
    expect(onCut).toHaveBeenCalledOnce();
  });
});

describe('requests beyond the plan', () => {
  const busy = () => new Response('{}', { status: 429, headers: { 'Retry-After': '7' } });

  it('wait as long as they are asked to, when they read; writes are told at once', async () => {
    const sleeps: number[] = [];
    const answers = [busy(), new Response('fine')];
    const send = withPatience(
      async () => answers.shift()!,
      async (ms) => void sleeps.push(Math.ceil(Math.max(0, ms) / 1_000)),
    );
    expect(await (await send(new Request('http://a.test/'))).text()).toBe('fine');
    expect(sleeps).toEqual([0, 7]);
    const write = withPatience(async () => busy());
    expect((await write(new Request('http://a.test/', { method: 'POST' }))).status).toBe(429);
  });

  it('remembers how the organisation stands', () => {
    const headers = { 'RateLimit-Limit': '300', 'RateLimit-Remaining': '12', 'RateLimit-Reset': '30' };
    noteStanding(new Response('', { headers }), 1_000);
    expect(readStanding()).toEqual({ limit: 300, remaining: 12, resetAt: 31_000 });
    noteStanding(new Response('no word of it'), 2_000);
    expect(readStanding()?.remaining).toBe(12);
  });
});
