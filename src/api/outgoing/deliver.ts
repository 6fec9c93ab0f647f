import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import { appendAudit } from '../../db/queries/audit.ts';
import { type ClaimedDelivery, recordDelivered, recordFailed } from '../../db/queries/webhook-claims.ts';
import { disableEndpoint, findEndpoint, notifyOfDisabled } from '../../db/queries/webhook-endpoints.ts';
import type { Sealer } from '../../db/sealer.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { messageOf } from '../../domain/errors.ts';
import {
  judgeWebhookAnswer,
  nextWebhookAttempt,
  readRetryAfter,
  WEBHOOK_FAILING_MS,
  WEBHOOK_ORDERED_ATTEMPTS,
} from '../../domain/webhook-schedule.ts';
import type { Attempt, PostWebhook } from './send.ts';
import { openSecrets, secretOwner, signedHeaders } from './signature.ts';

export interface DeliverDeps {
  db: Database;
  logger: Logger;
  clock: () => Date;
  sealer: Sealer;
  post: PostWebhook;
  /** 0 to 1, for the jitter. */
  random?: () => number;
}

/** The body of a message: type and time as Standard Webhooks has them, and the event as it is in the event log. */
export function messageBody(delivery: Pick<ClaimedDelivery, 'eventType' | 'payload'>): string {
  return JSON.stringify({ type: delivery.eventType, timestamp: delivery.payload.timestamp, data: delivery.payload });
}

/** Sends one delivery once and writes down what came of it: taken, to be tried again, failed, or the end of the webhook. */
export async function deliverOne(deps: DeliverDeps, claim: ClaimedDelivery): Promise<void> {
  const startedAt = deps.clock();
  const attempt = await attemptOne(deps, claim, startedAt);
  const now = deps.clock();
  const durationMs = Math.max(0, now.getTime() - startedAt.getTime());
  const verdict = attempt.status === null ? 'failed' : judgeWebhookAnswer(attempt.status);
  await withTenant(deps.db, claim.tenantId, async (trx) => {
    if (verdict === 'delivered') {
      await recordDelivered(trx, claim, { statusCode: attempt.status ?? 0, durationMs }, now);
      return;
    }
    const asksForTime = attempt.status === 429 || attempt.status === 503;
    const askedSeconds = asksForTime ? readRetryAfter(attempt.retryAfter, now) : null;
    const random = (deps.random ?? Math.random)();
    const nextAttemptAt = verdict === 'gone' ? null : nextWebhookAttempt(claim.attempts, now, random, askedSeconds);
    const failingSince = await recordFailed(
      trx,
      claim,
      {
        statusCode: attempt.status,
        error: attempt.error ?? 'No answer came.',
        durationMs,
        nextAttemptAt,
        retryAt: askedSeconds === null ? null : nextAttemptAt,
      },
      now,
    );
    const isLongFailing =
      failingSince !== undefined &&
      claim.attempts >= WEBHOOK_ORDERED_ATTEMPTS &&
      now.getTime() - failingSince.getTime() >= WEBHOOK_FAILING_MS;
    if (verdict === 'gone') await disable(trx, claim, 'The receiver answered 410: it wants no more.', now);
    else if (isLongFailing) {
      await disable(trx, claim, `Nothing has arrived since ${failingSince.toISOString()}. ${attempt.error ?? ''}`, now);
    }
  });
}

async function attemptOne(deps: DeliverDeps, claim: ClaimedDelivery, now: Date): Promise<Attempt> {
  let headers: Record<string, string>;
  const body = messageBody(claim);
  try {
    const secrets = openSecrets(deps.sealer, secretOwner(claim.tenantId, claim.endpointId), claim, now);
    headers = signedHeaders(secrets, { id: claim.eventId, at: now, body });
  } catch (error) {
    deps.logger.error({ err: error, webhookId: claim.endpointId }, 'a webhook could not be signed');
    return { status: null, retryAfter: undefined, error: `The message could not be signed: ${messageOf(error)}` };
  }
  return deps.post(claim.url, headers, body);
}

/** Disables a webhook that is of no use any more, tells the admins, and leaves a line in the audit log. */
async function disable(trx: TenantTrx, claim: ClaimedDelivery, reason: string, now: Date): Promise<void> {
  if (!(await disableEndpoint(trx, claim.endpointId, reason.trim(), now))) return;
  const endpoint = await findEndpoint(trx, claim.endpointId);
  if (endpoint !== undefined) await notifyOfDisabled(trx, endpoint, now);
  await appendAudit(trx, {
    at: now,
    actorKind: 'system',
    actorId: 'webhooks',
    action: 'webhooks:update',
    resource: `disableWebhook:${claim.endpointId}`,
    outcome: 'ok',
    requestId: null,
    subjectId: null,
    detail: { reason: reason.trim() },
  });
}
