import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { memoBrand } from '../activities/memo/design.ts';
import { loadFonts } from '../activities/memo/fonts.ts';
import { imageKey } from '../activities/memo/names.ts';
import { previewInput } from '../activities/memo/preview.ts';
import { renderMemoHtml } from '../activities/memo/render-memo.ts';
import { readOutboxFiles } from '../activities/outreach/outbox-files.ts';
import {
  checkTemplateParts,
  listProductTemplates,
  previewMessageTemplate,
  readProductTemplate,
} from '../activities/outreach/product-templates.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { TemplateCandidate, TemplateDesk } from '../api/template-doors.ts';
import type { TenantBranding } from '../db/queries/branding.ts';
import { ReosError } from '../domain/errors.ts';
import { inspectImage } from '../domain/memo/image-kind.ts';
import type { Settings } from '../settings.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** The parts of the API that templates, branding and the local outbox need, put together. */
export function createTemplateDoors(
  settings: Pick<Settings, 'configDir' | 'home'>,
  { storage }: { storage: ObjectStore },
): Pick<ApiDeps, 'templateDesk' | 'outbox'> {
  const { configDir } = settings;
  const templateDesk: TemplateDesk = {
    listProduct: () => listProductTemplates(configDir),
    readProduct: (kind, name) => readProductTemplate(configDir, kind, name),
    check: checkTemplateParts,
    preview: ({ kind, ...candidate }, audience, branding) =>
      kind === 'memo'
        ? previewMemoHtml(storage, { kind, ...candidate }, branding)
        : previewMessageTemplate({ kind, ...candidate }, audience),
    keepLogo: (tenantId, bytes) => keepLogo(storage, tenantId, bytes),
  };
  return {
    templateDesk,
    outbox: { read: (tenantId, sendId) => readOutboxFiles(join(settings.home, 'outbox', tenantId), sendId) },
  };
}

async function previewMemoHtml(
  storage: ObjectStore,
  { name, version, parts }: TemplateCandidate,
  branding: TenantBranding,
): Promise<Record<string, string>> {
  const { mjml, css } = parts;
  if (mjml === undefined) throw new ReosError('template', `The memo template '${name}' has no part mjml.`);
  const input = await previewInput({
    template: { name, version: version ?? 1, parts: { mjml, ...(css === undefined ? {} : { css }) } },
    companyName: branding.companyName,
    brand: await memoBrand(storage, branding),
  });
  return { html: (await renderMemoHtml({ fonts: await loadFonts() }, input)).html };
}

async function keepLogo(storage: ObjectStore, tenantId: string, bytes: Uint8Array): Promise<string> {
  const seen = inspectImage(bytes);
  if (!('image' in seen)) {
    const message = `logo: cannot be used: ${seen.problem}. Save it as PNG, JPEG, WebP or GIF.`;
    throw new ReosError('validation', message, { details: { field: 'logo' } });
  }
  const key = imageKey(tenantId, 'branding', createHash('sha256').update(bytes).digest('hex'), seen.image.extension);
  await storage.put(key, bytes, seen.image.contentType);
  return key;
}
