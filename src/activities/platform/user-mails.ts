import { readBranding } from '../../db/queries/branding.ts';
import { settleMailCost } from '../../db/queries/mail-ledger.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { openMailLink, settleUserMail, takeUserMail, type UserMail } from '../../db/queries/user-mails.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { escapeHtml, oneLine } from '../../domain/outreach/clean-text.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { Mailbox, OutboundEmail } from '../outreach/channel.ts';
import { type OutreachDeps, SENDING_LIMIT_MS } from '../outreach/deps.ts';
import { costOutcome, type MailOutcome, payForMail } from './user-mail-cost.ts';

/** What posting mail to a tenant's own users needs. */
export interface UserMailDeps
  extends Pick<OutreachDeps, 'db' | 'clock' | 'logger' | 'channels' | 'isProduction' | 'allowList' | 'publicUrl'> {
  store: Pick<ObjectStore, 'get' | 'signedUrl'>;
  /** Opens links that were sealed into mails; without it such a mail does not leave. */
  keys?: Pick<OutreachDeps['keys'], 'sealer'>;
}

const MOST_ATTEMPTS = 8;
const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;
const LINK_SECONDS = 7 * 86_400;
const UNSENT_SENDER = 'no-reply@reos.local';

/**
 * Posts the tenant's waiting mails to its own users, each once: an attempt that was interrupted is repeated only where
 * the channel knows the mail again, and is `unknown` elsewhere. Mail to a disabled user is dropped. Returns how many left.
 */
export async function postUserMails(deps: UserMailDeps, tenantId: string): Promise<number> {
  const channel = deps.channels.email;
  let sent = 0;
  for (;;) {
    const now = deps.clock();
    const givenUpAt = new Date(now.getTime() - SENDING_LIMIT_MS);
    const taken = await withTenant(deps.db, tenantId, async (trx) => {
      const mail = await takeUserMail(trx, now, givenUpAt);
      return mail && { mail, from: await senderOf(trx) };
    });
    if (taken === undefined) return sent;
    const { mail, from } = taken;
    const refusal = refuse(deps, mail, from);
    let outcome: MailOutcome;
    if (refusal !== null) outcome = refusal;
    else {
      try {
        const message = await composeMail(deps, tenantId, mail, from);
        const unpaid = await withTenant(deps.db, tenantId, (trx) => payForMail(trx, channel, message, mail, now));
        outcome = unpaid ?? (await channel.send(message));
      } catch (error) {
        outcome = { outcome: 'retry', reason: messageOf(error) };
      }
    }
    const settled = resultOf(outcome, mail.attempts, now);
    const cost = costOutcome(outcome.outcome);
    await withTenant(deps.db, tenantId, async (trx) => {
      await settleMailCost(trx, mail.id, cost);
      await settleUserMail(trx, mail.id, settled, now);
    });
    if (settled.status === 'sent') sent += 1;
    else
      deps.logger.warn(
        { mailId: mail.id, status: settled.status, reason: settled.error },
        'a mail to a user was not sent',
      );
  }
}

function refuse(deps: UserMailDeps, mail: UserMail, from: Mailbox) {
  const channel = deps.channels.email;
  if (!mail.isActive)
    return {
      outcome: 'dropped' as const,
      reason: mail.userId === null ? 'The invitation is not open any more.' : 'The user is disabled.',
    };
  if (mail.wasInterrupted && !channel.isIdempotent) {
    return { outcome: 'unknown' as const, reason: 'The attempt was interrupted; the mail may have left.' };
  }
  if (!channel.isLive) return null;
  if (from.email === UNSENT_SENDER) {
    const reason =
      'The tenant has no sender address. Set the e-mail of its branding to one that the mail provider knows.';
    return { outcome: 'rejected' as const, reason };
  }
  const names = [mail.email, `@${mail.email.split('@').at(-1)}`];
  if (deps.isProduction || names.some((name) => deps.allowList.includes(name))) return null;
  return {
    outcome: 'dropped' as const,
    reason: 'The address is not on the allow-list, which holds outside production.',
  };
}

/** The tenant as the sender: its branding's address, or one that only the local outbox takes. */
async function senderOf(trx: TenantTrx): Promise<Mailbox> {
  const branding = await readBranding(trx);
  const name = branding.companyName ?? (await readOwnTenant(trx)).name;
  return { name: oneLine(name, 80), email: branding.email ?? UNSENT_SENDER };
}

async function composeMail(
  deps: UserMailDeps,
  tenantId: string,
  mail: UserMail,
  from: Mailbox,
): Promise<OutboundEmail> {
  const { content, link } = await attachmentOf(deps, mail);
  const secret = mail.sealedLink === null ? null : openLink(deps, tenantId, mail, mail.sealedLink);
  const body = secret === null ? mail.body : `${mail.body}\n\n${secret}`;
  const text = link === null ? body : `${body}\n\nThe file is too large to attach. It is here for 7 days:\n${link}`;
  const anchor =
    link === null ? '' : `<p><a href="${escapeHtml(link)}">${escapeHtml(mail.attachmentName ?? link)}</a></p>`;
  const opened = secret === null ? '' : `<p><a href="${escapeHtml(secret)}">Open the link</a></p>`;
  return {
    kind: 'email',
    sendId: mail.id,
    tenantId,
    plannedAt: mail.createdAt,
    to: { name: oneLine(mail.name, 80), email: mail.email },
    from,
    replyTo: null,
    subject: oneLine(mail.subject, 200),
    text,
    html: `<div style="font:14px/1.5 sans-serif">${escapeHtml(body).replaceAll('\n', '<br>')}</div>${opened}${anchor}`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachment:
      content === null
        ? null
        : { filename: mail.attachmentName ?? 'report.csv', content, contentType: `${typeOf(mail)}; charset=utf-8` },
  };
}

function openLink(deps: UserMailDeps, tenantId: string, mail: UserMail, sealed: string): string {
  if (deps.keys !== undefined) return openMailLink(deps.keys.sealer, tenantId, mail, sealed);
  throw new ReosError('missing_part', 'This process has no key to open the link of the mail with.');
}

/** A report is CSV, a deal pipeline JSON. */
const typeOf = ({ attachmentName }: UserMail) =>
  attachmentName?.endsWith('.json') === true ? 'application/json' : 'text/csv';

async function attachmentOf(
  deps: UserMailDeps,
  mail: UserMail,
): Promise<{ content: Buffer | null; link: string | null }> {
  if (mail.attachmentKey === null) return { content: null, link: null };
  const content = await deps.store.get(mail.attachmentKey);
  if (content === null) return { content: null, link: null };
  if (content.length <= MAX_ATTACHMENT_BYTES) return { content, link: null };
  const options = {
    expiresSeconds: LINK_SECONDS,
    contentType: typeOf(mail),
    ...(mail.attachmentName === null ? {} : { fileName: mail.attachmentName }),
  };
  const url = await deps.store.signedUrl(mail.attachmentKey, options);
  return { content: null, link: new URL(url, deps.publicUrl).toString() };
}

function resultOf(outcome: MailOutcome, attempts: number, now: Date) {
  if (outcome.outcome === 'sent') return { status: 'sent' as const, error: null };
  if (outcome.outcome === 'held') {
    return { status: 'pending' as const, error: outcome.reason, nextAttemptAt: outcome.until };
  }
  if (outcome.outcome === 'retry' && attempts < MOST_ATTEMPTS) {
    const waitMs = Math.min(60_000 * 2 ** (attempts - 1), 3_600_000);
    return { status: 'pending' as const, error: outcome.reason, nextAttemptAt: new Date(now.getTime() + waitMs) };
  }
  const status = outcome.outcome === 'unknown' || outcome.outcome === 'dropped' ? outcome.outcome : ('failed' as const);
  return { status, error: outcome.reason };
}
