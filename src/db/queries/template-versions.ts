import type { TenantTrx } from '../tenant.ts';
import type { StoredTemplate, TemplateKind } from './templates.ts';

const COLUMNS = ['kind', 'name', 'version', 'parts', 'sha256', 'createdBy', 'createdAt'] as const;

/** The versions of one of the tenant's own templates below `before`, the newest first. */
export function listTemplateVersions(
  trx: TenantTrx,
  of: { kind: TemplateKind; name: string },
  page: { before: number | undefined; limit: number },
): Promise<Array<Omit<StoredTemplate, 'kind' | 'parts'>>> {
  return trx.db
    .selectFrom('templates')
    .select(['name', 'version', 'sha256', 'createdBy', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', of.kind)
    .where('name', '=', of.name)
    .$if(page.before !== undefined, (query) => query.where('version', '<', page.before!))
    .orderBy('version', 'desc')
    .limit(page.limit)
    .execute();
}

/** One version of the tenant's own template; null when there is none. */
export async function loadTemplateVersion(
  trx: TenantTrx,
  of: { kind: TemplateKind; name: string; version: number },
): Promise<StoredTemplate | null> {
  const row = await trx.db
    .selectFrom('templates')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', of.kind)
    .where('name', '=', of.name)
    .where('version', '=', of.version)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { ...row, kind: row.kind as TemplateKind, parts: row.parts as StoredTemplate['parts'] };
}
