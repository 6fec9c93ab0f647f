import { ReosError } from '../errors.ts';
import { mailAddress, webAddress } from './header-part.ts';
import { type MemoVariant, memoVariantsSchema } from './variant.ts';

/** Texts of a branding as a person gives them. An empty text takes the part away. */
export interface BrandingTexts {
  companyName?: string;
  tagline?: string;
  accentColor?: string;
  contactName?: string;
  email?: string;
  phone?: string;
  website?: string;
  disclaimer?: string;
}

type Field = keyof BrandingTexts;

/** The longest that the memo prints without cutting. */
const LIMITS: Readonly<Record<Field, number>> = {
  companyName: 80,
  tagline: 120,
  accentColor: 7,
  contactName: 80,
  email: 254,
  phone: 40,
  website: 500,
  disclaimer: 1_200,
};

const CONTROLS = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * The change that these texts make: trimmed, checked, null for a part that is taken away.
 * @throws ReosError `validation`, naming the option and what it should be
 */
export function brandingChange(texts: BrandingTexts): Partial<Record<Field, string | null>> {
  const entries = Object.entries(texts) as Array<[Field, string | undefined]>;
  return Object.fromEntries(
    entries.flatMap(([field, value]) => (value === undefined ? [] : [[field, checkedText(field, value)]])),
  );
}

function checkedText(field: Field, given: string): string | null {
  const value = given.trim();
  if (value === '') return null;
  const refuse = (wanted: string): never => {
    throw new ReosError('validation', `${optionOf(field)} ${wanted}; ${JSON.stringify(shown(given))} is not that.`, {
      details: { field },
    });
  };
  if (CONTROLS.test(value)) refuse('is one line without control or direction characters');
  if (value.length > LIMITS[field]) {
    throw new ReosError(
      'validation',
      `${optionOf(field)} has ${value.length} characters; the memo has room for ${LIMITS[field]}. Shorten it.`,
      { details: { field } },
    );
  }
  switch (field) {
    case 'accentColor': {
      const hex = /^#?([0-9a-f]{6})$/i.exec(value)?.[1];
      return hex === undefined
        ? refuse('is a colour of six hexadecimal digits, such as #1c3c5e')
        : `#${hex.toLowerCase()}`;
    }
    case 'email':
      return mailAddress(value) ?? refuse('is one mail address, such as deals@example.com');
    case 'website':
      return webAddress(value) ?? refuse('is a web address with its scheme, such as https://example.com');
    case 'phone':
      return /^[+()\d .\-/x]*$/i.test(value) && (value.match(/\d/g) ?? []).length >= 7
        ? value
        : refuse('is a phone number of at least seven digits');
    default:
      return value;
  }
}

/**
 * Variants as `name=weight,name=weight`; a name alone weighs 1. An empty text ends the trial.
 * @throws ReosError `validation`
 */
export function parseMemoVariants(text: string): MemoVariant[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const variants = parts.map((part) => {
    const [name = '', weight = '1'] = part.split('=').map((side) => side.trim());
    return { name, weight: Number(weight) };
  });
  const parsed = memoVariantsSchema.safeParse(variants);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = typeof issue?.path[0] === 'number' ? ` (${parts[issue.path[0]] ?? ''})` : '';
  throw new ReosError(
    'validation',
    `--memo-variants is NAME=WEIGHT,NAME=WEIGHT, such as investor-memo=1,short-memo=1${at}: ${issue?.message ?? 'not readable'}.`,
    { details: { field: 'memoVariants' } },
  );
}

function optionOf(field: Field): string {
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
