import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatDay } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from '../campaigns/campaigns.module.css';
import { channelName } from '../campaigns/words.ts';
import type { Contact } from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';

type Channel = 'email' | 'sms' | 'mail';

/** What the person agreed to, newest first; text messages leave only with a consent. */
export function Consents({ contact }: { contact: Contact }) {
  const query = api.useQuery('get', '/api/v1/contacts/{id}/consents', { params: { path: { id: contact.id } } });
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card
      title="Consents"
      isFlush
      actions={
        may('outreach:update') && (
          <Button size="small" icon={<Plus size={14} />} onClick={() => setOpen(true)}>
            Record…
          </Button>
        )
      }
    >
      <QueryView query={query} label="Loading consents" lines={2}>
        {({ items }) => (
          <SimpleTable
            label="Consents"
            rows={items}
            getRowId={({ channel, at, status }) => `${channel} ${at} ${status}`}
            empty={
              <p className={`muted ${styles.padded}`}>
                None is on record: no text message leaves. E-mail and post need none.
              </p>
            }
            columns={[
              { id: 'channel', header: 'Channel', cell: (row) => channelName(row.channel) },
              {
                id: 'status',
                header: 'Consent',
                cell: (row) => (
                  <Badge tone={row.status === 'granted' ? 'good' : 'bad'}>
                    {row.status === 'granted' ? 'Given' : 'Taken back'}
                  </Badge>
                ),
              },
              {
                id: 'method',
                header: 'How, and the proof',
                width: 160,
                cell: (row) => `${row.method}: ${row.evidence}`,
              },
              { id: 'at', header: 'When', cell: (row) => formatDay(row.at) },
              {
                id: 'ends',
                header: 'Ends',
                cell: (row) => (row.expires_at === null ? 'never' : formatDay(row.expires_at)),
              },
            ]}
          />
        )}
      </QueryView>
      {isOpen && <ConsentDialog contact={contact} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function ConsentDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [channel, setChannel] = useState<Channel>('sms');
  const [status, setStatus] = useState<'granted' | 'revoked'>('granted');
  const [method, setMethod] = useState('');
  const [evidence, setEvidence] = useState('');
  const [day, setDay] = useState('');
  const record = api.useMutation('post', '/api/v1/contacts/{id}/consents', {
    onSuccess: ({ recorded }) => {
      refreshContacts();
      showToast(recorded ? 'It is on record.' : 'It was on record before.');
      onClose();
    },
  });
  const body = {
    channel,
    status,
    method: method.trim(),
    evidence: evidence.trim(),
    ...(day && { at: new Date(`${day}T00:00:00Z`).toISOString() }),
  };
  return (
    <Dialog
      title="Record a consent"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={record.isPending}
            disabled={body.method === '' || body.evidence === ''}
            onClick={() => record.mutate({ params: { path: { id: contact.id } }, body })}
          >
            Record
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <SelectField label="Channel" value={channel} onChange={({ target }) => setChannel(target.value as Channel)}>
          <option value="sms">Text message</option>
          <option value="email">E-mail</option>
          <option value="mail">Post</option>
        </SelectField>
        <SelectField
          label="What the person said"
          value={status}
          onChange={({ target }) => setStatus(target.value as 'granted' | 'revoked')}
        >
          <option value="granted">Agrees</option>
          <option value="revoked">Takes it back</option>
        </SelectField>
        <TextField
          label="How it was said"
          required
          value={method}
          placeholder="Web form"
          onChange={({ target }) => setMethod(target.value)}
        />
        <TextField
          label="When"
          type="date"
          value={day}
          hint="Empty: now."
          onChange={({ target }) => setDay(target.value)}
        />
      </div>
      <TextField
        label="Where it can be looked up"
        required
        value={evidence}
        placeholder="Form entry 1123"
        hint="A consent is worth what it can be proven with."
        onChange={({ target }) => setEvidence(target.value)}
      />
      {record.error && (
        <p role="alert" className="error-text">
          {messageOf(record.error)}
        </p>
      )}
    </Dialog>
  );
}
