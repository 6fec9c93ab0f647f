import { Link } from '@tanstack/react-router';
import { api, type Schemas } from '../../app/api.ts';
import { formatCount, formatMicros, formatMoment } from '../../lib/format.ts';
import { sourceName, streetName } from '../../lib/names.ts';
import { Badge } from '../../ui/badge.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import styles from './message.module.css';
import { type MessageParts, MessageView } from './message-parts.tsx';
import { readMail } from './mime.ts';
import { channelName, messageStatus } from './words.ts';

type OutboxFile = { name: string; bytes: number; text: string | null };

/** One message: what became of it, and as its recipient sees it. */
export function MessageDialog({ sendId, onClose }: { sendId: string; onClose: () => void }) {
  const query = api.useQuery('get', '/api/v1/outbox/{id}', { params: { path: { id: sendId } } });
  return (
    <Dialog title={query.data ? `Message to ${query.data.contact}` : 'Message'} place="side" onClose={onClose}>
      <QueryView query={query} label="Loading the message">
        {({ files, ...message }) => (
          <>
            <Facts facts={factsOf(message)} />
            {files.length === 0 ? (
              <p className="muted">
                {message.sent_at === null
                  ? 'The message is written when it leaves. See how it would look in the campaign’s preview.'
                  : 'A provider sent this message; its text was not kept here. See how it looks in the campaign’s preview.'}
              </p>
            ) : (
              files.map((file) => (
                <FileView key={file.name} file={file} contact={message.contact} channel={message.channel} />
              ))
            )}
          </>
        )}
      </QueryView>
    </Dialog>
  );
}

function factsOf(message: Schemas['OutboxMessage']) {
  const status = messageStatus(message.status, message.held_reason);
  const facts: Array<readonly [string, React.ReactNode]> = [
    [
      'Status',
      <Badge key="status" tone={status.tone}>
        {status.text}
      </Badge>,
    ],
    [
      'About',
      <Link key="about" to="/properties/$propertyId" params={{ propertyId: message.property_id }}>
        {message.address ? streetName(message.address) : `Parcel ${message.apn ?? 'without a number'}`}
      </Link>,
    ],
    [
      'Contact',
      <Link key="to" to="/contacts" search={{ contact: message.contact_id } as never}>
        {message.contact}
      </Link>,
    ],
    [
      'Channel',
      `${channelName(message.channel)}, step ${message.step}${message.variant ? `, variant ${message.variant}` : ''}`,
    ],
    [
      'Sent by',
      message.provider === 'local-outbox'
        ? 'The local outbox: written to a file, it has not left this machine'
        : message.provider === null
          ? 'Nobody yet'
          : sourceName(message.provider),
    ],
    ['Planned', formatMoment(message.created_at)],
  ];
  if (message.sent_at !== null) facts.push(['Sent', formatMoment(message.sent_at)]);
  if (message.delivered_at !== null) facts.push(['Delivered', formatMoment(message.delivered_at)]);
  if (message.sent_at !== null && message.channel === 'email') {
    facts.push(['Opened, clicked', `${formatCount(message.open_count)} and ${formatCount(message.click_count)} times`]);
  }
  if (message.held_reason !== null) {
    facts.push([
      'Held',
      `${message.held_reason}${message.held_until ? ` Until ${formatMoment(message.held_until)}.` : ''}`,
    ]);
  }
  if (message.error !== null) facts.push(['Why not sent', message.error]);
  if (message.cost > 0) facts.push(['Cost', formatMicros(message.cost * 1e6)]);
  return facts;
}

function FileView({ file, contact, channel }: { file: OutboxFile; contact: string; channel: string }) {
  if (file.text === null) {
    return (
      <p className="muted">
        {file.name} has {formatCount(Math.round(file.bytes / 1024))} kB, too much to be shown here.
      </p>
    );
  }
  const { parts, attachments } = read(file);
  return (
    <section className="stack" aria-label={file.name}>
      <MessageView parts={parts} label={`${channelName(channel)} to ${contact}`} isPaper={channel === 'mail'} />
      {attachments.length > 0 && (
        <p className="small muted">
          Attached:{' '}
          {attachments.map(({ name, bytes }) => `${name} (${formatCount(Math.ceil(bytes / 1024))} kB)`).join(', ')}
        </p>
      )}
      <details>
        <summary>As it was written: {file.name}</summary>
        <pre className={styles.plain}>{file.text.slice(0, 20_000)}</pre>
      </details>
    </section>
  );
}

function read(file: OutboxFile): { parts: MessageParts; attachments: Array<{ name: string; bytes: number }> } {
  const text = file.text ?? '';
  if (file.name.endsWith('.eml')) {
    const { attachments, ...parts } = readMail(text);
    return { parts, attachments };
  }
  if (/\.html?$/.test(file.name)) return { parts: { html: text }, attachments: [] };
  return { parts: { text }, attachments: [] };
}
