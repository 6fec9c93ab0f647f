/**
 * How fast memos are printed, what a thousand leave behind, and what SIGKILL of the browser does to them.
 * In one run on the same HTML: a bare `page.pdf` loop, our renderer, and whole lifecycles through Temporal, Postgres and
 * the workers that `reos up` starts, on a home of their own in a temporary folder.
 *
 * Run: `npm run bench -- memo [--memos 30] [--rounds 5] [--soak 1000] [--kills 60] [--seed 7] [--json]`. 0 leaves a part
 * out. Aims: renderer at least 0.9 and lifecycles at least 0.7 of the bare loop's rate; memory after the last memo at most
 * 1.1 of that after 100; no process left; under SIGKILL every memo whole.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createPdfRenderer } from '../src/activities/memo/pdf.ts';
import { isWholePdf } from '../src/activities/memo/pdf-bytes.ts';
import { renderUnderKills } from '../test/chaos/memo-kills.ts';
import { readPdf } from '../test/support/read-pdf.ts';
import { measureRates, median } from './parts/memo-rates.ts';
import { soak } from './parts/memo-soak.ts';
import { type Browser, openBrowser, startMemoSystem } from './parts/memo-system.ts';

const SAMPLES = 4;
const option = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    memos: option('30'),
    rounds: option('5'),
    soak: option('1000'),
    kills: option('60'),
    seed: option('7'),
    json: { type: 'boolean', default: false },
  },
});
const tell = (words: string) => void process.stderr.write(`${words}\n`);
const quiet = { info: () => undefined, warn: () => undefined };
const round = (value: number, digits = 2) => Number(value.toFixed(digits));
const [memos, rounds] = [Math.max(1, Number(values.memos)), Number(values.rounds)];

const browser = await openBrowser(tell);
const system = await startMemoSystem(browser, memos * (rounds + 1), SAMPLES, tell);
const { htmls } = system;
const loadBefore = loadavg();
const rates = rounds > 0 ? await rate().finally(system.close) : await system.close();
const endured = Number(values.soak) > 0 ? await endure(Number(values.soak)) : undefined;
const disturbed = Number(values.kills) > 0 ? await disturb(browser, Number(values.kills)) : undefined;
const result = {
  browser: browser.found.version,
  html_bytes: Math.round(median(htmls.map((html) => html.length))),
  ...(rates ? { rates } : {}),
  ...(endured ? { soak: endured } : {}),
  ...(disturbed ? { kills: disturbed } : {}),
  load_average: { before: loadBefore.map((value) => round(value)), after: loadavg().map((value) => round(value)) },
};
const misses = [rates?.holds, endured?.holds, disturbed?.holds].filter((holds) => holds === false).length;
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
if (misses > 0) process.exitCode = 1;

async function rate() {
  const found = await measureRates(browser, system, rounds, memos, tell);
  const { memos: written, failures } = await system.state();
  const [bare, one, two, workflow] = [found.bare, found.oneAtATime, found.renderer, found.workflow].map(median) as [
    number,
    number,
    number,
    number,
  ];
  const expected = memos * (rounds + 1) + SAMPLES;
  return {
    memos_per_round: memos,
    rounds,
    bare_ms: round(bare, 1),
    renderer_one_at_a_time_ms: round(one, 1),
    renderer_ms: round(two, 1),
    workflow_ms: round(workflow, 1),
    renderer_one_at_a_time_ratio: ratio(found.bare, found.oneAtATime),
    renderer_ratio: ratio(found.bare, found.renderer),
    workflow_ratio: ratio(found.bare, found.workflow),
    memos_recorded: written,
    memos_missing: expected - written,
    failures: [...new Set(failures)],
    holds: ratio(found.bare, found.renderer) >= 0.9 && ratio(found.bare, found.workflow) >= 0.7 && written === expected,
  };
}

/** The rate as a share of the bare loop's: the median over the rounds, each against its own neighbour in time. */
function ratio(bare: readonly number[], ours: readonly number[]): number {
  return round(median(bare.map((ms, index) => ms / (ours[index] ?? Number.NaN))));
}

async function endure(count: number) {
  const found = await soak(browser.launch, htmls, count, tell);
  const growth = round(found.rssAtEnd / found.rssAt100);
  return {
    memos: found.memos,
    browsers: found.browsers,
    rss_mb_at_100: Math.round(found.rssAt100 / 1e6),
    rss_mb_at_end: Math.round(found.rssAtEnd / 1e6),
    growth,
    processes_left: found.processesLeft,
    holds: found.processesLeft === 0 && (count < 200 || growth <= 1.1),
  };
}

async function disturb({ launch }: Browser, count: number) {
  const calm = createPdfRenderer({ ...launch, logger: quiet });
  const expected: Buffer[] = [];
  for (const html of htmls) expected.push((await calm.render(html)).pdf);
  await calm.close();
  const plan = { htmls, memos: count, seed: Number(values.seed), pauseMs: 900 };
  const { pdfs, kills, broken, left } = await renderUnderKills({ ...launch, timeoutMs: 10_000 }, plan);
  let [torn, different, unreadable] = [0, 0, 0];
  for (const [index, pdf] of pdfs.entries()) {
    if (!isWholePdf(pdf)) torn += 1;
    if (!pdf.equals(expected[index % htmls.length] ?? Buffer.alloc(0))) different += 1;
    const { pages, text } = await readPdf(pdf);
    if (pages === 0 || !text.includes('Bench Street')) unreadable += 1;
  }
  const holds = torn + different + unreadable + left === 0 && kills > 0 && broken > 0;
  return { memos: pdfs.length, kills, broken, torn, different, unreadable, processes_left: left, holds };
}
