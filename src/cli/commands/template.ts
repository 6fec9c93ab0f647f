import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DEFAULT_TEMPLATE } from '../../activities/memo/names.ts';
import { listFiles, readParts } from '../../activities/outreach/templates.ts';
import {
  hashParts,
  listTemplates,
  loadTemplate,
  removeTemplate,
  saveTemplate,
  type TemplateKind,
  type TemplateParts,
} from '../../db/queries/templates.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type CommandContext, chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { checkParts, partSuffixes, readKind, readPartFiles, readTarget } from './template-files.ts';

const KINDS = 'memo, email, sms, letter or postcard';

/** Folder of the product's own templates for messages. */
export const messageFolder = (context: CommandContext): string =>
  join(context.settings.configDir, 'templates', 'outreach');

/** A product template's parts; null when there is none of that kind and name. */
export async function readProduct(
  context: CommandContext,
  kind: TemplateKind,
  name: string,
): Promise<TemplateParts | null> {
  if (kind !== 'memo') return readParts(messageFolder(context), kind, name);
  if (name !== DEFAULT_TEMPLATE) return null;
  const folder = join(context.settings.configDir, 'templates');
  const texts = partSuffixes(kind).map((suffix) => readFile(join(folder, `${name}.${suffix}`), 'utf8'));
  const [mjml = '', css = ''] = await Promise.all(texts);
  return { mjml, css };
}

/** `reos template list`: the tenant's own templates and the product's. */
export const templateList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command.description("List the tenant's own templates and the product's").option('--kind <kind>', KINDS),
  async run(context, _args, options) {
    const only = options['kind'] === undefined ? undefined : readKind(options['kind']);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const own = await withTenant(system.db, tenant.id, (trx) => listTemplates(trx, only));
      const products = [
        { kind: 'memo' as const, name: DEFAULT_TEMPLATE },
        ...(await listFiles(messageFolder(context))),
      ];
      const rows = own.map((template) => ({
        kind: template.kind as TemplateKind,
        name: template.name,
        source: 'own',
        version: template.version as number | null,
        sha256: template.sha256,
        created_by: template.createdBy as string | null,
        created_at: template.createdAt as Date | null,
      }));
      for (const { kind, name } of products) {
        if (only !== undefined && kind !== only) continue;
        if (rows.some((row) => row.kind === kind && row.name === name)) continue;
        const parts = await readProduct(context, kind, name);
        const sha256 = hashParts(parts ?? {});
        rows.push({ kind, name, source: 'product', version: null, sha256, created_by: null, created_at: null });
      }
      rows.sort((a, b) => `${a.kind} ${a.name}`.localeCompare(`${b.kind} ${b.name}`));
      context.output.answer({ templates: rows }, table(rows, ['kind', 'name', 'source', 'version', 'created_at']));
    });
  },
};

/** `reos template show`: the parts of the template that counts now. */
export const templateShow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Show the template that counts now, or write its parts into a folder to change them')
      .option('--kind <kind>', KINDS)
      .option('--name <name>', 'name of the template')
      .option('--out <folder>', 'write the parts there')
      .addHelpText('after', '\nExample:\n  $ reos template show --kind email --name owner-email --out mine'),
  async run(context, _args, options) {
    const { kind, name } = readTarget(options);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const own = await withTenant(system.db, tenant.id, (trx) => loadTemplate(trx, kind, name));
      const parts = own?.parts ?? (await readProduct(context, kind, name));
      if (parts === null) throw noTemplate(kind, name);
      const files: string[] = [];
      if (typeof options['out'] === 'string') {
        const folder = resolve(options['out']);
        await mkdir(folder, { recursive: true });
        for (const [suffix, text] of Object.entries(parts)) {
          const path = join(folder, `${name}.${suffix}`);
          await writeFile(path, text);
          files.push(path);
        }
      }
      const source = own === null ? 'product' : 'own';
      const version = own?.version ?? null;
      const shown = Object.entries(parts).map(([suffix, text]) => `--- ${name}.${suffix}\n${text.trimEnd()}`);
      context.output.answer(
        { kind, name, source, version, sha256: hashParts(parts), parts, files },
        files.length > 0 ? files.join('\n') : shown.join('\n\n'),
      );
    });
  },
};

/** `reos template set`: checks a template and stores it as the tenant's newest version. */
export const templateSet: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description("Check a template and store it as the tenant's newest version; the next messages use it")
      .option('--kind <kind>', KINDS)
      .option('--name <name>', 'name of the template, as a campaign gives it')
      .option('--file <path...>', 'a folder with NAME.SUFFIX files, or the files')
      .addHelpText('after', '\nExample:\n  $ reos template set --kind email --name owner-email --file mine'),
  async run(context, _args, options) {
    const { kind, name } = readTarget(options);
    const paths = Array.isArray(options['file']) ? options['file'].map(String) : [];
    if (paths.length === 0) throw new ReosError('validation', '--file: name a folder or the files of the template.');
    const parts = await readPartFiles(kind, name, paths);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const last = await withTenant(system.db, tenant.id, (trx) => loadTemplate(trx, kind, name));
      const fields = await checkParts(kind, name, parts, (last?.version ?? 0) + 1);
      await refuseOtherMail(context, kind, name);
      const { template, isNew } = await withTenant(system.db, tenant.id, (trx) =>
        saveTemplate(trx, { kind, name, parts, createdBy: 'operator' }),
      );
      const { version, sha256 } = template;
      context.output.answer(
        { kind, name, version, sha256, is_new: isNew, fields },
        isNew
          ? `${kind} template '${name}' is version ${version} now.`
          : `Nothing changed: it is version ${version} already.`,
      );
    });
  },
};

/** `reos template reset`: back to the product's own template. */
export const templateReset: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description("Remove the tenant's own versions, so that the product's template counts again")
      .option('--kind <kind>', KINDS)
      .option('--name <name>', 'name of the template'),
  async run(context, _args, options) {
    const { kind, name } = readTarget(options);
    const product = await readProduct(context, kind, name);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const removed = await withTenant(system.db, tenant.id, (trx) => removeTemplate(trx, kind, name));
      if (removed === 0) throw noTemplate(kind, name);
      const source = product === null ? null : 'product';
      const now = product === null ? 'There is none of that name now.' : "The product's template counts again.";
      context.output.answer({ kind, name, removed_versions: removed, source }, `Removed ${removed} versions. ${now}`);
    });
  },
};

/** A campaign's step gives a name alone: a letter must not hide behind the product's postcard, or the reverse. */
async function refuseOtherMail(context: CommandContext, kind: TemplateKind, name: string): Promise<void> {
  const other = kind === 'letter' ? 'postcard' : kind === 'postcard' ? 'letter' : null;
  if (other === null || (await readProduct(context, other, name)) === null) return;
  throw new ReosError(
    'conflict',
    `'${name}' is the name of the product's ${other}. Choose another name for the ${kind}.`,
  );
}

/** @returns the error for a template that neither the tenant nor the product has */
export function noTemplate(kind: TemplateKind, name: string): ReosError {
  return new ReosError('not_found', `The tenant has no ${kind} template '${name}' of its own. See: reos template list`);
}
