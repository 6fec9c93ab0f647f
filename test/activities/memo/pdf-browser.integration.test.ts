import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadFonts } from '../../../src/activities/memo/fonts.ts';
import { renderMemoHtml } from '../../../src/activities/memo/render-memo.ts';
import { descendantsOf, leftOf } from '../../chaos/memo-processes.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';
import { findTestBrowser, realRenderer } from './support/real-renderer.ts';

const browser = await findTestBrowser();
const title = browser === null ? 'memo browser (skipped: no browser; set PUPPETEER_EXECUTABLE_PATH)' : 'memo browser';

/** A renderer, and the pids of every browser it starts. */
function watched(options: Parameters<typeof realRenderer>[1] = {}) {
  const pids: number[] = [];
  const logger = { info: (fields: object) => pids.push(Number(Reflect.get(fields, 'pid'))), warn: () => undefined };
  return { renderer: realRenderer(browser ?? '', { logger, ...options }), pids };
}

/** Documents that would leave something behind, if anything could be left. */
async function troublemakers(): Promise<string[]> {
  const require = createRequire(import.meta.url);
  const bold = await readFile(require.resolve('@fontsource/inter/files/inter-latin-700-normal.woff2'), 'base64');
  return [
    `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head><body>strict</body></html>`,
    '<!doctype html><meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/elsewhere"><p>restless</p>',
    '<!doctype html><meta http-equiv=refresh content=1;url=http://127.0.0.1:9/later><p>restless, a little later</p>',
    '<html lang="ar" dir="rtl"><head><title>Other</title><base href="http://127.0.0.1:9/" target="_blank"><body bgcolor=red>no doctype',
    '<!doctype html><meta http-equiv="content-language" content="tr"><meta name="color-scheme" content="dark"><meta name="viewport" content="width=200"><p>i</p>',
    `<!doctype html><style>@font-face{font-family:Inter;src:url(data:font/woff2;base64,${bold})} @page{size:A5 landscape;margin:3cm} *{font-family:Inter!important}</style><p>bold</p>`,
    '<!doctype html><style>:focus{font-size:80px}</style><input autofocus value="x"><iframe name="a" srcdoc="<p>in</p>"></iframe><details open>d</details><dialog open>d</dialog>',
    `<!doctype html><table>${'<tr><th>head</th><td>cell</td></tr>'.repeat(300)}</table>`,
    '<!doctype html><p>a comment that does not end <!-- <meta http-equiv="x',
    '<!doctype html><p>text that does not end<plaintext>',
    '',
  ];
}

describe.skipIf(browser === null)(title, () => {
  let folder: string;
  beforeEach(async () => {
    // Browsers put their profiles here.
    folder = await mkdtemp(join(tmpdir(), 'reos-browser-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it('prints each memo as if it were the first, whatever was printed before it', async () => {
    const { html } = await renderMemoHtml({ fonts: await loadFonts() }, sampleInput());
    const plain = '<!doctype html><p lang="">i</p><a href="x">link</a><table><tr><th>h</th><td>c</td></tr></table>';
    const wanted = [html, plain];
    const fresh = realRenderer(browser ?? '', { rendersPerBrowser: 1 });
    const first = [(await fresh.render(html)).pdf, (await fresh.render(plain)).pdf];
    await fresh.close();
    const used = realRenderer(browser ?? '', { concurrency: 1 });
    for (const [turn, trouble] of (await troublemakers()).entries()) {
      await used.render(trouble);
      for (const index of turn % 3 === 0 ? [0, 1] : [1]) {
        const { pdf } = await used.render(wanted[index] ?? '');
        expect(pdf.equals(first[index]!), `${index} after ${trouble.slice(0, 120)}`).toBe(true);
      }
    }
    await used.close();
  });

  it('30 memos with a new browser every 10: the same bytes, and no process and no file is left', async () => {
    const { html } = await renderMemoHtml({ fonts: await loadFonts() }, sampleInput());
    const { renderer, pids } = watched({ rendersPerBrowser: 10 });
    const seen = new Set<number>();
    const first = await renderer.render(html);
    const rest = Array.from({ length: 29 }, async (_, index) => {
      const { pdf } = await renderer.render(html);
      if (index % 5 === 0) for (const { pid } of pids.flatMap(descendantsOf)) seen.add(pid);
      return pdf.equals(first.pdf);
    });
    expect(await Promise.all(rest)).toEqual(Array.from({ length: 29 }, () => true));
    expect(pids).toHaveLength(3);
    expect(seen.size).toBeGreaterThan(6);
    await renderer.close();
    expect(await leftOf([...seen, ...pids])).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves no file behind when its browser was killed', async () => {
    const { renderer, pids } = watched();
    await renderer.render('<p>one</p>');
    const children = descendantsOf(pids[0] ?? 0).map(({ pid }) => pid);
    expect(await readdir(folder)).toHaveLength(1);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    expect(await leftOf([...children, ...pids])).toEqual([]);
    await renderer.close();
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]));
  });

  it('ends with the process it works for, also when that is killed', async () => {
    const script = fileURLToPath(new URL('./support/orphan-renderer.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', script, browser ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface(parent.stdout)) {
      lines.push(line);
      if (line === 'printed') break;
    }
    const pid = Number(lines[0]);
    const tree = [pid, ...descendantsOf(pid).map((child) => child.pid)];
    expect(tree.length).toBeGreaterThan(2);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    expect(await leftOf(tree, 5_000)).toEqual([]);
  });
});
