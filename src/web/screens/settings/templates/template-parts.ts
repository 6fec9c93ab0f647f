/** A kind of template, its parts in the order they are written, and what each is. */
export interface PartAbout {
  part: string;
  name: string;
  about: string;
}

export type TemplateKind = 'memo' | 'email' | 'sms' | 'letter' | 'postcard';

const KINDS: Readonly<Record<TemplateKind, { name: string; parts: readonly PartAbout[] }>> = {
  email: {
    name: 'E-mail',
    parts: [
      { part: 'mjml', name: 'E-mail', about: 'MJML: a short language for e-mail that every mail program shows well.' },
      { part: 'subject.txt', name: 'Subject', about: 'One line; what recipients see in their list.' },
      { part: 'txt', name: 'Text alone', about: 'For programs that show no HTML, and for filters that ask for it.' },
    ],
  },
  sms: {
    name: 'Text message',
    parts: [{ part: 'sms.txt', name: 'Text', about: 'Must say how to opt out: “Reply STOP to opt out”.' }],
  },
  letter: {
    name: 'Letter',
    parts: [{ part: 'letter.html', name: 'Page', about: 'HTML of one page, 8.5 by 11 inches.' }],
  },
  postcard: {
    name: 'Postcard',
    parts: [
      { part: 'front.html', name: 'Front', about: 'HTML, 6.25 by 4.25 inches with the edge that is cut off.' },
      { part: 'back.html', name: 'Back', about: 'HTML; the printer puts the address into the lower right.' },
    ],
  },
  memo: {
    name: 'Memo',
    parts: [
      { part: 'mjml', name: 'Layout', about: 'MJML of the memo’s pages.' },
      { part: 'css', name: 'Styles', about: 'Style sheet of the printed pages.' },
    ],
  },
};

/** A kind of template in words. */
export function kindName(kind: TemplateKind): string {
  return KINDS[kind].name;
}

/** The kinds in the order they are listed. */
export const TEMPLATE_KINDS = Object.keys(KINDS) as TemplateKind[];

/** The parts of a template as they are edited: those of its kind, then any that it has besides. */
export function partsOfKind(kind: TemplateKind, parts: Readonly<Record<string, string>>): PartAbout[] {
  const known = KINDS[kind].parts.filter(({ part }) => part in parts || kind !== 'memo');
  const others = Object.keys(parts).filter((part) => !known.some((one) => one.part === part));
  return [...known, ...others.map((part) => ({ part, name: part, about: '' }))];
}

/** The fields that a template's texts may use, by what they are. */
export const TEMPLATE_FIELDS: ReadonlyArray<{ field: string; about: string; forInvestors?: boolean }> = [
  { field: 'recipientName', about: 'Name of the recipient' },
  { field: 'propertyLabel', about: 'Whole address of the property' },
  { field: 'propertyStreet', about: 'Its street alone' },
  { field: 'senderName', about: 'Sender of the campaign' },
  { field: 'senderEmail', about: 'Sender’s e-mail address' },
  { field: 'senderPhone', about: 'Sender’s phone' },
  { field: 'postalAddress', about: 'Postal address; every e-mail needs it' },
  { field: 'unsubscribeUrl', about: 'Where to unsubscribe; every e-mail needs it' },
  { field: 'callToActionLabel', about: 'Words of the button' },
  { field: 'callToActionUrl', about: 'Where the button leads' },
  { field: 'date', about: 'Day of the message' },
  { field: 'score', about: 'Score of the property', forInvestors: true },
  { field: 'memoUrl', about: 'Link to the memo', forInvestors: true },
];

/** Where in a template a problem is, as far as the sentence says. */
export interface Place {
  part: string | null;
  line: number | null;
  field: string | null;
}

/**
 * The place that an error names: `…, part mjml: …`, `Line 12 of …`, `{{field}}`; with the sentence as a person reads it.
 */
export function placeOf(message: string, parts: Readonly<Record<string, string>>): Place & { text: string } {
  const part = /\bpart ([a-z.]+?)(?::|,|\s|$)/.exec(message)?.[1] ?? null;
  const line = /\bline (\d+)/i.exec(message)?.[1];
  const field = /\{\{[#^/]?\s*([A-Za-z][\w.]*)\s*\}\}/.exec(message)?.[1] ?? null;
  // What stands before the part is what the person has before them.
  const told = message.replace(/^The \w+ template '[^']*'(?: \([^)]*\))?, part [a-z.]+: /, '');
  const text = told
    .replace(/\s*\n\s*/g, ' ')
    .replace(/(\bLine \d+) of \S+/g, '$1')
    .replace('ValidationError: ', '');
  const found = part !== null && part in parts ? part : null;
  return {
    part: found,
    line: line ? Number(line) : lineOfField(parts[found ?? ''], field),
    field,
    text: sentence(text),
  };
}

function lineOfField(text: string | undefined, field: string | null): number | null {
  if (text === undefined || field === null) return null;
  const at = text.search(new RegExp(`\\{\\{[#^/]?\\s*${field.replace(/[.]/g, '\\.')}\\b`));
  return at < 0 ? null : text.slice(0, at).split('\n').length;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where a line begins and ends in a text, to select it. */
export function rangeOfLine(text: string, line: number): readonly [number, number] {
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [start, start + (lines[line - 1]?.length ?? 0)];
}

/** What of a template's name cannot be; null when it is fine. */
export function nameProblem(name: string): string | null {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(name) ? null : 'Small letters, digits and dashes, such as spring-letter.';
}
