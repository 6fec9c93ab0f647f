import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../db/connect.ts';
import { hashParts, loadTemplate, type TemplateParts } from '../../db/queries/templates.ts';
import { withTenant } from '../../db/tenant.ts';
import { codeOf, ReosError } from '../../domain/errors.ts';
import { compileTemplate, MESSAGE_PARTS, type Template } from './template-compile.ts';
import type { MessageKind } from './template-view.ts';

/** Where messages get their templates from. */
export interface Templates {
  /**
   * The template of that name: the tenant's own newest one, else the product's file. With several kinds the first that
   * has the name counts, the tenant's own before the files.
   * @throws ReosError `template` when there is none, or it is wrong
   */
  find(tenantId: string, kinds: readonly MessageKind[], name: string): Promise<Template>;
}

/** Compiled templates by kind, name, version and content: a changed text is another key, so nothing goes stale. */
const compiled = new Map<string, Promise<Template>>();
const MOST_COMPILED = 500;

/** Templates of each tenant in the database, and the product's own in a folder. */
export function createTemplates(deps: { db: Database; folder: string }): Templates {
  return {
    async find(tenantId, kinds, name) {
      checkName(name);
      const own = await withTenant(deps.db, tenantId, async (trx) => {
        for (const kind of kinds) {
          const stored = await loadTemplate(trx, kind, name);
          if (stored !== null) return { kind, stored };
        }
        return null;
      });
      if (own !== null)
        return compileOnce({ kind: own.kind, name, version: own.stored.version, parts: own.stored.parts });
      return findFile(deps.folder, kinds, name);
    },
  };
}

/**
 * The product's own template of that name.
 * @throws ReosError `template` when the folder has none, or it is wrong
 */
export async function findFile(folder: string, kinds: readonly MessageKind[], name: string): Promise<Template> {
  checkName(name);
  for (const kind of kinds) {
    const parts = await readParts(folder, kind, name);
    if (parts !== null) return compileOnce({ kind, name, version: null, parts });
  }
  const files = kinds.flatMap((kind) =>
    Object.keys(MESSAGE_PARTS[kind]).map((suffix) => `templates/outreach/${name}.${suffix}`),
  );
  throw new ReosError(
    'template',
    `There is no ${kinds.join(' or ')} template '${name}': the tenant has stored none, and the config folder has no ${files.join(', ')}. See \`reos template list\`.`,
    { details: { template: name, kind: kinds[0] ?? null } },
  );
}

/** The parts of a template that lie in a folder as `<name>.<suffix>`; null when not one of them does. */
export async function readParts(folder: string, kind: MessageKind, name: string): Promise<TemplateParts | null> {
  const parts: Record<string, string> = {};
  for (const suffix of Object.keys(MESSAGE_PARTS[kind])) {
    try {
      parts[suffix] = await readFile(join(folder, `${name}.${suffix}`), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      const file = `templates/outreach/${name}.${suffix}`;
      throw new ReosError('template', `The file ${file} of the config folder cannot be read (${codeOf(error)}).`, {
        cause: error,
        details: { file },
      });
    }
  }
  return Object.keys(parts).length === 0 ? null : parts;
}

/** Kind and name of every template in a folder, by the file of its first part. */
export async function listFiles(folder: string): Promise<{ kind: MessageKind; name: string }[]> {
  const files = await readdir(folder);
  return (Object.keys(MESSAGE_PARTS) as MessageKind[]).flatMap((kind) => {
    const [suffix = ''] = Object.keys(MESSAGE_PARTS[kind]);
    const names = files.filter((file) => file.endsWith(`.${suffix}`)).map((file) => file.slice(0, -suffix.length - 1));
    return names.sort().map((name) => ({ kind, name }));
  });
}

function checkName(name: string): void {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    const shown = name.slice(0, 80);
    throw new ReosError('template', `'${shown}' is not a template name (lower-case letters, digits and hyphens).`);
  }
}

function compileOnce(source: Parameters<typeof compileTemplate>[0]): Promise<Template> {
  const key = `${source.kind}:${source.name}:${source.version}:${hashParts(source.parts)}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const work = compileTemplate(source);
  compiled.set(key, work);
  work.catch(() => compiled.delete(key));
  for (const oldest of compiled.keys()) {
    if (compiled.size <= MOST_COMPILED) break;
    compiled.delete(oldest);
  }
  return work;
}
