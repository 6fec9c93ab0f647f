type Listener = (path: string, ms: number) => void;

const listeners = new Set<Listener>();

/** Hears of answers that were overtaken by an event while the API let them rest: their path, and when newer ones come. */
export function onOutdated(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells of an answer that says itself, by `Refresh-After` (seconds), that it is not the newest. */
export function noteOutdated(request: Request, response: Response): void {
  const seconds = Number(response.headers.get('Refresh-After') ?? Number.NaN);
  if (!Number.isFinite(seconds)) return;
  for (const listener of listeners) listener(new URL(request.url).pathname, seconds * 1_000);
}
