import { z } from '@hono/zod-openapi';
import { ReosError } from '../../domain/errors.ts';
import { CONTACT_KINDS } from '../../domain/outreach/contact.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { booleanQuery, text } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';

/** Largest file, in bytes. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Rows that are stored within one request. */
const MAX_ROWS = 10_000;
const count = z.int().openapi({ description: '0 in a dry run' });

const contactImport = z
  .object({
    file: z.string(),
    rows: z.int(),
    mapping: z.array(
      z.object({
        column: z.string(),
        field: z.string().nullable(),
        reason: z.enum(['name', 'values', 'said', 'unused', 'taken']),
        examples: z.array(z.string()).openapi({ description: 'Up to three values, cut to 24 characters' }),
      }),
    ),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'In a dry run, why no row can be stored: say what columns are' }),
    valid: z.int(),
    refused: z.int().openapi({ description: 'Rows with a problem; the others are stored' }),
    consents_found: z.int(),
    consents_incomplete: z.int().openapi({ description: 'Say yes to texts without date, source or phone' }),
    problems: z.array(z.object({ line: z.int(), field: z.string(), message: z.string() })),
    stored: z.boolean().openapi({ description: 'False in a dry run' }),
    created: count,
    updated: count.openapi({ description: 'Known ones that something was filled in of' }),
    unchanged: count,
    archived: count,
    properties_linked: count,
    buy_boxes: count,
    consents: count,
  })
  .openapi('ContactImport');

/** `/api/v1/contacts/import`: contacts from a file with any headings. */
export function contactImportEndpoints(deps: Pick<ApiDeps, 'contactDesk' | 'importDesk'>): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/contacts/import',
        operationId: 'importContacts',
        tag: 'Outreach',
        summary: 'Contacts from a CSV or JSON file; rows with a problem are refused, the rest is kept',
        description: `The body is the file itself, of at most ${MAX_BYTES / 1024 / 1024} MiB and ${MAX_ROWS} rows, plain or packed with gzip (then its name ends in .gz). A contact is known by its e-mail address, else phone, else postal address: what it lacks is filled in, nothing is overwritten, and the same file a second time changes nothing.`,
        permission: 'outreach:update',
        query: z.object({
          kind: z.enum(CONTACT_KINDS),
          file_name: text(200).regex(/^[^/\\]+$/, 'must be a name without a folder'),
          dry_run: booleanQuery.default(false).openapi({ description: 'What would become of it; nothing is stored' }),
          time_zone: text(60).optional().openapi({ description: 'Of rows that have none, such as America/Chicago' }),
          state: text(30).optional().openapi({ description: 'Of rows that have none, such as TX' }),
          county: text(60).optional().openapi({ description: 'Of the properties that owners have, by slug' }),
          columns: text(8_000)
            .optional()
            .openapi({ description: 'What columns are, as JSON: `{"Work": "email", "Notes": "ignore"}`' }),
        }),
        takesFile: true,
        answer: contactImport,
        maxBodyBytes: MAX_BYTES,
      },
      async ({ c, principal, query, now }) => {
        const contacts = partOf(deps.contactDesk, 'Contacts');
        const files = partOf(deps.importDesk, 'Imports');
        const columns = columnsOf(query.columns);
        // A body that was read for its Idempotency-Key is there again, but no longer as a stream.
        const stream = c.req.raw.bodyUsed ? new Response(await c.req.arrayBuffer()).body : c.req.raw.body;
        if (stream === null) throw empty();
        const file = await files.receive(stream, MAX_BYTES);
        try {
          if (file.bytes === 0) throw empty();
          const done = await contacts.importFile({
            tenantId: principal.tenantId,
            path: file.path,
            name: query.file_name,
            maxRows: MAX_ROWS,
            said: {
              kind: query.kind,
              timeZone: query.time_zone ?? null,
              state: query.state ?? null,
              county: query.county ?? null,
              columns,
            },
            dryRun: query.dry_run,
            importedBy: principal.id,
            now,
          });
          return { ...NOTHING, ...done };
        } finally {
          await file.remove();
        }
      },
    ),
  ];
}

const NOTHING = {
  created: 0,
  updated: 0,
  unchanged: 0,
  archived: 0,
  properties_linked: 0,
  buy_boxes: 0,
  consents: 0,
};
const empty = () => new ReosError('validation', 'The body is empty: send the file.');

function columnsOf(given: string | undefined): [string, string][] {
  if (given === undefined) return [];
  const parsed = z.record(z.string(), z.string()).safeParse(parseJson(given));
  if (parsed.success) return Object.entries(parsed.data);
  throw new ReosError('validation', 'columns: must be JSON such as {"Work": "email", "Notes": "ignore"}', {
    details: { field: 'columns' },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
