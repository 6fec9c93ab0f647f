import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { partSuffixes } from '../../activities/outreach/product-templates.ts';
import { TEMPLATE_KINDS, type TemplateKind, type TemplateParts } from '../../db/queries/templates.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';

/** `--kind` and `--name`. @throws ReosError `validation` when one is missing or wrong */
export function readTarget(options: Record<string, unknown>): { kind: TemplateKind; name: string } {
  const name = options['name'];
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw new ReosError('validation', '--name: give a template name of lower-case letters, digits and hyphens.');
  }
  return { kind: readKind(options['kind']), name };
}

/** @throws ReosError `validation` with the kinds there are */
export function readKind(text: unknown): TemplateKind {
  const kind = TEMPLATE_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new ReosError('validation', `--kind: '${String(text ?? '')}' is none of ${TEMPLATE_KINDS.join(', ')}.`);
}

/**
 * The parts of a template from a folder (`<name>.<suffix>`) or from files, each told by its suffix.
 * @throws ReosError `validation` for a file that is no part, `not_found` for a path that cannot be read
 */
export async function readPartFiles(
  kind: TemplateKind,
  name: string,
  paths: readonly string[],
): Promise<TemplateParts> {
  const parts: Record<string, string> = {};
  // `subject.txt` before `txt`.
  const suffixes = [...partSuffixes(kind)].sort((a, b) => b.length - a.length);
  for (const path of paths.map((given) => resolve(given))) {
    if (await isFolder(path)) {
      for (const suffix of suffixes) {
        const text = await readText(join(path, `${name}.${suffix}`), true);
        if (text !== null) parts[suffix] = text;
      }
      continue;
    }
    const file = basename(path);
    const suffix = suffixes.find((known) => file === known || file.endsWith(`.${known}`));
    if (suffix === undefined) {
      throw new ReosError(
        'validation',
        `${path} is no part of a ${kind} template: its name must end in ${suffixes.map((known) => `.${known}`).join(', ')}.`,
      );
    }
    if (parts[suffix] !== undefined)
      throw new ReosError('validation', `${path}: another file gave the part ${suffix}.`);
    parts[suffix] = (await readText(path, false)) ?? '';
  }
  if (Object.keys(parts).length > 0) return parts;
  const expected = suffixes.map((suffix) => `${name}.${suffix}`).join(', ');
  throw new ReosError('not_found', `--file: there is no ${expected} in ${paths.join(', ')}.`);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new ReosError('not_found', `--file: ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

async function readText(path: string, isOptional: boolean): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isOptional && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ReosError('not_found', `--file: ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
