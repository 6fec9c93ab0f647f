import { setTimeout as sleep } from 'node:timers/promises';
import { createPdfRenderer, type PdfRenderer, type PdfRendererOptions } from '../../src/activities/memo/pdf.ts';
import { ReosError } from '../../src/domain/errors.ts';
import { descendantsOf, leftOf } from './memo-processes.ts';

/** What to disturb, and how much. */
export interface KillPlan {
  /** The memos, in turn. */
  htmls: readonly string[];
  memos: number;
  seed: number;
  /** Longest pause before the next kill. */
  pauseMs: number;
  /** Kills at most; without it, until the last memo is printed. */
  kills?: number;
}

/** What came of it. */
export interface KillResult {
  /** The PDF of each memo, in order. */
  pdfs: Buffer[];
  kills: number;
  /** Renderings that a kill broke, and that were begun anew. */
  broken: number;
  /** Browser processes that run after `close`. */
  left: number;
}

/**
 * Prints memos, two at a time, while a random process of the browser's tree (often the browser itself) gets SIGKILL at
 * random moments. A rendering that says it may be tried again is, as its workflow would.
 */
export async function renderUnderKills(
  options: Omit<PdfRendererOptions, 'logger'>,
  { htmls, memos, seed, pauseMs, kills = Number.POSITIVE_INFINITY }: KillPlan,
): Promise<KillResult> {
  const draw = generator(seed);
  const roots: number[] = [];
  const seen = new Set<number>();
  const logger = {
    info: (fields: object) => void roots.push(Number(Reflect.get(fields, 'pid'))),
    warn: () => undefined,
  };
  const renderer = createPdfRenderer({ ...options, logger });
  const pdfs: Buffer[] = new Array(memos);
  const state = { kills: 0, broken: 0, next: 0, isDone: false };

  const kill = async (): Promise<void> => {
    while (!state.isDone && state.kills < kills) {
      const isThere = roots.length > 0;
      // No number is drawn before there is a browser to kill: the same seed gives the same kills.
      await sleep(isThere ? draw() * pauseMs : 10);
      const root = roots.at(-1);
      if (!isThere || root === undefined || state.isDone) continue;
      const tree = [root, ...descendantsOf(root).map(({ pid }) => pid)];
      for (const pid of tree) seen.add(pid);
      const victim = draw() < 0.5 ? root : tree[Math.floor(draw() * tree.length)]!;
      if (killed(victim)) state.kills += 1;
    }
  };
  const print = async (): Promise<void> => {
    for (let index = state.next++; index < memos; index = state.next++) {
      pdfs[index] = await persistently(renderer, htmls[index % htmls.length] ?? '', () => {
        state.broken += 1;
      });
    }
  };
  const killing = kill();
  try {
    await Promise.all([print(), print()]);
  } finally {
    state.isDone = true;
    await killing;
    for (const root of roots) for (const { pid } of descendantsOf(root)) seen.add(pid);
    await renderer.close();
  }
  return { pdfs, kills: state.kills, broken: state.broken, left: (await leftOf([...seen, ...roots])).length };
}

async function persistently(renderer: PdfRenderer, html: string, onBroken: () => void): Promise<Buffer> {
  for (;;) {
    try {
      return (await renderer.render(html)).pdf;
    } catch (error) {
      if (!(error instanceof ReosError) || error.code !== 'transient') throw error;
      onBroken();
    }
  }
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
    return false;
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
