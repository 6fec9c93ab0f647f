import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mjml2html from 'mjml';
import { messageOf, ReosError } from '../../domain/errors.ts';

/** A compiled template: HTML that still holds its mustache tags, and the version of what it was compiled from. */
export interface MemoTemplate {
  html: string;
  /** First 12 hexadecimal digits of the SHA-256 of template and style sheet. */
  version: string;
}

/** Where the product's own templates lie. */
export const TEMPLATE_DIRECTORY = fileURLToPath(new URL('../../../config/templates/', import.meta.url));

/** The page may load nothing: what it shows is in it. The renderer blocks requests as well. */
const CONTENT_POLICY =
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; font-src data:; style-src \'unsafe-inline\'">';

/** Compiled templates by the hash of their content: a changed file is another key, so nothing here goes stale. */
const compiled = new Map<string, Promise<MemoTemplate>>();

/**
 * Reads `<name>.mjml` and `<name>.css` and compiles them, once per process and content.
 * @throws ReosError `template` when a file is missing or the MJML is not valid; the message names file and line
 */
export async function loadMemoTemplate(name: string, directory = TEMPLATE_DIRECTORY): Promise<MemoTemplate> {
  const path = join(directory, `${name}.mjml`);
  const [source, styles] = await Promise.all([readTemplate(path), readTemplate(join(directory, `${name}.css`))]);
  const hash = createHash('sha256').update(source).update('\0').update(styles).digest('hex');
  const known = compiled.get(hash);
  if (known !== undefined) return known;
  const work = compile(path, source, styles).then((html) => ({ html, version: hash.slice(0, 12) }));
  compiled.set(hash, work);
  work.catch(() => compiled.delete(hash));
  return work;
}

async function readTemplate(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ReosError(
      'template',
      `The memo template ${path} cannot be read: ${messageOf(cause)}. Restore the file.`,
      {
        cause,
        details: { file: path },
      },
    );
  }
}

async function compile(path: string, source: string, styles: string): Promise<string> {
  try {
    const { html } = await mjml2html(source, { fonts: {}, keepComments: false, validationLevel: 'strict' });
    return html.replace('</head>', () => `${CONTENT_POLICY}<style>${styles}</style></head>`);
  } catch (cause) {
    throw new ReosError('template', `The memo template ${path} does not compile: ${messageOf(cause)}. Correct it.`, {
      cause,
      details: { file: path },
    });
  }
}
