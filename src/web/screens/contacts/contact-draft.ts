import type { components } from '../../../sdk/client.ts';

type Schemas = components['schemas'];
export type Contact = Schemas['Contact'];
export type BuyBox = Schemas['BuyBox'];
export type ContactKind = Contact['kind'];

/** A contact in the form: what is typed stays as it was typed. */
export interface ContactDraft {
  name: string;
  email: string;
  phone: string;
  street: string;
  city: string;
  state: string;
  zip: string;
  tags: string;
  timeZone: string;
}

export const EMPTY_CONTACT: ContactDraft = {
  name: '',
  email: '',
  phone: '',
  street: '',
  city: '',
  state: '',
  zip: '',
  tags: '',
  timeZone: '',
};

/** A stored contact in the form. */
export function contactDraftOf(contact: Contact): ContactDraft {
  const post = contact.postal_address;
  return {
    name: contact.name,
    email: contact.email ?? '',
    phone: contact.phone ?? '',
    street: post?.line1 ?? '',
    city: post?.city ?? '',
    state: post?.state ?? contact.state ?? '',
    zip: post?.zip_code ?? '',
    tags: contact.tags.join(', '),
    timeZone: contact.time_zone,
  };
}

/** What a request says: every field, an empty one as null; a list of tags. */
export function contactBody(draft: ContactDraft) {
  const value = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    name: draft.name.trim(),
    email: value(draft.email),
    phone: value(draft.phone),
    street: value(draft.street),
    city: value(draft.city),
    state: value(draft.state),
    zip_code: value(draft.zip),
    tags: listOf(draft.tags),
    time_zone: value(draft.timeZone),
  };
}

/** The changed fields alone: a new place brings its own time zone unless one was typed. */
export function contactChange(before: ContactDraft, after: ContactDraft): Partial<ReturnType<typeof contactBody>> {
  const [old, now] = [contactBody(before), contactBody(after)];
  const changed = Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name as keyof typeof old]),
  );
  return Object.fromEntries(changed);
}

/** Words with commas or semicolons between them, each once. */
export function listOf(text: string): string[] {
  return [...new Set(text.split(/[,;\n]/).map((word) => word.trim()))].filter((word) => word !== '');
}

const REFUSED: ReadonlyArray<readonly [RegExp, keyof ContactDraft]> = [
  [/^e-?mail\b/i, 'email'],
  [/^phone\b/i, 'phone'],
  [/^state\b/i, 'state'],
  [/^zip ?code\b/i, 'zip'],
  [/^(address|line1|street)\b/i, 'street'],
  [/^city\b/i, 'city'],
  [/^time ?zone\b/i, 'timeZone'],
  [/^tags?\b/i, 'tags'],
  [/^name\b/i, 'name'],
];

/**
 * A refusal of a contact by field: the server names each in one sentence, with semicolons between. What is about no
 * field is under `rest`.
 */
export function contactProblems(message: string): Partial<Record<keyof ContactDraft | 'rest', string>> {
  const problems: Partial<Record<keyof ContactDraft | 'rest', string>> = {};
  // A hint after a field's problem has a semicolon of its own.
  let last: keyof ContactDraft | 'rest' = 'rest';
  for (const part of message.split('; ')) {
    const found = REFUSED.find(([start]) => start.test(part))?.[1];
    const text = part.replace(/^zipCode/, 'ZIP code').replace(/ \(--[^)]*\)/, '');
    if (found === undefined && last !== 'rest') problems[last] += ` ${sentenceOf(text)}`;
    else {
      last = found ?? 'rest';
      problems[last] = [problems[last], sentenceOf(text)].filter(Boolean).join(' ');
    }
  }
  return problems;
}

function sentenceOf(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** A buy box in the form. */
export interface BoxDraft {
  name: string;
  counties: string[];
  types: string;
  zips: string;
  minPrice: string;
  maxPrice: string;
  minScore: string;
  minBedrooms: string;
  minSqft: string;
}

/** A stored buy box in the form; without one, one that limits nothing. */
export function boxDraftOf(box: BuyBox | null): BoxDraft {
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  return {
    name: box?.name ?? '',
    counties: [...(box?.counties ?? [])],
    types: (box?.property_types ?? []).join(', '),
    zips: (box?.zip_codes ?? []).join(', '),
    minPrice: text(box?.min_price),
    maxPrice: text(box?.max_price),
    minScore: text(box?.min_score),
    minBedrooms: text(box?.min_bedrooms),
    minSqft: text(box?.min_sqft),
  };
}

/** The limits that a request says; what is empty is not limited. */
export function boxLimits(draft: BoxDraft) {
  const list = (items: string[]) => (items.length === 0 ? null : items);
  const number = (text: string) => (text.trim() === '' ? null : Number(text.replace(/[$,\s]/g, '')));
  return {
    counties: list(draft.counties),
    property_types: list(listOf(draft.types)),
    zip_codes: list(listOf(draft.zips)),
    min_price: number(draft.minPrice),
    max_price: number(draft.maxPrice),
    min_score: number(draft.minScore),
    min_bedrooms: number(draft.minBedrooms),
    min_sqft: number(draft.minSqft),
  };
}

/** What of a buy box cannot be stored, by field. */
export function boxProblems(draft: BoxDraft): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (draft.name.trim() === '') problems['name'] = 'Give it a name, such as Houses up to $450,000.';
  const limits = boxLimits(draft);
  const numbers = { min_price: 1e9, max_price: 1e9, min_score: 100, min_bedrooms: 100, min_sqft: 1e6 } as const;
  for (const [field, most] of Object.entries(numbers)) {
    const value = limits[field as keyof typeof numbers];
    if (value !== null && !(value >= 0 && value <= most)) {
      problems[field] = `Give a number from 0 to ${most.toLocaleString('en-US')}, or leave it empty.`;
    }
  }
  if (limits.min_price !== null && limits.max_price !== null && limits.min_price > limits.max_price) {
    problems['max_price'] ??= 'Is below the lowest price.';
  }
  return problems;
}

/** `King County, houses, $200K to $450K, score 60 and up`: a buy box in a line. */
export function boxText(
  box: BuyBox,
  dollars: (value: number) => string,
  countyName: (slug: string) => string = (slug) => slug,
): string {
  const parts = [
    box.counties === null ? null : box.counties.map(countyName).join(', '),
    box.property_types === null ? null : box.property_types.join(', '),
    box.zip_codes === null ? null : `ZIP ${box.zip_codes.join(', ')}`,
    priceText(box, dollars),
    box.min_score === null ? null : `score ${box.min_score} and up`,
    box.min_bedrooms === null ? null : `${box.min_bedrooms} bedrooms and more`,
    box.min_sqft === null ? null : `${box.min_sqft.toLocaleString('en-US')} sqft and more`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'Anything' : parts.join(' · ');
}

function priceText({ min_price: low, max_price: high }: BuyBox, dollars: (value: number) => string): string | null {
  if (low !== null && high !== null) return `${dollars(low)} to ${dollars(high)}`;
  if (low !== null) return `${dollars(low)} and up`;
  return high === null ? null : `up to ${dollars(high)}`;
}

/** How a search is made: addresses are looked up by the server, which has no names it could read; names here. */
export function searchOf(text: string): { address: string } | { name: string } | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const digits = trimmed.replace(/\D/g, '');
  const isPhone = digits.length >= 10 && /^[+\d\s().-]+$/.test(trimmed);
  return trimmed.includes('@') || isPhone ? { address: trimmed } : { name: trimmed.toLowerCase() };
}
