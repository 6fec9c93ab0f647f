/** The texts of a memo's branding as the form holds them: empty for what is not set. */
export interface BrandingTexts {
  company_name: string;
  tagline: string;
  accent_color: string;
  contact_name: string;
  email: string;
  phone: string;
  website: string;
  disclaimer: string;
}
export type BrandingField = keyof BrandingTexts;

export const BRANDING_FIELDS: readonly BrandingField[] = [
  'company_name',
  'tagline',
  'accent_color',
  'contact_name',
  'email',
  'phone',
  'website',
  'disclaimer',
];

/** The texts of an answer of the API. */
export function textsOf(branding: Readonly<Record<BrandingField, string | null>>): BrandingTexts {
  return Object.fromEntries(BRANDING_FIELDS.map((field) => [field, branding[field] ?? ''])) as unknown as BrandingTexts;
}

/** What the form changes, as the API takes it: null takes a part away. Empty when nothing is changed. */
export function brandingChange(
  before: BrandingTexts,
  now: BrandingTexts,
): Partial<Record<BrandingField, string | null>> {
  const changed = BRANDING_FIELDS.filter((field) => now[field].trim() !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, now[field].trim() === '' ? null : now[field].trim()]));
}

export const MOST_LOGO_BYTES = 1024 * 1024;
export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** What is wrong with a file as a logo; null when nothing is. */
export function logoProblem(file: { type: string; size: number }): string | null {
  if (!LOGO_TYPES.includes(file.type)) return 'The logo must be a PNG, JPEG, WebP or GIF.';
  if (file.size > MOST_LOGO_BYTES) return 'The logo must be at most 1 MB. Save it smaller.';
  return null;
}

/** A link to a stored file as an address of this page's own server, so that the page may show it. */
export function ownAddress(url: string, origin: string): string {
  if (!URL.canParse(url, origin)) return url;
  const { pathname, search } = new URL(url, origin);
  return pathname.startsWith('/files') ? `${pathname}${search}` : url;
}
