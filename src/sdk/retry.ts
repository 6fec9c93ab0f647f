import { retryAfterSeconds } from './problem.ts';

/** How long a call goes on trying. */
export interface RetrySettings {
  /** Further tries after the first; default 4. */
  retries?: number;
  /** Longest single wait, ms; a server that asks for more gets its answer handed on. Default 30,000. */
  longestWaitMs?: number;
  sleep?: (ms: number) => Promise<void>;
}

type Fetch = (request: Request) => Promise<Response>;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Tries again when the server is busy (429, 503): after its Retry-After, else after 0.5, 1, 2 … s; not when a part of it
 * is missing, which no waiting heals. A write carries its Idempotency-Key in every try, so that it is done once.
 */
export function withRetries(send: Fetch, settings: RetrySettings = {}): Fetch {
  const { retries = 4, longestWaitMs = 30_000, sleep = wait } = settings;
  return async (request) => {
    for (let tried = 0; ; tried += 1) {
      // A body can be read once.
      const response = await send(request.clone());
      if ((response.status !== 429 && response.status !== 503) || tried >= retries) return response;
      const asked = retryAfterSeconds(response);
      const waitMs = asked === undefined ? 500 * 2 ** tried : asked * 1_000;
      if (waitMs > longestWaitMs || (await isPartMissing(response))) return response;
      await response.body?.cancel();
      await sleep(waitMs);
    }
  };
}

async function isPartMissing(response: Response): Promise<boolean> {
  return response.status === 503 && (await response.clone().text()).includes('"code":"missing_part"');
}
