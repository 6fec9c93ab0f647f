import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { humanise } from '../../lib/format.ts';
import { senderName } from '../../lib/names.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { QueryView } from '../../ui/states.tsx';
import styles from './outreach.module.css';
import { messageTone, messageWords, nextStep } from './outreach-words.ts';
import type { Property } from './property-query.ts';
import { usePropertyAnswer } from './queries.ts';
import { Section } from './section.tsx';
import { channelName } from './timeline-words.ts';

type Message = Schemas['Message'];

/** What was sent about the property, to whom, how far it came, and what happens next. */
export function OutreachPart({ property }: { property: Property }) {
  return (
    <Section name="outreach" title="Outreach">
      <Outreach property={property} />
    </Section>
  );
}

const SHOWN = 6;

function Outreach({ property }: { property: Property }) {
  const [isWhole, setWhole] = useState(false);
  const messages = usePropertyAnswer(property.id, ['messages'], () =>
    take(client.GET('/api/v1/messages', { params: { query: { property_id: property.id, limit: 50 } } })),
  );
  const campaigns = api.useQuery('get', '/api/v1/campaigns', { params: { query: { limit: 200 } } });
  const names = new Map(campaigns.data?.items.map(({ id, name }) => [id, name]));
  return (
    <QueryView query={messages} label="Messages">
      {({ items, next_cursor: more }) => (
        <>
          <PausedChannels channels={items.map(({ channel }) => channel)} />
          <p className={styles.next}>
            <b>Next:</b> {nextStep(property, items)}
          </p>
          {items.length > 0 && (
            <ul className={styles.list}>
              {items.slice(0, isWhole ? undefined : SHOWN).map((one) => (
                <MessageLine key={one.send_id} message={one} campaign={names.get(one.campaign_id)} />
              ))}
            </ul>
          )}
          {items.length > SHOWN && !isWhole && (
            <div>
              <Button size="small" onClick={() => setWhole(true)}>
                Show all {items.length}
              </Button>
            </div>
          )}
          {isWhole && more !== null && <p className="muted small">The newest 50 are shown.</p>}
        </>
      )}
    </QueryView>
  );
}

function MessageLine({ message, campaign }: { message: Message; campaign: string | undefined }) {
  const contact = api.useQuery(
    'get',
    '/api/v1/contacts/{id}',
    { params: { path: { id: message.contact_id } } },
    { staleTime: 600_000 },
  );
  return (
    <li>
      <div className="row spread">
        <b>{contact.data?.name ?? (contact.error ? 'An erased contact' : 'A contact')}</b>
        <Badge tone={messageTone(message.status)}>{humanise(message.status)}</Badge>
      </div>
      <p className="small">{messageWords(message, Date.now())}</p>
      <p className="muted small">
        {channelName(message.channel)}, step {message.step}
        {message.variant && `, variant ${humanise(message.variant)}`} of{' '}
        <Link to="/campaigns/$campaignId" params={{ campaignId: message.campaign_id }}>
          {campaign ?? 'a campaign'}
        </Link>
        {message.provider && `, by ${senderName(message.provider)}`}
      </p>
    </li>
  );
}

/** A channel that has stopped for everybody stops here, too. */
function PausedChannels({ channels }: { channels: readonly string[] }) {
  const status = api.useQuery('get', '/api/v1/outreach/status', {}, { staleTime: 60_000 });
  const paused =
    status.data?.channels.filter((one) => one.paused && (channels.length === 0 || channels.includes(one.channel))) ??
    [];
  if (paused.length === 0) return null;
  return (
    <ul className={styles.paused}>
      {paused.map(({ channel, reason }) => (
        <li key={channel}>
          <TriangleAlert size={16} aria-hidden="true" />
          <span>
            {channelName(channel)} is paused for the whole organisation{reason ? `: ${reason}` : ''}.
          </span>
        </li>
      ))}
    </ul>
  );
}
