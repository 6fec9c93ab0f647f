import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { documentOf } from './kit/document.ts';
import type { ApiEnv } from './problem.ts';

// Scripts and styles come from our own files alone; the pictures of Swagger UI are in its styles.
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Real Estate OS API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="api"></div>
    <noscript>This page needs scripts. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  docExpansion: 'list',
});
`;

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** `/docs`: the OpenAPI document to read and try, from files of this machine alone. */
export function docsRoutes(): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const path of ['/docs', '/docs/']) {
    app.get(path, (c) => {
      c.header('Content-Security-Policy', PAGE_POLICY);
      return c.html(PAGE);
    });
  }
  app.get('/docs/:file', async (c) => {
    const name = c.req.param('file');
    if (name === 'start.js') return c.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' });
    const type = FILES[name];
    if (type === undefined) return c.notFound();
    const bytes = await readFile(join(folder, name));
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' });
  });
  return app;
}

/** `/openapi.json`: made when it is first asked for, since making it takes a while and routes do not change. */
export function documentRoutes(api: OpenAPIHono<ApiEnv>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  let made: { text: string; tag: string } | undefined;
  app.get('/openapi.json', (c) => {
    if (made === undefined) {
      const text = JSON.stringify(documentOf(api));
      made = { text, tag: `"${createHash('sha1').update(text).digest('base64url')}"` };
    }
    c.header('ETag', made.tag);
    c.header('Cache-Control', 'public, no-cache');
    if (c.req.header('If-None-Match') === made.tag) return c.body(null, 304);
    return c.body(made.text, 200, { 'Content-Type': 'application/json' });
  });
  return app;
}
