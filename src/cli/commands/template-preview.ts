import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { memoBrand } from '../../activities/memo/design.ts';
import { loadFonts } from '../../activities/memo/fonts.ts';
import { createPdfRenderer } from '../../activities/memo/pdf.ts';
import { previewMemo } from '../../activities/memo/preview.ts';
import { renderMemo } from '../../activities/memo/render-memo.ts';
import { compileTemplate } from '../../activities/outreach/template-compile.ts';
import { INVESTOR_FIELDS, sampleFor } from '../../activities/outreach/template-view.ts';
import { readBranding } from '../../db/queries/branding.ts';
import { loadTemplate, type TemplateKind, type TemplateParts } from '../../db/queries/templates.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { findBrowser, launchOptions } from '../../runtime/browser.ts';
import { reosHome } from '../../runtime/home.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import { openStore } from '../../storage/open-store.ts';
import { type CommandContext, chooseTenant, type OpenSystem, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { noTemplate, readProduct } from './template.ts';
import { readPartFiles, readTarget } from './template-files.ts';

/** What is previewed: a stored version, the product's own (null), or files that are not stored (null). */
interface Candidate {
  kind: TemplateKind;
  name: string;
  version: number | null;
  parts: TemplateParts;
}

/** `reos template preview`: a template filled with an invented property and recipient, as files. */
export const templatePreview: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Fill a template with an invented property and write what comes out')
      .option('--kind <kind>', 'memo, email, sms, letter or postcard')
      .option('--name <name>', 'name of the template')
      .option('--file <path...>', 'look at these files instead of the stored template')
      .option('--audience <who>', 'investor or owner (default: what the template’s fields say)')
      .option('--out <folder>', 'where to write', '.')
      .addHelpText('after', '\nExample:\n  $ reos template preview --kind letter --name owner-letter --out previews'),
  async run(context, _args, options) {
    const { kind, name } = readTarget(options);
    const audience = readAudience(options['audience']);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const own = await withTenant(system.db, tenant.id, (trx) => loadTemplate(trx, kind, name));
      const paths = Array.isArray(options['file']) ? options['file'].map(String) : [];
      const parts =
        paths.length > 0
          ? await readPartFiles(kind, name, paths)
          : (own?.parts ?? (await readProduct(context, kind, name)));
      if (parts === null) throw noTemplate(kind, name);
      const candidate = { kind, name, parts, version: paths.length > 0 ? null : (own?.version ?? null) };
      const made =
        kind === 'memo'
          ? await memoPreview(context, system, tenant.id, candidate)
          : await messagePreview(candidate, audience);
      const folder = resolve(String(options['out']));
      await mkdir(folder, { recursive: true });
      const files: string[] = [];
      for (const [suffix, content] of Object.entries(made)) {
        const path = join(folder, `${name}.preview.${suffix}`);
        await writeFile(path, content);
        files.push(path);
      }
      context.output.answer({ kind, name, version: candidate.version, files }, files.join('\n'));
    });
  },
};

function readAudience(text: unknown): 'investor' | 'owner' | undefined {
  if (text === undefined || text === 'investor' || text === 'owner') return text;
  throw new ReosError('validation', `--audience: '${String(text)}' is neither investor nor owner.`);
}

async function messagePreview(
  { kind, name, version, parts }: Candidate,
  audience: 'investor' | 'owner' | undefined,
): Promise<Record<string, string>> {
  if (kind === 'memo') return {};
  const template = await compileTemplate({ kind, name, version, parts });
  const isForInvestors = INVESTOR_FIELDS.some((field) => template.fields.has(field));
  const filled = template.fill(sampleFor(audience ?? (isForInvestors ? 'investor' : 'owner')));
  return Object.fromEntries(
    Object.entries(filled).map(([suffix, text]) => [suffix === 'mjml' ? 'html' : suffix, `${text.trimEnd()}\n`]),
  );
}

async function memoPreview(context: CommandContext, system: OpenSystem, tenantId: string, candidate: Candidate) {
  const { settings, logger } = context;
  const { name, parts, version } = candidate;
  const { mjml, css } = parts;
  if (mjml === undefined) throw new ReosError('template', `The memo template '${name}' has no part mjml.`);
  const publicUrl = settings.publicUrl ?? system.apiUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
  const store = openStore(settings, deriveKeys(readSecret(settings.home, settings.secretKey)).fileLinks, publicUrl);
  const branding = await withTenant(system.db, tenantId, readBranding);
  const found = await findBrowser({ home: reosHome(settings.home), env: settings.env });
  const renderer = createPdfRenderer({ ...launchOptions(found, settings.env), logger });
  try {
    const fonts = await loadFonts();
    const { pdf } = await previewMemo(
      { renderMemo: (input) => renderMemo({ renderer, fonts }, input) },
      {
        template: { name, version: version ?? 1, parts: { mjml, ...(css === undefined ? {} : { css }) } },
        ...(branding === null ? {} : { companyName: branding.companyName, brand: await memoBrand(store, branding) }),
      },
    );
    return { pdf };
  } finally {
    await renderer.close();
  }
}
