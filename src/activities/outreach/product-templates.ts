import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateKind, TemplateParts } from '../../db/queries/templates.ts';
import { ReosError } from '../../domain/errors.ts';
import { DEFAULT_TEMPLATE } from '../memo/names.ts';
import { checkMemoTemplate } from '../memo/template.ts';
import { compileTemplate, MESSAGE_PARTS } from './template-compile.ts';
import { INVESTOR_FIELDS, sampleFor } from './template-view.ts';
import { listFiles, readParts } from './templates.ts';

const MEMO_PARTS = ['mjml', 'css'];

/** The file suffixes of a kind's parts. */
export function partSuffixes(kind: TemplateKind): readonly string[] {
  return kind === 'memo' ? MEMO_PARTS : Object.keys(MESSAGE_PARTS[kind]);
}

/** Folder of the product's own templates for messages. */
export const messageFolderOf = (configDir: string): string => join(configDir, 'templates', 'outreach');

/** Kind and name of the product's own templates. */
export async function listProductTemplates(configDir: string): Promise<Array<{ kind: TemplateKind; name: string }>> {
  return [{ kind: 'memo', name: DEFAULT_TEMPLATE }, ...(await listFiles(messageFolderOf(configDir)))];
}

/** A product template's parts; null when there is none of that kind and name. */
export async function readProductTemplate(
  configDir: string,
  kind: TemplateKind,
  name: string,
): Promise<TemplateParts | null> {
  if (kind !== 'memo') return readParts(messageFolderOf(configDir), kind, name);
  if (name !== DEFAULT_TEMPLATE) return null;
  const folder = join(configDir, 'templates');
  const texts = partSuffixes(kind).map((suffix) => readFile(join(folder, `${name}.${suffix}`), 'utf8'));
  const [mjml = '', css = ''] = await Promise.all(texts);
  return { mjml, css };
}

/**
 * Checks a template of any kind as it is checked before it is used.
 * @returns the fields that it uses; empty for a memo, which has a model of its own
 * @throws ReosError `template` naming template, part and field
 */
export async function checkTemplateParts(
  kind: TemplateKind,
  name: string,
  parts: TemplateParts,
  version: number,
): Promise<string[]> {
  if (kind !== 'memo') {
    const { fields } = await compileTemplate({ kind, name, version, parts });
    return [...fields].sort();
  }
  const { mjml, css } = parts;
  if (mjml === undefined) throw new ReosError('template', `The memo template '${name}' has no part mjml.`);
  await checkMemoTemplate(name, { mjml, ...(css === undefined ? {} : { css }) }, version);
  return [];
}

/**
 * A message's template filled with an invented property and recipient, by part; what was MJML is `html`.
 * @param audience default: what the template's fields say
 * @throws ReosError `template`
 */
export async function previewMessageTemplate(
  {
    kind,
    ...source
  }: { kind: Exclude<TemplateKind, 'memo'>; name: string; version: number | null; parts: TemplateParts },
  audience: 'investor' | 'owner' | undefined,
): Promise<Record<string, string>> {
  const template = await compileTemplate({ kind, ...source });
  const isForInvestors = INVESTOR_FIELDS.some((field) => template.fields.has(field));
  const filled = template.fill(sampleFor(audience ?? (isForInvestors ? 'investor' : 'owner')));
  return Object.fromEntries(
    Object.entries(filled).map(([suffix, text]) => [suffix === 'mjml' ? 'html' : suffix, `${text.trimEnd()}\n`]),
  );
}
