import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ApiEnv } from './problem.ts';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1f2933}' +
  'button{font:inherit;padding:.75rem 1.5rem;border:0;border-radius:4px;background:#0b5394;color:#fff}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** A small page for a recipient: no script, nothing from elsewhere. `content` is HTML whose values are escaped. */
export function page(c: Context<ApiEnv>, status: 200 | 404, title: string, content: ReturnType<typeof html>) {
  c.header('Content-Security-Policy', POLICY);
  c.header('Cache-Control', 'no-store');
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${title}</title>
          <style>${raw(STYLE)}</style>
        </head>
        <body><main><h1>${title}</h1>${content}</main></body>
      </html>`,
    status,
  );
}
