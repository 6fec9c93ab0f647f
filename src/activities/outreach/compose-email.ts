import { ReosError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/outreach/clean-text.ts';
import type { OutboundEmail } from './channel.ts';
import type { Composition } from './compose.ts';
import { isToOwner, propertyLabel, readSender, type Sender, unsubscribeUrl, viewOf } from './compose-view.ts';
import type { Template } from './template-compile.ts';

const DAY_SECONDS = 86_400;
// Providers refuse mails past 20–30 MB; a larger memo is only linked.
const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;

/**
 * An e-mail: subject, HTML and text from the template, and the headers for one-click unsubscribing (RFC 8058). The
 * memo is linked where the template writes `memoUrl`, attached where it also speaks of `hasAttachment`; never to owners.
 * @throws ReosError as `composeMessage` does
 */
export async function composeEmail({
  deps,
  send,
  tenantId,
  template: name,
  replyToken,
}: Composition): Promise<OutboundEmail> {
  const sender = readSender(send);
  const { contact } = send;
  if (sender.email === undefined) {
    throw new ReosError('validation', "The campaign's sender has no e-mail address. Add email to campaigns.sender.");
  }
  if (contact.email === null) throw new ReosError('validation', 'The contact has no e-mail address.');
  const template = await deps.templates.find(tenantId, ['email'], name);
  const memo = await readMemo({ deps, send }, template);
  const filled = template.fill(viewOf(deps, send, sender, memo));
  const from = { name: oneLine(sender.name, 80), email: sender.email };
  return {
    sendId: send.sendId,
    tenantId,
    kind: 'email',
    to: { name: oneLine(contact.name, 80), email: contact.email },
    from,
    replyTo: replyToOf(sender, from.name, replyToken, deps.replyDomain),
    subject: oneLine(filled['subject.txt'] ?? '', 200),
    html: filled['mjml'] ?? '',
    text: filled['txt'] ?? '',
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl(deps, send)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    attachment:
      memo?.content == null
        ? null
        : { filename: `${slug(propertyLabel(send))}-memo.pdf`, content: memo.content, contentType: 'application/pdf' },
    plannedAt: send.createdAt,
  };
}

/** The send's own address on the reply domain; without one, the campaign's, if it has one. */
function replyToOf(sender: Sender, name: string, token: string | null, domain: string | undefined) {
  if (token !== null && domain !== undefined) return { name, email: `reply+${token}@${domain}` };
  return sender.replyTo === undefined ? null : { name, email: sender.replyTo };
}

/** The memo as far as the template uses it; null when it does not, there is none, or it is not for this recipient. */
async function readMemo({ deps, send }: Pick<Composition, 'deps' | 'send'>, { fields }: Template) {
  if (send.memoPath === null || isToOwner(send)) return null;
  if (!fields.has('memoUrl') && !fields.has('hasAttachment')) return null;
  const url = new URL(await deps.storage.signedUrl(send.memoPath, deps.memoUrlSeconds ?? DAY_SECONDS), deps.publicUrl);
  // Also when it is only linked: a link to a memo that is gone must not leave.
  const bytes = await deps.storage.get(send.memoPath);
  const isAttached = fields.has('hasAttachment') && bytes.length <= MAX_ATTACHMENT_BYTES;
  return { url: url.toString(), isAttached, content: isAttached ? Buffer.from(bytes) : null };
}

function slug(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
}
