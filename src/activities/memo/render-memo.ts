import { createHash } from 'node:crypto';
import mustache from 'mustache';
import { ReosError } from '../../domain/errors.ts';
import type { MemoInput } from '../../domain/memo/input.ts';
import { buildMemoModel, type MemoModel } from '../../domain/memo/model.ts';
import type { MemoFonts } from './fonts.ts';
import { DEFAULT_TEMPLATE } from './names.ts';
import { pageStyle } from './page-style.ts';
import type { PdfRenderer } from './pdf.ts';
import { compileTenantTemplate, loadMemoTemplate, type MemoTemplate, STYLE_PLACE } from './template.ts';

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
 * The memo as HTML, with the tenant's own template where the input has one: everything from outside is escaped; only
 * charts of our own drawing go in as they are.
 * @throws ReosError `template` when the template cannot be read or compiled, or the property lacks a field that it requires
 */
export async function renderMemoHtml(
  deps: Omit<RenderMemoDeps, 'renderer'>,
  input: MemoInput,
): Promise<{ html: string; templateVersion: string }> {
  const template =
    input.template === undefined
      ? await loadMemoTemplate(deps.template ?? DEFAULT_TEMPLATE, deps.templateDirectory)
      : await compileTenantTemplate(input.template);
  const model = buildMemoModel(input);
  checkRequired(template, model, input.property.id);
  const filled = mustache.render(template.html, model);
  const html = filled.replace(STYLE_PLACE, () => `<style>${deps.fonts?.css ?? ''}\n${pageStyle(model)}</style>`);
  return { html, templateVersion: template.version };
}

/**
 * Builds, fills and prints one memo.
 * @throws ReosError `template` as above, `transient` when the browser crashed or ran out of time
 */
export async function renderMemo(deps: RenderMemoDeps, input: MemoInput): Promise<RenderedMemo> {
  const { html, templateVersion } = await renderMemoHtml(deps, input);
  const { pdf, pages } = await deps.renderer.render(html);
  return { html, pdf, pages, sha256: createHash('sha256').update(pdf).digest('hex'), templateVersion };
}

function checkRequired({ label, required }: MemoTemplate, model: MemoModel, propertyId: string): void {
  const missing = required.filter((path) => !hasValue(valueAt(model, path)));
  if (missing.length === 0) return;
  throw new ReosError(
    'template',
    `${label} requires ${missing.map((path) => `{{${path}}}`).join(', ')}, which property ${propertyId} does not have. Add the missing fact, or drop the field from the template's "requires" line.`,
    { details: { template: label, field: missing[0] ?? '', property_id: propertyId } },
  );
}

function valueAt(model: MemoModel, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
      model,
    );
}

function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined && value !== '' && value !== false;
}
