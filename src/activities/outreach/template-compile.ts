import mjml2html from 'mjml';
import { hashParts, type TemplateParts } from '../../db/queries/templates.ts';
import { asSentence, messageOf, ReosError } from '../../domain/errors.ts';
import { escapeHtml } from '../../domain/outreach/clean-text.ts';
import { countSmsSegments } from '../../domain/outreach/sms-segments.ts';
import { mjmlProblem } from './mjml-problem.ts';
import { checkHtml, checkPlaces } from './template-html.ts';
import { fillPart, findMissing, PartProblem, type PartUse, readPart } from './template-tokens.ts';
import { cleanView, hostileView, type MessageKind, type MessageView, SAMPLE_VIEW } from './template-view.ts';
import { MAX_SMS_SEGMENTS } from './twilio.ts';

/** A part's file suffix, and what its text may be. */
interface PartRule {
  language: 'mjml' | 'html' | 'text';
  maxLength: number;
  /** Fields that the law or plain decency wants in it. */
  mustUse?: readonly string[];
}

const EMAIL_DUTIES = ['senderName', 'postalAddress', 'unsubscribeUrl'];

/** The parts of each kind of template by file suffix: `<name>.<suffix>`. */
export const MESSAGE_PARTS: Readonly<Record<MessageKind, Readonly<Record<string, PartRule>>>> = {
  email: {
    mjml: { language: 'mjml', maxLength: 100_000, mustUse: EMAIL_DUTIES },
    txt: { language: 'text', maxLength: 50_000, mustUse: EMAIL_DUTIES },
    'subject.txt': { language: 'text', maxLength: 300 },
  },
  sms: { 'sms.txt': { language: 'text', maxLength: 2_000, mustUse: ['senderName'] } },
  letter: { 'letter.html': { language: 'html', maxLength: 9_900, mustUse: ['senderName'] } },
  postcard: {
    'front.html': { language: 'html', maxLength: 9_900 },
    'back.html': { language: 'html', maxLength: 9_900, mustUse: ['senderName'] },
  },
};

/** Characters of HTML that a printer takes per side. */
const MAX_PRINTED = 9_999;

/** A template that was checked and is ready to be filled. */
export interface Template {
  kind: MessageKind;
  name: string;
  /** Of the tenant's own one; null for the product's file. */
  version: number | null;
  sha256: string;
  /** Fields that some part writes or asks for. */
  fields: ReadonlySet<string>;
  /**
   * The filled parts by suffix; `mjml` gives HTML.
   * @throws ReosError `template` naming template, part and field when a field has no value
   */
  fill(view: MessageView): Record<string, string>;
}

type Source = Pick<Template, 'kind' | 'name' | 'version'> & { parts: TemplateParts };

/**
 * Checks and compiles a template: its parts, its fields, its HTML, and what a hostile value could do in it.
 * @throws ReosError `template` naming template, part and field
 */
export async function compileTemplate(source: Source): Promise<Template> {
  const { kind, name, version, parts } = source;
  const rules = MESSAGE_PARTS[kind];
  const stranger = Object.keys(parts).find((suffix) => !(suffix in rules));
  if (stranger !== undefined) {
    throw problemOf(
      source,
      stranger,
      new PartProblem(`a template of this kind has the parts ${Object.keys(rules).join(', ')} only`),
    );
  }
  const ready: Record<string, string> = {};
  const fields = new Set<string>();
  for (const [suffix, rule] of Object.entries(rules)) {
    try {
      const text = parts[suffix];
      if (text === undefined || text.trim() === '') throw new PartProblem('it is missing');
      const use = checkText(text, kind, rule);
      for (const field of [...use.values, ...use.blocks]) fields.add(field);
      ready[suffix] = rule.language === 'mjml' ? await compileMjml(text) : text;
      checkFilled(ready[suffix], kind, rule);
    } catch (error) {
      throw problemOf(source, suffix, error);
    }
  }
  return {
    kind,
    name,
    version,
    sha256: hashParts(parts),
    fields,
    fill: (view) => fillTemplate(source, ready, cleanView(view)),
  };
}

function checkText(text: string, kind: MessageKind, rule: PartRule): PartUse {
  if (text.length > rule.maxLength) {
    throw new PartProblem(`it has ${text.length} characters; ${rule.maxLength} are the most`);
  }
  const use = readPart(text);
  for (const field of rule.mustUse ?? []) {
    if (!use.values.has(field))
      throw new PartProblem(`it does not use {{${field}}}, which every such message needs`, field);
  }
  if (kind === 'sms' && !/\bSTOP\b/.test(text)) {
    throw new PartProblem('it does not tell how to opt out: write "Reply STOP to opt out"');
  }
  return use;
}

async function compileMjml(text: string): Promise<string> {
  if (/<\s*mj-include/i.test(text)) throw new PartProblem('<mj-include> is not allowed: write the content itself');
  try {
    const options = { validationLevel: 'strict', fonts: {}, keepComments: false, ignoreIncludes: true } as const;
    return (await mjml2html(text, options)).html;
  } catch (error) {
    throw new PartProblem(`it is not valid MJML: ${mjmlProblem(error)}`);
  }
}

/** What can be seen only once it is filled. */
function checkFilled(text: string, kind: MessageKind, rule: PartRule): void {
  const [harmless, hostile] = [cleanView(SAMPLE_VIEW), cleanView(hostileView())];
  if (rule.language === 'text') {
    const { segments } = kind === 'sms' ? countSmsSegments(fillPart(text, harmless, String)) : { segments: 0 };
    if (segments > MAX_SMS_SEGMENTS) {
      throw new PartProblem(`it makes ${segments} segments of text; ${MAX_SMS_SEGMENTS} are the most`);
    }
    return;
  }
  const rules = { allowsWebImages: rule.language === 'mjml' };
  const [usual, attacked] = [fillPart(text, harmless, escapeHtml), fillPart(text, hostile, escapeHtml)];
  // The harmless one last: problems of the other two name the field.
  checkPlaces(usual, attacked);
  checkHtml(attacked, rules);
  checkHtml(usual, rules);
}

function fillTemplate(source: Source, ready: Record<string, string>, view: MessageView): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [suffix, text] of Object.entries(ready)) {
    const missing = findMissing(text, view);
    if (missing !== null) {
      const reason = view.why[missing] ?? 'it has no value';
      throw problemOf(source, suffix, new PartProblem(`it uses {{${missing}}}, but ${reason}`, missing));
    }
    const isText = MESSAGE_PARTS[source.kind][suffix]?.language === 'text';
    filled[suffix] = fillPart(text, view, isText ? String : escapeHtml);
    const isPrinted = source.kind === 'letter' || source.kind === 'postcard';
    if (isPrinted && filled[suffix].length > MAX_PRINTED) {
      throw problemOf(
        source,
        suffix,
        new PartProblem(`filled it has ${filled[suffix].length} characters; ${MAX_PRINTED} are the most`),
      );
    }
  }
  return filled;
}

function problemOf({ kind, name, version }: Source, suffix: string, error: unknown): ReosError {
  if (error instanceof ReosError) return error;
  const which = version === null ? '' : ` (version ${version})`;
  const field = error instanceof PartProblem ? error.field : null;
  return new ReosError(
    'template',
    `The ${kind} template '${name}'${which}, part ${suffix}: ${asSentence(messageOf(error))}`,
    {
      cause: error,
      details: { template: name, kind, part: suffix, field },
    },
  );
}
