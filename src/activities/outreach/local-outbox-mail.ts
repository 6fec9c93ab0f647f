import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mailbox, OutboundEmail } from './channel.ts';

const addressOf = ({ name, email }: Mailbox) => ({ name, address: email });

/** An e-mail as the bytes of an `.eml` file: headers, both parts and the attachment. Reads no file and no address. */
export function buildEml(message: OutboundEmail, messageId: string): Promise<Buffer> {
  const { attachment } = message;
  const mail = new MailComposer({
    from: addressOf(message.from),
    to: addressOf(message.to),
    ...(message.replyTo === null ? {} : { replyTo: addressOf(message.replyTo) }),
    subject: message.subject,
    text: message.text,
    html: message.html,
    headers: { ...message.headers, 'X-Send-Id': message.sendId },
    messageId,
    date: message.plannedAt,
    attachments:
      attachment === null
        ? []
        : [{ filename: attachment.filename, content: attachment.content, contentType: attachment.contentType }],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}
