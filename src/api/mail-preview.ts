import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { PREVIEW_SCRIPT } from './mail-preview-script.ts';
import type { ApiEnv } from './problem.ts';

/** Where the page is that shows a message as its recipient sees it; the dashboard frames it. */
export const MAIL_PREVIEW_PATH = '/mail-preview';

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Message</title></head><body><script>${PREVIEW_SCRIPT}</script></body></html>
`;

/**
 * What the page may do. `sandbox` without `allow-same-origin` gives it an origin of its own: no session, no storage, no
 * API. Nothing runs but the script of that hash; styles of a message may stand in it, as mail programs have them; no
 * request leaves, so neither pictures nor styles tell anybody that the message was looked at.
 */
const POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(PREVIEW_SCRIPT).digest('base64')}'`,
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-scripts',
].join('; ');

/** The page; it holds nothing until the page around it sends a message's HTML. */
export function mailPreviewRoutes(): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get(MAIL_PREVIEW_PATH, (c) => {
    c.header('Content-Security-Policy', POLICY);
    c.header('Cache-Control', 'no-cache');
    return c.html(PAGE);
  });
  return app;
}

/** Lets pages of this server frame the preview, which the security headers of all answers forbid. Goes before those. */
export const allowPreviewFrame = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  c.res.headers.set('X-Frame-Options', 'SAMEORIGIN');
});
