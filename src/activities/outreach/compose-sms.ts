import { ReosError } from '../../domain/errors.ts';
import { countSmsSegments } from '../../domain/outreach/sms-segments.ts';
import type { OutboundSms } from './channel.ts';
import type { Composition } from './compose.ts';
import { isToOwner, readSender, viewOf } from './compose-view.ts';
import { MAX_SMS_SEGMENTS } from './twilio.ts';

const DAY_SECONDS = 86_400;

/**
 * A text message from the template. Its status callback names the send.
 * @throws ReosError as `composeMessage` does, `template` also for a text that takes more than ten segments
 */
export async function composeSms({ deps, send, tenantId, template: name }: Composition): Promise<OutboundSms> {
  const sender = readSender(send);
  const to = send.contact.phone;
  if (to === null) throw new ReosError('validation', 'The contact has no phone number.');
  const template = await deps.templates.find(tenantId, ['sms'], name);
  const linksMemo = template.fields.has('memoUrl') && send.memoPath !== null && !isToOwner(send);
  const link = linksMemo ? await deps.storage.signedUrl(send.memoPath ?? '', deps.memoUrlSeconds ?? DAY_SECONDS) : null;
  const memo = link === null ? null : { url: new URL(link, deps.publicUrl).toString(), isAttached: false };
  const body = (template.fill(viewOf(deps, send, sender, memo))['sms.txt'] ?? '').trim();
  const { segments } = countSmsSegments(body);
  if (segments > MAX_SMS_SEGMENTS) {
    throw new ReosError(
      'template',
      `The sms template '${name}' makes ${segments} segments of text for this recipient; ${MAX_SMS_SEGMENTS} are the most. Shorten it.`,
      { details: { template: name, kind: 'sms', part: 'sms.txt', field: null } },
    );
  }
  const statusCallback = new URL('/webhook/twilio', deps.publicUrl);
  statusCallback.searchParams.set('send_id', send.sendId);
  return {
    sendId: send.sendId,
    tenantId,
    kind: 'sms',
    to,
    body,
    statusCallbackUrl: statusCallback.toString(),
    plannedAt: send.createdAt,
  };
}
