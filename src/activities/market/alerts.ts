import {
  claimDelivery,
  raiseAlerts,
  readChannels,
  settleAlerts,
  settleDelivery,
  takeAlert,
} from '../../db/queries/alerts.ts';
import { markDelivered } from '../../db/queries/briefings.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { queueUserMails } from '../../db/queries/user-mails.ts';
import { withTenant } from '../../db/tenant.ts';
import { alertLines, alertSubject, slackBody } from '../../intelligence/delivery.ts';
import { LOOKS } from '../../intelligence/planner.ts';
import { postUserMails, type UserMailDeps } from '../platform/user-mails.ts';
import { look, type MadeBriefing } from './briefing.ts';
import { localDay } from './briefing-day.ts';
import { postSlack, type SlackDoor } from './slack.ts';

/** What alerts and briefings are delivered with. */
export interface DeliveryDeps extends UserMailDeps {
  /** Without it, mail alone. */
  slack?: SlackDoor | undefined;
}

type SlackDeps = DeliveryDeps & { slack: SlackDoor };

/** An alert tells of what is new or worse: a channel that is set up today is not told of last week. */
const ALERT_WINDOW_MS = 24 * 3_600_000;
/** An attempt that takes longer was interrupted. */
const SENDING_MS = 60_000;
/** What can turn serious within a day. */
const URGENT: readonly string[] = ['pricing_error', 'inventory_surge', 'contribution_margin', 'anomaly', 'funnel_drop'];

/**
 * Looks at what can turn serious, brings the packets up to date, and alerts at once. For whatever has just refreshed a
 * tenant's marts. Again with the same data: nothing is told twice.
 * @returns how many alerts left
 */
export async function detectAndAlert(deps: DeliveryDeps, tenantId: string, now: Date): Promise<number> {
  await withTenant(deps.db, tenantId, async (trx) => {
    const day = localDay(now, (await readOwnTenant(trx)).timeZone);
    await look(
      trx,
      now,
      day,
      LOOKS.filter(({ key }) => URGENT.includes(key)),
    );
  });
  return deliverAlerts(deps, tenantId, now);
}

/**
 * Tells every channel of each HIGH or CRITICAL packet once. Mail is queued in the transaction that writes the alert down;
 * Slack is posted after it, and what an interruption left in doubt stays `unknown` and is not repeated.
 */
export async function deliverAlerts(deps: DeliveryDeps, tenantId: string, now: Date): Promise<number> {
  const since = new Date(now.getTime() - ALERT_WINDOW_MS);
  const { mailed, slackSealed } = await withTenant(deps.db, tenantId, async (trx) => {
    const channels = await readChannels(trx);
    const slackSealed = deps.slack === undefined ? null : channels.slackSealed;
    if (slackSealed !== null) await raiseAlerts(trx, 'slack', since, now);
    if (channels.recipients.length === 0) return { mailed: 0, slackSealed };
    const raised = await raiseAlerts(trx, 'email', since, now);
    const mails = raised.flatMap((alert) =>
      channels.recipients.map((userId) => ({
        userId,
        reference: `alert:${alert.packetId}:${alert.severity}`,
        subject: alertSubject(alert),
        body: alertLines(alert).join('\n'),
        attachmentKey: null,
        attachmentName: null,
      })),
    );
    await queueUserMails(trx, mails);
    const ids = raised.map(({ id }) => id);
    await settleAlerts(trx, ids, { status: 'sent', detail: `Mailed to ${channels.recipients.length}.` }, now);
    return { mailed: raised.length, slackSealed };
  });
  const { slack } = deps;
  const isPosting = slackSealed !== null && slack !== undefined;
  const posted = isPosting ? await postAlerts({ ...deps, slack }, tenantId, slackSealed, now) : 0;
  if (mailed > 0) await postUserMails(deps, tenantId);
  return mailed + posted;
}

async function postAlerts(deps: SlackDeps, tenantId: string, sealed: string, now: Date): Promise<number> {
  const givenUpAt = new Date(now.getTime() - SENDING_MS);
  for (let posted = 0; ; posted += 1) {
    const alert = await withTenant(deps.db, tenantId, (trx) => takeAlert(trx, 'slack', now, givenUpAt));
    if (alert === undefined) return posted;
    const { status, detail } = await postSlack(deps.slack, tenantId, sealed, slackBody(alertLines(alert).join('\n')));
    const settled = { status: status === 'again' ? ('pending' as const) : status, detail };
    await withTenant(deps.db, tenantId, (trx) => settleAlerts(trx, [alert.id], settled, now));
    if (status === 'sent') continue;
    deps.logger.warn({ alertId: alert.id, status, detail }, 'an alert did not reach Slack');
    // The others would meet the same; the next look tries again.
    if (status === 'again') return posted;
  }
}

/** Sends the briefing of the day to every channel that is set up, each once however often the briefing is made. */
export async function deliverBriefing(
  deps: DeliveryDeps,
  tenantId: string,
  briefing: Pick<MadeBriefing, 'id' | 'day' | 'markdown' | 'pipelinePath'>,
  now: Date,
): Promise<void> {
  const { id, day, markdown, pipelinePath } = briefing;
  const { sealed, isMailed } = await withTenant(deps.db, tenantId, async (trx) => {
    const { slackSealed, recipients } = await readChannels(trx);
    const isFirst = recipients.length > 0 && (await claimDelivery(trx, id, 'email', now));
    if (isFirst) {
      const mail = { subject: `Market briefing ${day}`, body: markdown };
      const pipeline = { attachmentKey: pipelinePath, attachmentName: `deal-pipeline-${day}.json` };
      await queueUserMails(
        trx,
        recipients.map((userId) => ({ userId, reference: `briefing:${day}`, ...mail, ...pipeline })),
      );
      await settleDelivery(trx, id, 'email', { status: 'sent', detail: `Mailed to ${recipients.length}.` }, now);
    }
    return { sealed: slackSealed, isMailed: isFirst };
  });
  if (isMailed) await postUserMails(deps, tenantId);
  const { slack } = deps;
  const isPosted =
    sealed === null || slack === undefined || (await postBriefing({ ...deps, slack }, tenantId, sealed, briefing, now));
  if (isPosted) await withTenant(deps.db, tenantId, (trx) => markDelivered(trx, id, now));
}

async function postBriefing(
  deps: SlackDeps,
  tenantId: string,
  sealed: string,
  { id, markdown }: Pick<MadeBriefing, 'id' | 'markdown'>,
  now: Date,
): Promise<boolean> {
  const isFirst = await withTenant(deps.db, tenantId, (trx) => claimDelivery(trx, id, 'slack', now));
  if (!isFirst) return true;
  const result = await postSlack(deps.slack, tenantId, sealed, slackBody(markdown));
  await withTenant(deps.db, tenantId, (trx) => settleDelivery(trx, id, 'slack', result, now));
  if (result.status !== 'sent') deps.logger.warn({ briefingId: id, ...result }, 'the briefing did not reach Slack');
  return result.status !== 'again';
}
