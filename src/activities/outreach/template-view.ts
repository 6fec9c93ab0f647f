import type { TemplateKind } from '../../db/queries/templates.ts';
import { oneLine } from '../../domain/outreach/clean-text.ts';

/** The texts that a template may use, with the length at which each is cut. */
export const TEXT_FIELDS = {
  recipientName: 80,
  propertyLabel: 160,
  propertyStreet: 100,
  senderName: 80,
  senderEmail: 254,
  senderPhone: 40,
  postalAddress: 200,
  callToActionLabel: 60,
  date: 40,
  score: 3,
} as const;

/** The addresses that a template may use: whole http(s) links. */
export const URL_FIELDS = ['memoUrl', 'callToActionUrl', 'unsubscribeUrl'] as const;

/** Fields that only a message to investors has. Spec R0: our valuation and margin never go to an owner. */
export const INVESTOR_FIELDS: readonly string[] = ['score', 'memoUrl', 'hasAttachment'];

export type TextField = keyof typeof TEXT_FIELDS;
export type UrlField = (typeof URL_FIELDS)[number];

/** One line of the list `facts`. */
export interface Fact {
  label: string;
  value: string;
}

/**
 * What a message is filled with, the same for every kind. A field that has no value is left out, and a template that
 * uses it fails; `why` says for such a field what is missing.
 */
export interface MessageView extends Partial<Record<TextField | UrlField, string>> {
  /** Facts about the house, for `{{#facts}}{{label}}: {{value}}{{/facts}}`; what is unknown is left out. */
  facts: Fact[];
  /** True when the memo is attached. */
  hasAttachment: boolean;
  why: Partial<Record<string, string>>;
}

/** The kinds that are messages; a memo is filled with a model of its own. */
export type MessageKind = Exclude<TemplateKind, 'memo'>;

/** Names that a template may write, by how: a value, or a block that is shown or repeated. */
export const VALUE_FIELDS: ReadonlySet<string> = new Set([...Object.keys(TEXT_FIELDS), ...URL_FIELDS]);
export const BLOCK_FIELDS: ReadonlySet<string> = new Set([...VALUE_FIELDS, 'facts', 'hasAttachment']);
/** Names inside `{{#facts}}`. */
export const FACT_FIELDS: ReadonlySet<string> = new Set(['label', 'value']);

/** The view with every text on one line and within its length; no value can end a line, a header or a direction. */
export function cleanView(view: MessageView): MessageView {
  const cleaned: MessageView = {
    facts: view.facts
      .slice(0, 20)
      .map(({ label, value }) => ({ label: oneLine(label, 40), value: oneLine(value, 80) })),
    hasAttachment: view.hasAttachment,
    why: view.why,
  };
  for (const [field, maxLength] of Object.entries(TEXT_FIELDS) as [TextField, number][]) {
    const value = view[field];
    if (value === undefined) continue;
    const clean = oneLine(value, maxLength);
    if (clean !== '') cleaned[field] = clean;
  }
  for (const field of URL_FIELDS) {
    const value = view[field];
    if (value !== undefined && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) {
      cleaned[field] = new URL(value).href;
    }
  }
  return cleaned;
}

/** An invented message, to look at a template and to check it. */
export const SAMPLE_VIEW: MessageView = {
  recipientName: 'Jo Example',
  propertyLabel: '12 Sample Street, Seattle, WA 98103',
  propertyStreet: '12 Sample Street',
  score: '82',
  facts: [
    { label: 'Asking price', value: '$525,000' },
    { label: 'Our estimate', value: '$611,000' },
    { label: 'Bedrooms', value: '3' },
    { label: 'Living area', value: '1,840 sq ft' },
    { label: 'Built', value: '1962' },
  ],
  memoUrl: 'https://deals.example.com/files/sample-memo.pdf?expires=1&signature=sample',
  callToActionLabel: 'I am interested',
  callToActionUrl: 'https://deals.example.com/interested?property=sample',
  unsubscribeUrl: 'https://deals.example.com/unsubscribe/sample',
  senderName: 'Example Homes',
  senderEmail: 'deals@example.com',
  senderPhone: '+1 206 555 0100',
  postalAddress: '1 Example Way, Seattle, WA 98101',
  date: 'June 10, 2026',
  hasAttachment: true,
  why: {},
};

/** The sample as an owner's message has it: without score, memo and estimate. */
export function sampleFor(audience: 'investor' | 'owner'): MessageView {
  if (audience === 'investor') return SAMPLE_VIEW;
  const { score: _score, memoUrl: _memo, ...rest } = SAMPLE_VIEW;
  const facts = SAMPLE_VIEW.facts.filter(({ label }) => label !== 'Our estimate' && label !== 'Asking price');
  return { ...rest, facts, hasAttachment: false, why: OWNER_WHY };
}

/** Why a message to an owner lacks what it lacks. */
export const OWNER_WHY: MessageView['why'] = {
  score: 'a message to an owner carries no score',
  memoUrl: 'a message to an owner carries no memo',
};

/**
 * A view of the same shape as the sample whose texts try to leave their place. Each names its field, so that a check
 * can tell which one got somewhere it must not be.
 */
export function hostileView(): MessageView {
  const text = (field: string) => `javascript:${MARK}${field}//"' onload=a b><script>x</script></style>{{x}}`;
  const view: MessageView = {
    facts: SAMPLE_VIEW.facts.map(() => ({ label: text('label'), value: text('value') })),
    hasAttachment: true,
    why: {},
  };
  for (const field of Object.keys(TEXT_FIELDS) as TextField[]) view[field] = text(field);
  for (const field of URL_FIELDS) view[field] = `https://example.com/${MARK}${field}?a="'><b>&c=1`;
  return view;
}

/** What stands before a field's name in a hostile value. */
export const MARK = 'zqzq-';
