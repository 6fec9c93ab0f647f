import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mjml2html from 'mjml';
import Mustache from 'mustache';
import { messageOf, ReosError } from '../../domain/errors.ts';

/** What a template may use. Texts, never null: a fact that is unknown is left out of `facts`. */
export interface EmailView {
  recipientName: string;
  propertyLabel: string;
  /** Whole points, 0–100. */
  score: string;
  facts: { label: string; value: string }[];
  memoUrl: string;
  callToActionLabel: string;
  callToActionUrl: string;
  unsubscribeUrl: string;
  senderName: string;
  postalAddress: string;
  hasAttachment: boolean;
}

export interface RenderedEmail {
  subject: string;
  html: string;
  text: string;
}

export type RenderEmail = (template: string, view: EmailView) => Promise<RenderedEmail>;

interface CompiledTemplate {
  subject: string;
  html: string;
  text: string;
}

/**
 * Renders `<folder>/<template>.mjml`, `.txt` and `.subject.txt`. MJML is compiled once per template and filled as HTML;
 * every value is escaped in the HTML part.
 * @throws ReosError `template` naming the file and what is wrong with it
 */
export function createEmailRenderer(folder: string): RenderEmail {
  const compiled = new Map<string, Promise<CompiledTemplate>>();
  return async (template, view) => {
    let source = compiled.get(template);
    if (source === undefined) {
      source = compile(folder, template);
      compiled.set(template, source);
      // A template that failed is read again next time: the person may have corrected it.
      source.catch(() => compiled.delete(template));
    }
    const { subject, html, text } = await source;
    const asText = { escape: (value: unknown) => String(value) };
    try {
      return {
        subject: Mustache.render(subject, view, {}, asText).replace(/\s+/g, ' ').trim(),
        html: Mustache.render(html, view, {}, { escape: escapeHtml }),
        text: Mustache.render(text, view, {}, asText),
      };
    } catch (error) {
      throw new ReosError('template', `The template '${template}' in ${folder} does not render: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// Mustache's own escape also rewrites `/` and `=`, which some programs that pick links out of mail do not undo.
function escapeHtml(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

async function compile(folder: string, template: string): Promise<CompiledTemplate> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(template)) {
    throw new ReosError('template', `'${template}' is not a template name (lower-case letters, digits and hyphens).`);
  }
  const [mjml, text, subject] = await Promise.all(
    ['mjml', 'txt', 'subject.txt'].map((extension) => read(join(folder, `${template}.${extension}`))),
  );
  try {
    const { html } = await mjml2html(mjml ?? '', { validationLevel: 'strict', fonts: {}, keepComments: false });
    return { html, text: text ?? '', subject: subject ?? '' };
  } catch (error) {
    throw new ReosError('template', `${join(folder, `${template}.mjml`)} is not valid MJML: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ReosError('template', `The template file ${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}
