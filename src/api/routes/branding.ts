import { z } from '@hono/zod-openapi';
import { readBranding, saveBranding, type TenantBranding } from '../../db/queries/branding.ts';
import { loadTemplate } from '../../db/queries/templates.ts';
import { ReosError } from '../../domain/errors.ts';
import { brandingChange } from '../../domain/memo/branding-change.ts';
import { type MemoVariant, memoVariantsSchema } from '../../domain/memo/variant.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { text } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';
import { noTemplate } from './template-target.ts';

const TEXTS = {
  company_name: 'companyName',
  tagline: 'tagline',
  accent_color: 'accentColor',
  contact_name: 'contactName',
  email: 'email',
  phone: 'phone',
  website: 'website',
  disclaimer: 'disclaimer',
} as const;
const names = Object.keys(TEXTS) as Array<keyof typeof TEXTS>;
const MOST_LOGO_BYTES = 1024 * 1024;

const textOut = z.string().nullable();
const branding = z
  .object({
    company_name: textOut,
    tagline: textOut,
    accent_color: textOut,
    contact_name: textOut,
    email: textOut,
    phone: textOut,
    website: textOut,
    disclaimer: textOut,
    logo_url: textOut.openapi({ description: 'Opens the logo without a credential for a day' }),
    memo_variants: z.array(z.object({ name: z.string(), weight: z.number() })),
  })
  .openapi('Branding');
const textIn = text(1_200, 0).nullable().optional();

/** `/api/v1/branding`: how the tenant's memos look. */
export function brandingEndpoints(deps: Pick<ApiDeps, 'templateDesk' | 'links'>): Endpoint[] {
  const brandingOf = async (row: TenantBranding): Promise<z.input<typeof branding>> => {
    const sign = async (key: string) => deps.links?.sign(key, { contentType: contentTypeOf(key), fileName: 'logo' });
    const link = row.logoKey === null ? undefined : await sign(row.logoKey);
    const texts = Object.fromEntries(names.map((name) => [name, row[TEXTS[name]]])) as Record<
      keyof typeof TEXTS,
      string | null
    >;
    const variants = Array.isArray(row.memoVariants) ? (row.memoVariants as MemoVariant[]) : [];
    return { ...texts, logo_url: link?.url ?? null, memo_variants: variants };
  };
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/branding',
        operationId: 'readBranding',
        tag: 'Administration',
        summary: 'How the tenant’s memos look: name, colour, logo, contact, variants',
        permission: 'outreach:read',
        answer: branding,
      },
      async ({ trx }) => brandingOf(await readBranding(trx)),
    ),
    ownEndpoint(
      {
        method: 'put',
        path: '/api/v1/branding',
        operationId: 'setBranding',
        tag: 'Administration',
        summary: 'Change the parts that are named; null takes one away. Memos written from now on look so',
        permission: 'tenant:update',
        refusals: [402],
        body: z.strictObject({
          company_name: textIn,
          tagline: textIn,
          accent_color: textIn,
          contact_name: textIn,
          email: textIn,
          phone: textIn,
          website: textIn,
          disclaimer: textIn,
          logo: z
            .base64()
            .max(Math.ceil(MOST_LOGO_BYTES / 3) * 4)
            .nullable()
            .optional()
            .openapi({ description: 'PNG, JPEG, WebP or GIF of at most 1 MB, in base64' }),
          memo_variants: memoVariantsSchema.optional(),
        }),
        maxBodyBytes: 2 * 1024 * 1024,
        answer: branding,
      },
      async ({ principal, body, inTenant }) => {
        const given = names.flatMap((name) => (body[name] === undefined ? [] : [[TEXTS[name], body[name] ?? '']]));
        const change: Partial<TenantBranding> = checkTexts(Object.fromEntries(given));
        if (body.logo === null) change.logoKey = null;
        if (typeof body.logo === 'string') {
          const desk = partOf(deps.templateDesk, 'Logos');
          change.logoKey = await desk.keepLogo(principal.tenantId, Buffer.from(body.logo, 'base64'));
        }
        if (body.memo_variants !== undefined) change.memoVariants = body.memo_variants;
        const known = await ownMemoTemplates(body.memo_variants ?? []);
        return brandingOf(
          await inTenant(async (trx) => {
            for (const { name } of (body.memo_variants ?? []).filter((one) => !known.has(one.name))) {
              if ((await loadTemplate(trx, 'memo', name)) === null) throw noTemplate('memo', name);
            }
            return Object.keys(change).length === 0 ? readBranding(trx) : saveBranding(trx, change);
          }),
        );
      },
    ),
  ];

  /** The product's memo templates among the variants. */
  async function ownMemoTemplates(variants: readonly MemoVariant[]): Promise<Set<string>> {
    if (variants.length === 0) return new Set();
    const product = await partOf(deps.templateDesk, 'Templates').listProduct();
    return new Set(product.flatMap(({ kind, name }) => (kind === 'memo' ? [name] : [])));
  }
}

/** @throws ReosError `validation` naming the field as the body has it */
function checkTexts(texts: Record<string, string>): Partial<TenantBranding> {
  try {
    return brandingChange(texts);
  } catch (error) {
    if (!(error instanceof ReosError)) throw error;
    const field = names.find((name) => TEXTS[name] === error.details.field) ?? 'body';
    throw new ReosError('validation', error.message.replace(/^--[a-z-]+/, field), { cause: error, details: { field } });
  }
}

function contentTypeOf(key: string): string {
  const ending = key.split('.').at(-1) ?? '';
  return `image/${ending === 'jpg' ? 'jpeg' : ending}`;
}
