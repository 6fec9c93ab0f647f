import { Hono } from 'hono';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';

// Anything else is offered as a download of unknown content: a stored page must not run under our origin.
const CONTENT_TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
};
const INLINE = new Set(['pdf', 'png', 'jpg', 'jpeg']);

/** `GET /files/{key}`: one stored object, for whoever holds a signed link that has not expired. */
export function fileRoutes(deps: Pick<ApiDeps, 'files' | 'clock'>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get('/files/*', async (c) => {
    const url = new URL(c.req.url);
    const checked = deps.files.check(`${url.pathname}${url.search}`, deps.clock());
    if (!checked.ok)
      throw new ReosError('forbidden', `This link does not open the file: ${checked.reason}. Ask for a new link.`);
    const content = await deps.files.get(checked.key);
    const name =
      checked.key
        .split('/')
        .at(-1)
        ?.replace(/[^A-Za-z0-9._-]/g, '_') ?? 'file';
    const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
    const disposition = INLINE.has(extension) ? 'inline' : 'attachment';
    c.header('Content-Type', CONTENT_TYPES[extension] ?? 'application/octet-stream');
    c.header('Content-Disposition', `${disposition}; filename="${name}"`);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'private, no-store');
    return c.body(new Uint8Array(content));
  });
  return app;
}
