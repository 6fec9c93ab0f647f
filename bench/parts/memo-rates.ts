/** How fast memos are printed: by a bare loop, by the product's renderer, and through the whole product. */
import puppeteer from 'puppeteer';
import { createPdfRenderer } from '../../src/activities/memo/pdf.ts';
import { type Browser, type MemoSystem, writeMemos } from './memo-system.ts';

/** Milliseconds for each memo, one value per round. */
export interface Rates {
  bare: number[];
  /** Our renderer, asked as the bare loop is: one memo after the other. */
  oneAtATime: number[];
  /** Our renderer, asked as the worker asks it: two at a time. */
  renderer: number[];
  /** Workflow to workflow end: reads, memo, store, record, events. */
  workflow: number[];
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}

/** Measures in turns, so that whatever else the machine does falls on all alike. The first turn warms up and is not counted. */
export async function measureRates(
  { launch }: Browser,
  system: MemoSystem,
  rounds: number,
  memos: number,
  tell: (words: string) => void,
): Promise<Rates> {
  const { htmls, client, waiting } = system;
  const html = (index: number) => htmls[index % htmls.length] ?? '';
  const renderer = createPdfRenderer({ ...launch, logger: { info: () => undefined, warn: () => undefined } });
  const browser = await puppeteer.launch(launch);
  const page = await browser.newPage();
  const each = async (lanes: number, work: (index: number) => Promise<unknown>): Promise<void> => {
    let next = 0;
    const lane = async () => {
      for (let index = next++; index < memos; index = next++) await work(index);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };
  const ways: { [Way in keyof Rates]: () => Promise<void> } = {
    bare: () =>
      each(1, async (index) => {
        await page.setContent(html(index));
        await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
      }),
    oneAtATime: () => each(1, (index) => renderer.render(html(index))),
    renderer: () => each(2, (index) => renderer.render(html(index))),
    workflow: () => writeMemos(client, waiting.splice(0, memos)),
  };
  const rates: Rates = { bare: [], oneAtATime: [], renderer: [], workflow: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const line: string[] = [];
      for (const way of Object.keys(ways) as Array<keyof Rates>) {
        const started = performance.now();
        await ways[way]();
        const ms = (performance.now() - started) / memos;
        line.push(`${way} ${ms.toFixed(1)} ms`);
        if (round > 0) rates[way].push(ms);
      }
      tell(`round ${round}: ${line.join(', ')}`);
    }
  } finally {
    await browser.close();
    await renderer.close();
  }
  return rates;
}
