import { sql } from 'kysely';
import type { Sealer } from '../sealer.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** A mail to a tenant's own user. `reference` names what it tells of, so that each user is told once. */
export interface NewUserMail {
  userId: string;
  reference: string;
  subject: string;
  /** Plain text. */
  body: string;
  attachmentKey: string | null;
  attachmentName: string | null;
  /** A secret link below the text, sealed with `sealMailLink`; forgotten when the mail has left or never will. */
  sealedLink?: string;
}

/** Seals a link for the mail of that reference. */
export function sealMailLink(sealer: Sealer, tenantId: string, reference: string, url: string): string {
  return sealer.seal(mailOwner(tenantId, reference), url);
}

/** Opens what `sealMailLink` sealed. @throws ReosError `validation` when it was sealed for another mail */
export function openMailLink(
  sealer: Sealer,
  tenantId: string,
  mail: Pick<UserMail, 'reference'>,
  sealed: string,
): string {
  return sealer.open(mailOwner(tenantId, mail.reference), sealed);
}

const mailOwner = (tenantId: string, reference: string) => `user-mail:${tenantId}:${reference}`;

/** Puts a mail to the address of an invitation into the outbox; it leaves while the invitation is open. */
export async function queueInvitationMail(
  trx: TenantTrx,
  mail: { invitationId: string; reference: string; subject: string; body: string; sealedLink: string },
): Promise<void> {
  await trx.db
    .insertInto('userMails')
    .values({ tenantId: trx.tenantId, ...mail })
    .execute();
}

/** Puts mails into the outbox, with the change they tell of; one with a known reference is left out. */
export async function queueUserMails(trx: TenantTrx, mails: readonly NewUserMail[]): Promise<void> {
  if (mails.length === 0) return;
  await trx.db
    .insertInto('userMails')
    .values(mails.map((mail) => ({ tenantId: trx.tenantId, ...mail })))
    .onConflict((oc) => oc.columns(['tenantId', 'userId', 'reference']).doNothing())
    .execute();
}

/** A mail that this process alone is about to post. */
export interface UserMail {
  id: string;
  /** Null: it goes to the address of an invitation. */
  userId: string | null;
  reference: string;
  sealedLink: string | null;
  subject: string;
  body: string;
  attachmentKey: string | null;
  attachmentName: string | null;
  createdAt: Date;
  attempts: number;
  email: string;
  name: string;
  isActive: boolean;
  /** An attempt before this one was interrupted. */
  wasInterrupted: boolean;
}

/** Takes the mail that is due longest, or whose attempt began before `givenUpAt`; undefined when none is. */
export async function takeUserMail(trx: TenantTrx, now: Date, givenUpAt: Date): Promise<UserMail | undefined> {
  const { rows } = await sql<UserMail>`
    with due as (
      select m.id, m.status = 'sending' as was_interrupted, coalesce(u.email, i.email) as email,
        coalesce(u.name, i.email) as name, case when u.id is not null then u.status = 'active'
          else i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now} end as is_active
      from user_mails m
      left join user_accounts u on u.tenant_id = m.tenant_id and u.id = m.user_id
      left join invitations i on i.tenant_id = m.tenant_id and i.id = m.invitation_id
      where m.tenant_id = ${trx.tenantId} and m.next_attempt_at <= ${now}
        and (m.status = 'pending' or m.status = 'sending' and m.sending_at < ${givenUpAt})
      order by m.next_attempt_at, m.id limit 1 for update of m skip locked
    )
    update user_mails m set status = 'sending', sending_at = ${now}, attempts = m.attempts + 1
    from due where m.tenant_id = ${trx.tenantId} and m.id = due.id
    returning m.id, m.user_id, m.reference, m.subject, m.body, m.attachment_key, m.attachment_name, m.sealed_link,
      m.created_at, m.attempts, due.email, due.name, due.is_active, due.was_interrupted`.execute(trx.db);
  return rows[0];
}

/** Writes what came of the attempt. `pending` goes with the time of the next one. */
export async function settleUserMail(
  trx: TenantTrx,
  mailId: string,
  result: { status: 'sent' | 'pending' | 'failed' | 'unknown' | 'dropped'; error: string | null; nextAttemptAt?: Date },
  now: Date,
): Promise<void> {
  const { status, error, nextAttemptAt } = result;
  await trx.db
    .updateTable('userMails')
    .set({
      status,
      error,
      ...(status === 'pending' ? {} : { sealedLink: null }),
      ...(nextAttemptAt ? { nextAttemptAt } : {}),
      ...(status === 'sent' ? { sentAt: now } : {}),
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', mailId)
    .where('status', '=', 'sending')
    .execute();
}

/** Active tenants with a report that is due or queued, a mail that waits, or a daily search. */
export async function listTenantsWithMail(trx: SystemTrx, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from tenants where status = 'active' and id in (
      select tenant_id from scheduled_reports where status = 'active' and next_run_at <= ${now}
      union select tenant_id from report_runs where status = 'queued'
      union select tenant_id from user_mails where status in ('pending', 'sending') and next_attempt_at <= ${now}
      union select tenant_id from saved_searches where alert = 'daily' and alerted_until < ${now}::timestamptz - interval '1 hour')
    order by id`.execute(trx.db);
  return rows.map(({ id }) => id);
}
