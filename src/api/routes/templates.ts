import { z } from '@hono/zod-openapi';
import { readBranding } from '../../db/queries/branding.ts';
import { listTemplateVersions } from '../../db/queries/template-versions.ts';
import {
  hashParts,
  listTemplates,
  loadTemplate,
  removeTemplate,
  saveTemplate,
  TEMPLATE_KINDS,
} from '../../db/queries/templates.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { instant, wholeQuery } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';
import { asInput, noTemplate, templateNamed, templateParams, templateParts } from './template-target.ts';

const summary = z
  .object({
    kind: z.enum(TEMPLATE_KINDS),
    name: z.string(),
    source: z.enum(['own', 'product']),
    version: z.int().nullable(),
    sha256: z.string(),
    created_by: z.string().nullable(),
    created_at: instant.nullable(),
  })
  .openapi('TemplateSummary');
const template = summary.extend({ parts: z.record(z.string(), z.string()) }).openapi('Template');
const version = z.object({ version: z.int(), sha256: z.string(), created_by: z.string(), created_at: instant });

/** `/api/v1/templates`: memos and messages, the tenant's own and the product's. */
export function templateEndpoints(deps: Pick<ApiDeps, 'templateDesk'>): Endpoint[] {
  const desk = () => partOf(deps.templateDesk, 'Templates');
  const about = { tag: 'Outreach', params: templateParams } as const;
  const path = '/api/v1/templates/{kind}/{name}';
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/templates',
        operationId: 'listTemplates',
        tag: 'Outreach',
        summary: 'Templates that count now: the tenant’s own, and the product’s where it has none',
        permission: 'outreach:read',
        query: z.object({ kind: z.enum(TEMPLATE_KINDS).optional() }),
        answer: z.object({ items: z.array(summary) }),
      },
      async ({ trx, query }) => {
        const own = await listTemplates(trx, query.kind);
        const items: z.input<typeof summary>[] = own.map((row) => ({
          kind: row.kind,
          name: row.name,
          source: 'own',
          version: row.version,
          sha256: row.sha256,
          created_by: row.createdBy,
          created_at: row.createdAt,
        }));
        for (const { kind, name } of await desk().listProduct()) {
          if (query.kind !== undefined && kind !== query.kind) continue;
          if (items.some((item) => item.kind === kind && item.name === name)) continue;
          const sha256 = hashParts((await desk().readProduct(kind, name)) ?? {});
          items.push({ kind, name, source: 'product', version: null, sha256, created_by: null, created_at: null });
        }
        items.sort((a, b) => `${a.kind} ${a.name}`.localeCompare(`${b.kind} ${b.name}`));
        return { items };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path,
        operationId: 'readTemplate',
        summary: 'The template that counts now, or one of its versions',
        permission: 'outreach:read',
        query: z.object({ version: wholeQuery(1, 1e9).optional() }),
        answer: template,
      },
      async ({ trx, params, query }) => {
        const found = await templateNamed(desk(), trx, params, query.version);
        return {
          kind: found.kind,
          name: found.name,
          source: found.version === null ? ('product' as const) : ('own' as const),
          version: found.version,
          sha256: hashParts(found.parts),
          created_by: found.createdBy,
          created_at: found.createdAt,
          parts: { ...found.parts },
        };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: `${path}/versions`,
        operationId: 'listTemplateVersions',
        summary: 'The tenant’s own versions of a template, the newest first',
        permission: 'outreach:read',
        query: z.object(pageQuery),
        answer: pageOf(version),
      },
      async ({ trx, params, query }) => {
        const before = readCursor('versions', query.cursor, 1)?.[0];
        if (before !== undefined && !Number.isSafeInteger(before)) {
          throw new ReosError('validation', 'cursor: is no cursor of this list.', { details: { field: 'cursor' } });
        }
        const page = { before: before as number | undefined, limit: query.limit + 1 };
        const rows = await listTemplateVersions(trx, params, page);
        return toPage(
          rows,
          query.limit,
          'versions',
          (row) => [row.version],
          (row) => ({ version: row.version, sha256: row.sha256, created_by: row.createdBy, created_at: row.createdAt }),
        );
      },
    ),
    endpoint(
      {
        ...about,
        method: 'put',
        path,
        operationId: 'saveTemplate',
        summary: 'Check a template and store it as the newest version; campaigns that use it are approved again',
        permission: 'outreach:update',
        body: z.strictObject({ parts: templateParts }),
        maxBodyBytes: 1024 * 1024,
        answer: z.object({
          kind: z.enum(TEMPLATE_KINDS),
          name: z.string(),
          version: z.int(),
          sha256: z.string(),
          is_new: z.boolean(),
          fields: z.array(z.string()),
        }),
      },
      async ({ trx, params, body, principal }) => {
        const { kind, name } = params;
        const last = await loadTemplate(trx, kind, name);
        const fields = await desk()
          .check(kind, name, body.parts, (last?.version ?? 0) + 1)
          .catch(asInput);
        // A campaign's step gives a name alone: a letter must not hide behind the product's postcard, or the reverse.
        const other = kind === 'letter' ? 'postcard' : kind === 'postcard' ? 'letter' : null;
        if (other !== null && (await desk().readProduct(other, name)) !== null) {
          throw new ReosError('conflict', `'${name}' is the name of the product's ${other}. Choose another name.`);
        }
        const saved = await saveTemplate(trx, { kind, name, parts: body.parts, createdBy: principal.name });
        return {
          kind,
          name,
          version: saved.template.version,
          sha256: saved.template.sha256,
          is_new: saved.isNew,
          fields,
        };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'delete',
        path,
        operationId: 'resetTemplate',
        summary: 'Remove the tenant’s own versions, so that the product’s template counts again',
        permission: 'outreach:update',
        answer: null,
      },
      async ({ trx, params }) => {
        if ((await removeTemplate(trx, params.kind, params.name)) === 0) throw noTemplate(params.kind, params.name);
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: `${path}/preview`,
        operationId: 'previewTemplate',
        summary: 'The template filled with an invented property and recipient, as HTML and text; nothing is stored',
        permission: 'outreach:read',
        isQuestion: true,
        body: z.strictObject({
          parts: templateParts.optional().openapi({ description: 'Look at these instead of the stored template' }),
          version: z.int().min(1).optional(),
          audience: z.enum(['investor', 'owner']).optional(),
        }),
        maxBodyBytes: 1024 * 1024,
        answer: z.object({
          kind: z.enum(TEMPLATE_KINDS),
          name: z.string(),
          version: z.int().nullable(),
          parts: z.record(z.string(), z.string()),
        }),
      },
      async ({ trx, params, body }) => {
        const candidate =
          body.parts === undefined
            ? await templateNamed(desk(), trx, params, body.version)
            : { ...params, version: null, parts: body.parts };
        const parts = await desk()
          .preview(candidate, body.audience, await readBranding(trx))
          .catch(asInput);
        return { ...params, version: candidate.version, parts };
      },
    ),
  ];
}
