import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { appendAudit } from '../../db/queries/audit.ts';
import { findSendByToken, recordMessageEvent } from '../../db/queries/outreach-events.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { page } from '../page.ts';
import type { ApiEnv } from '../problem.ts';

/**
 * `/unsubscribe/{token}`. GET (and HEAD) shows a form and changes nothing, because link scanners send both; POST
 * suppresses the address, from the form or as a mail program's one click (RFC 8058), as often as it is pressed.
 */
export function unsubscribeRoutes(deps: Pick<ApiDeps, 'db' | 'clock'>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get('/unsubscribe/:token', async (c) => {
    const found = await findToken(deps, c.req.param('token'));
    if (found === null)
      return page(
        c,
        404,
        'This link is not known',
        html`<p>It may have been cut off. Use the link of a newer message.</p>`,
      );
    return page(
      c,
      200,
      'Unsubscribe',
      html`<p>Press the button and we will not write to this address again.</p>
        <form method="post"><button type="submit" name="confirm" value="yes">Unsubscribe</button></form>`,
    );
  });
  app.post('/unsubscribe/:token', bodyLimit({ maxSize: 16 * 1024, onError: refuseBody }), async (c) => {
    const found = await findToken(deps, c.req.param('token'));
    if (found === null)
      return page(c, 404, 'This link is not known', html`<p>Nothing was changed. Use the link of a newer message.</p>`);
    const at = deps.clock();
    const requestId = c.get('requestId');
    await withTenant(deps.db, found.tenantId, async (trx) => {
      await recordMessageEvent(trx, {
        sendId: found.sendId,
        provider: 'unsubscribe-link',
        providerEventId: `unsubscribe:${found.sendId}`,
        type: 'unsubscribe',
        at,
        meaning: { status: 'unsubscribed', suppress: 'unsubscribed', counts: null },
        isAnswer: false,
        providerMessageId: null,
        detail: {},
      });
      await appendAudit(trx, {
        at,
        actorKind: 'system',
        actorId: 'unsubscribe-link',
        action: 'outreach:unsubscribe',
        resource: `send:${found.sendId}`,
        outcome: 'ok',
        requestId: requestId ?? null,
        subjectId: null,
        detail: {},
      });
    });
    return page(c, 200, 'You are unsubscribed', html`<p>We will not write to this address again.</p>`);
  });
  return app;
}

async function findToken(deps: Pick<ApiDeps, 'db'>, token: string) {
  if (!/^[A-Za-z0-9_-]{16,128}$/.test(token)) return null;
  return withSystem(deps.db, 'find the send of an unsubscribe link', (trx) => findSendByToken(trx, token));
}

function refuseBody(): never {
  throw new ReosError('payload_too_large', 'An unsubscribe request has no content worth more than 16 kB.');
}
