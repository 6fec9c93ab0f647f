import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ReosError } from '../../domain/errors.ts';
import type { DiscoveredItem } from './source.ts';

const cursorSchema = z.object({
  v: z.literal(1),
  recipe: z.string(),
  /** The list page to read next (again, when its details are half done). */
  listUrl: z.string().nullable(),
  /** Start URLs not begun yet. */
  starts: z.array(z.string()),
  pages: z.number().int(),
  /** Short hashes of detail addresses already handed over. */
  done: z.array(z.string()),
  read: z.number().int(),
  incomplete: z.number().int(),
});

/** Where a crawl stands; its JSON is the cursor of a checkpoint. */
export type CrawlState = z.output<typeof cursorSchema>;

export function startState(recipe: string, starts: readonly string[]): CrawlState {
  const [first = null, ...others] = starts;
  return { v: 1, recipe, listUrl: first, starts: others, pages: 0, done: [], read: 0, incomplete: 0 };
}

/** The state a cursor holds. @throws ReosError `validation` for a cursor of another recipe or version */
export function resumeState(cursor: string, recipe: string): CrawlState {
  const parsed = cursorSchema.safeParse(JSON.parse(cursor));
  if (parsed.success && parsed.data.recipe === recipe) return parsed.data;
  throw new ReosError(
    'validation',
    `The cursor does not belong to a crawl by recipe ${recipe}; start the crawl again without it.`,
  );
}

export const urlKey = (url: string) => createHash('sha256').update(url).digest('base64url').slice(0, 11);

export const checkpointOf = (state: CrawlState): DiscoveredItem => ({
  type: 'checkpoint',
  cursor: JSON.stringify(state),
});

/** Results in order, with at most `limit` tasks running ahead. */
export async function* inOrder<T, R>(
  inputs: readonly T[],
  limit: number,
  task: (input: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Array<Promise<R>> = [];
  let next = 0;
  try {
    while (next < inputs.length || running.length > 0) {
      while (running.length < limit && next < inputs.length) {
        const started = task(inputs[next++] as T);
        // Awaited in turn below; until then a failure must not count as unhandled.
        started.catch(() => undefined);
        running.push(started);
      }
      const first = running.shift();
      if (first !== undefined) yield await first;
    }
  } finally {
    await Promise.allSettled(running);
  }
}
