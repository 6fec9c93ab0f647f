import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';
import { voidApprovalsOfTemplate } from './campaign-status.ts';

/** What a template makes: the memo, or a message of one kind. */
export const TEMPLATE_KINDS = ['memo', 'email', 'sms', 'letter', 'postcard'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** The texts of a template by file suffix, such as `{"mjml": …, "txt": …, "subject.txt": …}`. */
export type TemplateParts = Readonly<Record<string, string>>;

/** One version of a tenant's own template. */
export interface StoredTemplate {
  kind: TemplateKind;
  name: string;
  version: number;
  parts: TemplateParts;
  /** Of the parts, whatever their order. */
  sha256: string;
  createdBy: string;
  createdAt: Date;
}

/** The fingerprint of a template's parts: the same texts under the same suffixes give the same one. */
export function hashParts(parts: TemplateParts): string {
  const hash = createHash('sha256');
  for (const suffix of Object.keys(parts).sort()) hash.update(JSON.stringify([suffix, parts[suffix]]));
  return hash.digest('hex');
}

/** The newest version of the tenant's own template; null when it has none of that kind and name. */
export async function loadTemplate(trx: TenantTrx, kind: TemplateKind, name: string): Promise<StoredTemplate | null> {
  const row = await newest(trx).where('kind', '=', kind).where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : toTemplate(row);
}

/** The newest version of each of the tenant's own templates, by kind and name. */
export async function listTemplates(trx: TenantTrx, kind?: TemplateKind): Promise<StoredTemplate[]> {
  const query = newest(trx);
  const rows = await (kind === undefined ? query : query.where('kind', '=', kind)).execute();
  return rows.map(toTemplate);
}

/**
 * Stores parts as the newest version. What equals the newest version already is not stored again. A letter and a
 * postcard cannot share a name, because a campaign's step gives the name alone.
 * @throws ReosError `conflict` when the name is taken by the other kind of mail
 */
export async function saveTemplate(
  trx: TenantTrx,
  template: { kind: TemplateKind; name: string; parts: TemplateParts; createdBy: string },
): Promise<{ template: StoredTemplate; isNew: boolean }> {
  const { kind, name, parts, createdBy } = template;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`template:${trx.tenantId}:${name}`}, 0))`.execute(trx.db);
  const other = kind === 'letter' ? 'postcard' : kind === 'postcard' ? 'letter' : null;
  if (other !== null && (await loadTemplate(trx, other, name)) !== null) {
    throw new ReosError(
      'conflict',
      `'${name}' is the name of a ${other} already. Choose another name for the ${kind}.`,
    );
  }
  const last = await loadTemplate(trx, kind, name);
  const sha256 = hashParts(parts);
  if (last?.sha256 === sha256) return { template: last, isNew: false };
  const row = await trx.db
    .insertInto('templates')
    .values({
      tenantId: trx.tenantId,
      kind,
      name,
      version: (last?.version ?? 0) + 1,
      parts: json(parts),
      sha256,
      createdBy,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  await askForApprovalAgain(trx, kind, name);
  return { template: toTemplate(row), isNew: true };
}

/** Removes every version, so that the product's own template of that name counts again. Returns how many there were. */
export async function removeTemplate(trx: TenantTrx, kind: TemplateKind, name: string): Promise<number> {
  const removed = await trx.db
    .deleteFrom('templates')
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .returning('version')
    .execute();
  if (removed.length > 0) await askForApprovalAgain(trx, kind, name);
  return removed.length;
}

const CHANNEL_OF: Record<Exclude<TemplateKind, 'memo'>, ChannelKind> = {
  email: 'email',
  sms: 'sms',
  letter: 'mail',
  postcard: 'mail',
};

/** Campaigns that use the template were approved with its old words. */
async function askForApprovalAgain(trx: TenantTrx, kind: TemplateKind, name: string): Promise<void> {
  if (kind !== 'memo') await voidApprovalsOfTemplate(trx, CHANNEL_OF[kind], name);
}

const COLUMNS = ['kind', 'name', 'version', 'parts', 'sha256', 'createdBy', 'createdAt'] as const;

function newest(trx: TenantTrx) {
  return trx.db
    .selectFrom('templates')
    .select(COLUMNS)
    .distinctOn(['kind', 'name'])
    .where('tenantId', '=', trx.tenantId)
    .orderBy('kind')
    .orderBy('name')
    .orderBy('version', 'desc');
}

function toTemplate(row: Omit<StoredTemplate, 'kind' | 'parts'> & { kind: string; parts: unknown }): StoredTemplate {
  return { ...row, kind: row.kind as TemplateKind, parts: row.parts as TemplateParts };
}
