/** How often within the limit the clock is looked at. */
const LOOKS = 20;

interface QuietOptions {
  /** Without a byte for so long, the connection counts as dead: heartbeats come far more often. */
  limitMs: number;
  /** Bytes came. */
  onHeard(): void;
  /** The stream ended, broke, or fell silent. */
  onCut(): void;
}

/**
 * Opens a stream and watches it: a connection that is open but dead (a sleeping notebook, a proxy that forgot it) is
 * ended after the quiet limit, so that whoever reads it opens another. The time until the answer begins counts, too, and so
 * does time that the device slept through: the clock on the wall is asked, since timers stand still meanwhile.
 */
export async function openWatched(
  request: Request,
  send: (request: Request) => Promise<Response>,
  { limitMs, onHeard, onCut }: QuietOptions,
): Promise<Response> {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardAt = Date.now();
  let isLate = false;
  let isOver = false;
  const stop = () => {
    clearTimeout(timer);
    clearInterval(clock);
    isOver = true;
  };
  const cut = () => {
    if (!isOver) onCut();
    stop();
  };
  const giveUp = () => {
    cut();
    end.abort(new TypeError('The stream was silent for too long.'));
  };
  const watch = () => {
    heardAt = Date.now();
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(giveUp, limitMs);
  };
  const clock = setInterval(() => {
    const wasLate = isLate;
    isLate = Date.now() - heardAt >= limitMs;
    // After a standstill of the page, bytes may wait to be read: they are until the next look.
    if (isLate && wasLate) giveUp();
  }, limitMs / LOOKS);
  watch();
  try {
    const response = await send(new Request(request, { signal: AbortSignal.any([request.signal, end.signal]) }));
    if (!response.ok || response.body === null) {
      cut();
      return response;
    }
    onHeard();
    watch();
    const reader = response.body.getReader();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        // Not every way to send hears of the abort, and nothing may wait for one that does not.
        const give = () => {
          controller.error(end.signal.reason);
          // Where it was heard, the reader has failed with the same reason already.
          reader.cancel(end.signal.reason).catch(() => undefined);
        };
        end.signal.addEventListener('abort', give, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            cut();
            controller.close();
            return;
          }
          watch();
          onHeard();
          controller.enqueue(value);
        } catch (error) {
          cut();
          controller.error(error);
        }
      },
      cancel: (reason) => {
        stop();
        return reader.cancel(reason);
      },
    });
    return new Response(body, response);
  } catch (error) {
    cut();
    throw error;
  }
}
