import { appendFile, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeHtml } from '../../domain/outreach/clean-text.ts';
import type {
  Channel,
  ChannelDeps,
  OutboundEmail,
  OutboundMail,
  OutboundMessage,
  PostalParty,
  SendOutcome,
} from './channel.ts';
import { safeHeaders } from './channel-http.ts';
import { buildEml } from './local-outbox-mail.ts';

/**
 * Every kind of message without a provider: files in `<outbox>/<tenant>` that a person can open, and a line per
 * message in `index.jsonl` beside them. E-mail is `<date>-<sendId>.eml`, a text message `.txt`, a letter `.html`, a
 * postcard `-front.html` and `-back.html`. Names depend on the send alone, so sending it again finds its files.
 */
export function createLocalOutbox(deps: Pick<ChannelDeps, 'outboxDir'>): Channel {
  return {
    name: 'local-outbox',
    kinds: ['email', 'sms', 'mail'],
    isIdempotent: true,
    isLive: false,
    costMicros: () => 0,
    send: (message) => deliver(deps.outboxDir, message),
  };
}

/** A message as files: suffix to content, and what its line in the index says. */
interface Filed {
  files: Record<string, string | Buffer>;
  to: string;
  subject: string;
}

async function deliver(outboxDir: string, message: OutboundMessage): Promise<SendOutcome> {
  const filed = await fileMessage(message);
  if (filed === null) return { outcome: 'rejected', reason: 'An address of the message is none that mail can have.' };
  const folder = join(outboxDir, message.tenantId);
  const name = `${message.plannedAt.toISOString().slice(0, 10)}-${message.sendId}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = Object.keys(filed.files).map((suffix) => `${name}${suffix}`);
  let existed = false;
  for (const [suffix, content] of Object.entries(filed.files)) {
    const path = join(folder, `${name}${suffix}`);
    if (await exists(path)) existed = true;
    else await writeAtomically(path, content);
  }
  await listOnce(join(folder, 'index.jsonl'), message, { ...filed, names }, existed);
  return { outcome: 'sent', providerMessageId: messageIdOf(message) };
}

function messageIdOf({ sendId }: OutboundMessage): string {
  return `<${sendId}@outbox.local>`;
}

async function fileMessage(message: OutboundMessage): Promise<Filed | null> {
  if (message.kind === 'email') return fileEmail(message);
  if (message.kind === 'sms') {
    const head = `To: ${message.to}\nDate: ${message.plannedAt.toISOString()}\nX-Send-Id: ${message.sendId}\n`;
    return { files: { '.txt': `${head}\n${message.body}\n` }, to: message.to, subject: message.body };
  }
  return fileMail(message);
}

async function fileEmail(message: OutboundEmail): Promise<Filed | null> {
  const safe = safeHeaders(message);
  if (safe === null) return null;
  const content = await buildEml({ ...message, ...safe }, messageIdOf(message));
  return { files: { '.eml': content }, to: safe.to.email, subject: safe.subject };
}

function fileMail({ piece, to, from, description }: OutboundMail): Filed {
  const files: Filed['files'] =
    piece.format === 'letter'
      ? { '.html': withAddresses(piece.html, from, to, 'left:.7in;top:.55in', 'left:.7in;top:1.8in') }
      : {
          '-front.html': piece.front,
          '-back.html': withAddresses(
            piece.back,
            from,
            to,
            'right:.4in;bottom:1.9in;width:3in',
            'right:.4in;bottom:.5in;width:3in',
          ),
        };
  return { files, to: to.name, subject: description };
}

/** A printer puts both addresses on the piece; here they are laid over the place that the design leaves free. */
function withAddresses(html: string, from: PostalParty, to: PostalParty, fromAt: string, toAt: string): string {
  const block = ({ name, address }: PostalParty, at: string, size: string) => {
    const lines = [name, address.line1, address.line2, `${address.city}, ${address.state} ${address.zipCode}`];
    const text = lines.filter((line) => line !== null && line !== '').map((line) => escapeHtml(line ?? ''));
    return `<div style="position:absolute;${at};font:${size} Helvetica,Arial,sans-serif;color:#000">${text.join('<br>')}</div>`;
  };
  const overlay = `${block(from, fromAt, '8pt/1.2')}${block(to, toAt, '10pt/1.3')}`;
  const at = html.toLowerCase().lastIndexOf('</body>');
  return at === -1 ? `${html}${overlay}` : `${html.slice(0, at)}${overlay}${html.slice(at)}`;
}

async function writeAtomically(path: string, content: string | Buffer): Promise<void> {
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
async function listOnce(
  indexPath: string,
  message: OutboundMessage,
  filed: { to: string; subject: string; names: string[] },
  existed: boolean,
): Promise<void> {
  if (existed && (await exists(indexPath)) && (await readFile(indexPath, 'utf8')).includes(message.sendId)) return;
  const [file, back] = filed.names;
  const line = {
    send_id: message.sendId,
    kind: message.kind === 'mail' ? message.piece.format : message.kind,
    to: filed.to,
    subject: filed.subject,
    file,
    ...(back === undefined ? {} : { back_file: back }),
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
