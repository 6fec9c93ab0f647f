import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mjml2html from 'mjml';
import { asSentence, codeOf, ReosError } from '../../domain/errors.ts';
import type { MemoTemplateSource } from '../../domain/memo/input.ts';
import { mjmlProblem } from '../outreach/mjml-problem.ts';
import { DEFAULT_TEMPLATE } from './names.ts';
import { readTemplateFields, type TemplateProblem } from './template-fields.ts';
import { checkMarkup, checkStyles } from './template-markup.ts';

/** A compiled template: HTML that still holds its mustache tags, and the version of what it was compiled from. */
export interface MemoTemplate {
  html: string;
  /** First 12 hexadecimal digits of the SHA-256 of template and style sheet. */
  version: string;
  /** How messages call it. */
  label: string;
  /** Fields of the model without which this template makes no memo. */
  required: readonly string[];
}

/** Where the product's own templates lie. */
export const TEMPLATE_DIRECTORY = fileURLToPath(new URL('../../../config/templates/', import.meta.url));

/** Stands in the compiled head where the styles of each memo go: before the template's own. */
export const STYLE_PLACE = '<!--styles of the memo-->';

/** The page may load nothing: what it shows is in it. The renderer blocks requests as well. */
const CONTENT_POLICY =
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; font-src data:; style-src \'unsafe-inline\'">';

/** Compiled templates by the hash of their content: a changed file is another key, so nothing here goes stale. */
const compiled = new Map<string, Promise<MemoTemplate>>();
const MOST_COMPILED = 64;

/**
 * Reads `<name>.mjml` and `<name>.css` and compiles them, once per process and content.
 * @throws ReosError `template` when a file is missing or the template is not valid; the message names file and line
 */
export async function loadMemoTemplate(name: string, directory = TEMPLATE_DIRECTORY): Promise<MemoTemplate> {
  const [mjml, css] = await Promise.all([
    readTemplate(directory, `${name}.mjml`),
    readTemplate(directory, `${name}.css`),
  ]);
  return compileMemoTemplate(`The memo template templates/${name}.mjml`, { mjml, css });
}

/**
 * Compiles a tenant's own template, once per process and content.
 * @throws ReosError `template`; the message names template, version, line or field
 */
export async function compileTenantTemplate({ name, version, parts }: MemoTemplateSource): Promise<MemoTemplate> {
  const css = parts.css ?? (await readTemplate(TEMPLATE_DIRECTORY, `${DEFAULT_TEMPLATE}.css`));
  return compileMemoTemplate(`The memo template '${name}' (version ${version})`, { mjml: parts.mjml, css });
}

/**
 * Checks the parts of a memo template before they are stored: what a memo would refuse is refused here.
 * @throws ReosError `template`; the message names template, line or field
 */
export async function checkMemoTemplate(name: string, parts: MemoTemplateSource['parts'], version = 1): Promise<void> {
  await compileTenantTemplate({ name, version, parts });
}

async function compileMemoTemplate(label: string, parts: { mjml: string; css: string }): Promise<MemoTemplate> {
  const hash = createHash('sha256').update(parts.mjml).update('\0').update(parts.css).digest('hex');
  const key = `${label}\0${hash}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const work = compile(label, parts, hash.slice(0, 12));
  const oldest = compiled.keys().next();
  if (compiled.size >= MOST_COMPILED && oldest.done !== true) compiled.delete(oldest.value);
  compiled.set(key, work);
  work.catch(() => compiled.delete(key));
  return work;
}

async function readTemplate(directory: string, file: string): Promise<string> {
  try {
    return await readFile(join(directory, file), 'utf8');
  } catch (cause) {
    throw new ReosError(
      'template',
      `The memo template templates/${file} of the config folder cannot be read (${codeOf(cause)}). Restore the file.`,
      { cause, details: { file: `templates/${file}` } },
    );
  }
}

async function compile(label: string, parts: { mjml: string; css: string }, version: string): Promise<MemoTemplate> {
  // What may not be in a template is refused before anything reads it any closer.
  const forbidden = [...checkMarkup(parts.mjml), ...checkStyles(parts.css)];
  if (forbidden.length > 0) throw templateError(label, forbidden);
  let html: string;
  try {
    ({ html } = await mjml2html(parts.mjml, {
      fonts: {},
      keepComments: false,
      validationLevel: 'strict',
      ignoreIncludes: true,
    }));
  } catch (cause) {
    throw new ReosError('template', `${label} does not compile: ${asSentence(mjmlProblem(cause))} Correct it.`, {
      cause,
      details: { template: label },
    });
  }
  if (!html.includes('<head>') || !html.includes('</head>')) {
    throw templateError(label, [{ line: null, text: 'it has no <mjml> with <mj-head> and <mj-body>' }]);
  }
  const fields = readTemplateFields(parts.mjml);
  if (fields.problems.length > 0) throw templateError(label, fields.problems);
  const head = html.replace('<head>', () => `<head>${CONTENT_POLICY}${STYLE_PLACE}`);
  return {
    html: head.replace('</head>', () => `<style>${parts.css}</style></head>`),
    version,
    label,
    required: fields.required,
  };
}

function templateError(label: string, problems: readonly TemplateProblem[]): ReosError {
  const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const shown = sorted.slice(0, 5).map(({ line, text }) => (line === null ? text : `line ${line}: ${text}`));
  const more = sorted.length > 5 ? ` (and ${sorted.length - 5} more)` : '';
  const first = sorted.find(({ line }) => line !== null);
  return new ReosError('template', `${label} is refused: ${shown.join('; ')}${more}. Correct it.`, {
    details: { template: label, line: first?.line ?? null, problems: problems.length },
  });
}
