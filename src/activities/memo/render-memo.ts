import { createHash } from 'node:crypto';
import mustache from 'mustache';
import type { MemoInput } from '../../domain/memo/input.ts';
import { buildMemoModel } from '../../domain/memo/model.ts';
import type { MemoFonts } from './fonts.ts';
import { pageStyle } from './page-style.ts';
import type { PdfRenderer } from './pdf.ts';
import { loadMemoTemplate } from './template.ts';

/** The memo, ready to be stored under its hash. */
export interface RenderedMemo {
  html: string;
  pdf: Buffer;
  pages: number;
  /** SHA-256 of the PDF's bytes, hexadecimal. The same input, template, fonts and browser give the same. */
  sha256: string;
  templateVersion: string;
}

/** What rendering needs. Without `fonts` the browser's own are used; `template` names a file in `templateDirectory`. */
export interface RenderMemoDeps {
  renderer: Pick<PdfRenderer, 'render'>;
  fonts?: MemoFonts;
  template?: string;
  templateDirectory?: string;
}

/**
 * The memo as HTML: everything from outside is escaped; only charts of our own drawing go in as they are.
 * @throws ReosError `template` when the template cannot be read or compiled
 */
export async function renderMemoHtml(
  deps: Omit<RenderMemoDeps, 'renderer'>,
  input: MemoInput,
): Promise<{ html: string; templateVersion: string }> {
  const template = await loadMemoTemplate(deps.template ?? 'investor-memo', deps.templateDirectory);
  const model = buildMemoModel(input);
  const filled = mustache.render(template.html, model);
  const style = `<style>${deps.fonts?.css ?? ''}\n${pageStyle(model)}</style>`;
  const html = filled.replace('<head>', () => `<head>${style}`);
  return { html, templateVersion: template.version };
}

/**
 * Builds, fills and prints one memo.
 * @throws ReosError `template` for a broken template, `transient` when the browser crashed or ran out of time
 */
export async function renderMemo(deps: RenderMemoDeps, input: MemoInput): Promise<RenderedMemo> {
  const { html, templateVersion } = await renderMemoHtml(deps, input);
  const { pdf, pages } = await deps.renderer.render(html);
  return { html, pdf, pages, sha256: createHash('sha256').update(pdf).digest('hex'), templateVersion };
}
