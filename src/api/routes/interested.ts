import { Hono } from 'hono';
import { html } from 'hono/html';
import { page } from '../page.ts';
import type { ApiEnv } from '../problem.ts';

/**
 * `GET /interested`: where the call to action of a message leads. It changes nothing, because link scanners follow it
 * too; the click itself is reported, signed, by the mail provider.
 */
export function interestedRoutes(): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get('/interested', (c) =>
    page(
      c,
      200,
      'Thank you for your interest',
      html`<p>Reply to our message, and we will talk about the property.</p>`,
    ),
  );
  return app;
}
