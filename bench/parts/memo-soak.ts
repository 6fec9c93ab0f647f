/** A thousand memos in a row: what memory does, and what is left of the browsers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPdfRenderer, type PdfRendererOptions } from '../../src/activities/memo/pdf.ts';
import { descendantsOf, leftOf } from '../../test/chaos/memo-processes.ts';
import { median } from './memo-rates.ts';

const EARLY = 100;
const WINDOW = 50;

/** What the soak found. Memory is resident memory in bytes, of this process and its browsers' whole trees. */
export interface SoakResult {
  memos: number;
  browsers: number;
  /** Median over memos 51 to 100. */
  rssAt100: number;
  /** Median over the last 50 memos. */
  rssAtEnd: number;
  processesLeft: number;
}

/** Prints so many memos, two at a time. */
export async function soak(
  options: Omit<PdfRendererOptions, 'logger'>,
  htmls: readonly string[],
  memos: number,
  tell: (words: string) => void,
): Promise<SoakResult> {
  const roots: number[] = [];
  const seen = new Set<number>();
  const logger = {
    info: (fields: object) => void roots.push(Number(Reflect.get(fields, 'pid'))),
    warn: () => undefined,
  };
  const renderer = createPdfRenderer({ ...options, logger });
  const early: number[] = [];
  const late: number[] = [];
  let [next, done] = [0, 0];
  const look = (): void => {
    const trees = roots.flatMap((root) => [root, ...descendantsOf(root).map(({ pid }) => pid)]);
    for (const pid of trees) seen.add(pid);
    if (done > EARLY - WINDOW && done <= EARLY) early.push(memory());
    if (done > memos - WINDOW) late.push(memory());
  };
  const print = async (): Promise<void> => {
    for (let index = next++; index < memos; index = next++) {
      await renderer.render(htmls[index % htmls.length] ?? '');
      done += 1;
      if (done % 5 === 0) look();
      if (done % 100 === 0) tell(`${done} of ${memos} memos, ${Math.round(memory() / 1e6)} MB`);
    }
  };
  try {
    await Promise.all([print(), print()]);
  } finally {
    await renderer.close();
  }
  await sleep(100);
  const left = await leftOf([...seen, ...roots]);
  return {
    memos,
    browsers: roots.length,
    rssAt100: median(early),
    rssAtEnd: median(late),
    processesLeft: left.length,
  };
}

/** Resident memory of this process and all below it, in bytes. */
function memory(): number {
  return process.memoryUsage.rss() + descendantsOf(process.pid).reduce((sum, { rssBytes }) => sum + rssBytes, 0);
}
