import { appendFile, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Channel, ChannelDeps, OutboundEmail, SendOutcome } from './channel.ts';

/**
 * E-mail without a provider: `<outbox>/<tenant>/<date>-<sendId>.eml`, which any mail program opens, and a line per
 * message in `index.jsonl` beside it. The name depends on the send alone, so sending it again finds the file.
 */
export function createLocalOutbox(deps: Pick<ChannelDeps, 'outboxDir'>): Channel {
  return {
    name: 'local-outbox',
    kinds: ['email'],
    isIdempotent: true,
    isLive: false,
    costMicros: () => 0,
    send: async (message) =>
      message.kind === 'email'
        ? deliver(deps.outboxDir, message)
        : { outcome: 'rejected', reason: `The local outbox does not carry ${message.kind}.` },
  };
}

async function deliver(outboxDir: string, message: OutboundEmail): Promise<SendOutcome> {
  const folder = join(outboxDir, message.tenantId);
  const name = `${message.plannedAt.toISOString().slice(0, 10)}-${message.sendId}.eml`;
  const path = join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const existed = await exists(path);
  if (!existed) await writeAtomically(path, await compose(message));
  await listOnce(join(folder, 'index.jsonl'), message, name, existed);
  return { outcome: 'sent', providerMessageId: messageIdOf(message) };
}

function messageIdOf(message: OutboundEmail): string {
  return `<${message.sendId}@outbox.local>`;
}

function compose(message: OutboundEmail): Promise<Buffer> {
  const { attachment } = message;
  const mail = new MailComposer({
    from: { name: message.from.name, address: message.from.email },
    to: { name: message.to.name, address: message.to.email },
    ...(message.replyTo === null ? {} : { replyTo: { name: message.replyTo.name, address: message.replyTo.email } }),
    subject: message.subject,
    text: message.text,
    html: message.html,
    headers: { ...message.headers, 'X-Send-Id': message.sendId },
    messageId: messageIdOf(message),
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

async function writeAtomically(path: string, content: Buffer): Promise<void> {
  const temporary = `${path}.${process.pid}.${Date.now()}.part`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Adds the message's line; after an interrupted attempt the index is read first, so that none appears twice. */
async function listOnce(indexPath: string, message: OutboundEmail, name: string, existed: boolean): Promise<void> {
  if (existed && (await exists(indexPath)) && (await readFile(indexPath, 'utf8')).includes(message.sendId)) return;
  const line = {
    send_id: message.sendId,
    to: message.to.email,
    subject: message.subject,
    file: name,
    planned_at: message.plannedAt,
  };
  await appendFile(indexPath, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
