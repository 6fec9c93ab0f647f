import type { TenantBranding } from '../../db/queries/branding.ts';
import { loadTemplate } from '../../db/queries/templates.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { inspectImage } from '../../domain/memo/image-kind.ts';
import type { MemoBrand, MemoTemplateSource } from '../../domain/memo/input.ts';
import { chooseVariant, memoVariantsSchema } from '../../domain/memo/variant.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { DEFAULT_TEMPLATE, dataUri } from './names.ts';

/** Which template a property's memo is made with. */
export interface ChosenTemplate {
  /** The tenant's own; undefined for the product's. */
  template: MemoTemplateSource | undefined;
  /** Name of the A/B variant; null when the tenant tries none. */
  variant: string | null;
}

/**
 * The template of a property's memo: the variant that falls to it when the tenant tries several, else the tenant's own
 * `investor-memo`, else the product's.
 * @throws ReosError `template` when a variant has no template, or a template's parts are not texts
 */
export async function chooseTemplate(
  trx: TenantTrx,
  branding: TenantBranding,
  propertyId: string,
): Promise<ChosenTemplate> {
  const parsed = memoVariantsSchema.safeParse(branding.memoVariants);
  if (!parsed.success) {
    throw new ReosError(
      'template',
      `The memo variants of this tenant are not readable: ${parsed.error.issues[0]?.message ?? 'wrong shape'}. Set them again: reos branding set --memo-variants NAME=WEIGHT,NAME=WEIGHT`,
    );
  }
  const variant = chooseVariant(parsed.data, propertyId);
  const name = variant ?? DEFAULT_TEMPLATE;
  const row = await loadTemplate(trx, 'memo', name);
  if (row !== null) return { template: { name, version: row.version, parts: partsOf(row) }, variant };
  if (name === DEFAULT_TEMPLATE) return { template: undefined, variant };
  throw new ReosError(
    'template',
    `The memo variant '${name}' has no template of that name. Save the template, or take the variant out: reos branding set --memo-variants NAME=WEIGHT`,
    { details: { template: name } },
  );
}

/**
 * The texts of a stored memo template. One without `css` wears the product's style sheet.
 * @throws ReosError `template` when `mjml` is missing or a part is no text
 */
export function partsOf(row: {
  name: string;
  version: number;
  parts: Readonly<Record<string, unknown>>;
}): MemoTemplateSource['parts'] {
  const { mjml, css } = row.parts;
  if (typeof mjml === 'string' && (css === undefined || typeof css === 'string')) {
    return css === undefined ? { mjml } : { mjml, css };
  }
  throw new ReosError(
    'template',
    `The memo template '${row.name}' (version ${row.version}) needs the part "mjml" as text, and "css" as text where there is one.`,
    { details: { template: row.name, field: typeof mjml === 'string' ? 'css' : 'mjml' } },
  );
}

/** The branding as the memo shows it. A logo that is not in the store, or is no picture, is left out. */
export async function memoBrand(storage: ObjectStore, branding: TenantBranding): Promise<MemoBrand> {
  const bytes = branding.logoKey === null ? null : await storage.get(branding.logoKey);
  const seen = bytes === null ? null : inspectImage(bytes);
  return {
    tagline: branding.tagline,
    accentColor: branding.accentColor,
    logo: bytes !== null && seen !== null && 'image' in seen ? dataUri(seen.image.contentType, bytes) : null,
    contactName: branding.contactName,
    email: branding.email,
    phone: branding.phone,
    website: branding.website,
    disclaimer: branding.disclaimer,
  };
}
