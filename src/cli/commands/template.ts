import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { readKind, readPartFiles, readTarget } from './template-files.ts';

const KINDS = 'memo, email, sms, letter or postcard';

/** `reos template list`: the tenant's own templates and the product's. */
export const templateList: ApiVerb = {
  describe: (command) =>
    command
      .description("List the tenant's own templates and the product's")
      .option('--kind <kind>', KINDS)
      .addHelpText('after', '\nExample:\n  $ reos template list --kind email'),
  async ask({ api, output }, _args, options) {
    const query = options['kind'] === undefined ? {} : { kind: readKind(options['kind']) };
    const { items: templates } = await take(api.GET('/api/v1/templates', { params: { query } }));
    output.answer({ templates }, table(templates, ['kind', 'name', 'source', 'version', 'created_at']));
  },
};

/** `reos template show`: the parts of the template that counts now. */
export const templateShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Show the template that counts now, or write its parts into a folder to change them')
      .option('--kind <kind>', KINDS)
      .option('--name <name>', 'name of the template')
      .option('--out <folder>', 'write the parts there')
      .addHelpText('after', '\nExample:\n  $ reos template show --kind email --name owner-email --out mine'),
  async ask({ api, output }, _args, options) {
    const path = readTarget(options);
    const found = await take(api.GET('/api/v1/templates/{kind}/{name}', { params: { path } }));
    const files =
      typeof options['out'] === 'string' ? await writeParts(resolve(options['out']), path.name, found.parts) : [];
    const shown = Object.entries(found.parts).map(([suffix, text]) => `--- ${path.name}.${suffix}\n${text.trimEnd()}`);
    output.answer({ ...found, files }, files.length > 0 ? files.join('\n') : shown.join('\n\n'));
  },
};

/** Writes each part into the folder as `<name>.<part>`; returns the paths. */
export async function writeParts(folder: string, name: string, parts: Record<string, string>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [suffix, text] of Object.entries(parts)) {
    const path = join(folder, `${name}.${suffix}`);
    await writeFile(path, text);
    files.push(path);
  }
  return files;
}

/** `reos template set`: checks a template and stores it as the tenant's newest version. */
export const templateSet: ApiVerb = {
  describe: (command) =>
    command
      .description("Check a template and store it as the tenant's newest version; the next messages use it")
      .option('--kind <kind>', KINDS)
      .option('--name <name>', 'name of the template, as a campaign gives it')
      .option('--file <path...>', 'a folder with NAME.SUFFIX files, or the files')
      .addHelpText('after', '\nExample:\n  $ reos template set --kind email --name owner-email --file mine'),
  async ask({ api, output }, _args, options) {
    const path = readTarget(options);
    const paths = Array.isArray(options['file']) ? options['file'].map(String) : [];
    if (paths.length === 0) throw new ReosError('validation', '--file: name a folder or the files of the template.');
    const parts = { ...(await readPartFiles(path.kind, path.name, paths)) } as Record<string, string>;
    const saved = await take(api.PUT('/api/v1/templates/{kind}/{name}', { params: { path }, body: { parts } }));
    output.answer(
      saved,
      saved.is_new
        ? `${saved.kind} template '${saved.name}' is version ${saved.version} now.`
        : `Nothing changed: it is version ${saved.version} already.`,
    );
  },
};

/** `reos template reset`: back to the product's own template. */
export const templateReset: ApiVerb = {
  describe: (command) =>
    command
      .description("Remove the tenant's own versions, so that the product's template counts again")
      .option('--kind <kind>', KINDS)
      .option('--name <name>', 'name of the template')
      .addHelpText('after', '\nExample:\n  $ reos template reset --kind email --name owner-email'),
  async ask({ api, output }, _args, options) {
    const path = readTarget(options);
    await take(api.DELETE('/api/v1/templates/{kind}/{name}', { params: { path } }));
    const query = { kind: path.kind };
    const { items } = await take(api.GET('/api/v1/templates', { params: { query } }));
    const source = items.find(({ name }) => name === path.name)?.source ?? null;
    const now = source === null ? 'There is none of that name now.' : "The product's template counts again.";
    output.answer({ ...path, source }, `Removed. ${now}`);
  },
};
