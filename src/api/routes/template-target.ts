import { z } from '@hono/zod-openapi';
import { loadTemplateVersion } from '../../db/queries/template-versions.ts';
import { loadTemplate, TEMPLATE_KINDS, type TemplateKind } from '../../db/queries/templates.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { text } from '../kit/schemas.ts';
import type { TemplateCandidate, TemplateDesk } from '../template-doors.ts';

/** Path parameters of a route about one template. */
export const templateParams = z.object({
  kind: z.enum(TEMPLATE_KINDS),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be of lower-case letters, digits and hyphens'),
});

/** The texts of a template by part, such as `mjml` and `subject.txt`. */
export const templateParts = z
  .record(z.string().regex(/^[a-z.]{1,40}$/), text(200_000, 0))
  .refine((parts) => Object.keys(parts).length > 0, 'must have a part');

/**
 * The tenant's own version, the newest when none is named, else the product's template.
 * @throws ReosError `not_found`
 */
export async function templateNamed(
  desk: TemplateDesk,
  trx: TenantTrx,
  { kind, name }: { kind: TemplateKind; name: string },
  version?: number,
): Promise<TemplateCandidate & { createdBy: string | null; createdAt: Date | null }> {
  const own =
    version === undefined
      ? await loadTemplate(trx, kind, name)
      : await loadTemplateVersion(trx, { kind, name, version });
  if (own !== null) return own;
  const parts = version === undefined ? await desk.readProduct(kind, name) : null;
  if (parts !== null) return { kind, name, version: null, parts, createdBy: null, createdAt: null };
  throw noTemplate(kind, name);
}

/** The refusal for a template that neither the tenant nor the product has. */
export function noTemplate(kind: TemplateKind, name: string): ReosError {
  return new ReosError('not_found', `There is no ${kind} template '${name}'.`);
}

/** A template that does not compile is the caller's to mend here. @throws ReosError `validation` */
export function asInput(error: unknown): never {
  if (!(error instanceof ReosError) || error.code !== 'template') throw error;
  throw new ReosError('validation', error.message, { cause: error, details: { field: 'parts' } });
}
