import { setTimeout as sleep } from 'node:timers/promises';
import type { BareClient } from './api-client.ts';
import { type Ask, detailAsk, listAsk, type Random, SEARCHES, searchAsk } from './api-requests.ts';

/** Times of one kind of request, milliseconds. */
export class Times {
  readonly api: number[] = [];
  readonly bare: number[] = [];
  errors = 0;
}

export interface Rates {
  list: number;
  detail: number;
  search: number;
  /** Requests that were asked before, a second. */
  cached: number;
}

interface LoadDeps {
  send(path: string): Promise<number>;
  bare: BareClient;
  random: Random;
  properties: number;
}

/** Of so many requests one is timed as bare queries, too: afterwards, so that they are no load of their own. */
const BARE_EVERY = 10;

/**
 * Requests at fixed rates, whatever the answers do: what is late is late for everybody behind it. A time counts from the
 * moment at which the request was to be sent.
 */
export async function openLoop(
  deps: LoadDeps,
  rates: Rates,
  seconds: number,
  first: number,
): Promise<Map<string, Times>> {
  const { send, bare, random, properties } = deps;
  const shapes = Object.keys(SEARCHES);
  const repeated = Array.from({ length: 20 }, (_, n) =>
    n % 2 === 0 ? detailAsk(random, -1 - n, properties) : listAsk(random, -1 - n),
  );
  for (const ask of repeated) await send(ask.path);
  const makers: Record<keyof Rates, (n: number) => Ask> = {
    list: (n) => listAsk(random, n),
    detail: (n) => detailAsk(random, n, properties),
    search: (n) => searchAsk(shapes[n % shapes.length]!, random, n),
    cached: (n) => repeated[n % repeated.length]!,
  };
  // Each kind is spread evenly over the second, and starts a little after the one before.
  const plan = (Object.keys(rates) as (keyof Rates)[])
    .flatMap((kind, place) =>
      Array.from({ length: Math.round(rates[kind] * seconds) }, (_, n) => ({
        kind,
        atMs: ((n + place / 4) / rates[kind]) * 1_000,
        n: first + n,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs);
  const times = new Map<string, Times>();
  const running: Promise<void>[] = [];
  const samples: Array<{ into: Times; ask: Ask }> = [];
  const started = performance.now();
  for (const [place, { kind, atMs, n }] of plan.entries()) {
    const waitMs = started + atMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const ask = makers[kind](n);
    const into = timesOf(times, kind);
    running.push(
      send(ask.path).then(
        (status) => {
          into.api.push(performance.now() - started - atMs);
          if (status !== 200) into.errors += 1;
        },
        () => {
          into.errors += 1;
        },
      ),
    );
    const isSample = kind === 'search' || place % BARE_EVERY === 0;
    if (isSample && kind !== 'cached') samples.push({ into, ask });
  }
  await Promise.all(running);
  for (const { into, ask } of samples) into.bare.push(await bare.time(ask.bare));
  return times;
}

/** One client, one request after the other: so many of each form, and the same as bare queries. */
export async function closedLoop(deps: LoadDeps, each: number): Promise<Map<string, Times>> {
  const { send, bare, random, properties } = deps;
  const times = new Map<string, Times>();
  const run = async (ask: Ask, name: string) => {
    const into = timesOf(times, name);
    // Whoever comes second finds the pages in memory: they take turns.
    const isBareFirst = into.api.length % 2 === 0;
    if (isBareFirst) into.bare.push(await bare.time(ask.bare));
    const started = performance.now();
    if ((await send(ask.path)) !== 200) into.errors += 1;
    const ms = performance.now() - started;
    if (!isBareFirst) into.bare.push(await bare.time(ask.bare));
    into.api.push(ms);
  };
  for (let n = 0; n < each * 4; n += 1) {
    const ask = listAsk(random, n);
    await run(ask, ask.shape);
    await run(detailAsk(random, n, properties), 'detail');
  }
  for (const shape of Object.keys(SEARCHES)) {
    for (let n = 0; n < each; n += 1) await run(searchAsk(shape, random, n), `search ${shape}`);
  }
  const searches = [...times].filter(([name]) => name.startsWith('search '));
  const all = timesOf(times, 'search, every form');
  for (const [, one] of searches) {
    all.api.push(...one.api);
    all.bare.push(...one.bare);
    all.errors += one.errors;
  }
  return times;
}

function timesOf(all: Map<string, Times>, name: string): Times {
  const found = all.get(name) ?? new Times();
  all.set(name, found);
  return found;
}

/** The value that a share of the numbers stays below; NaN of none. One decimal. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? Number.NaN : Math.round(value * 10) / 10;
}
