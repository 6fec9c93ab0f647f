import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatMicros, formatMoment } from '../../lib/format.ts';
import { senderName, streetName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { CampaignTabs } from './campaign-tabs.tsx';
import styles from './campaigns.module.css';
import { refreshOutreach } from './outreach-data.ts';
import { channelName } from './words.ts';

type UnknownSend = Schemas['UnknownSend'];

/** Sends of which nobody knows whether they left: a person says what became of each. */
export function UnknownSendsScreen() {
  const query = api.useQuery('get', '/api/v1/outreach/unknowns', { params: { query: { limit: 200 } } });
  const may = useMay();
  const [open, setOpen] = useState<UnknownSend | null>(null);
  return (
    <Page
      title="Unknown sends"
      about="The provider was asked to send these, and no answer came. None is ever posted again by itself: nobody gets a message twice."
    >
      <CampaignTabs />
      <Card isFlush>
        <QueryView
          query={query}
          label="Loading unknown sends"
          isEmpty={({ items }) => items.length === 0}
          empty={
            <EmptyState title="Every send is accounted for">
              When a connection breaks in the middle of a send, it appears here until the provider’s report or a person
              settles it.
            </EmptyState>
          }
        >
          {({ items }) => (
            <SimpleTable
              label="Unknown sends"
              rows={items}
              getRowId={({ send_id }) => send_id}
              columns={[
                { id: 'contact', header: 'To', cell: (row) => <strong className="unbroken">{row.contact}</strong> },
                {
                  id: 'property',
                  header: 'About',
                  width: 160,
                  cell: (row) => (row.property === null ? 'A property without address' : streetName(row.property)),
                },
                { id: 'campaign', header: 'Campaign', cell: (row) => `${row.campaign}, step ${row.step}` },
                {
                  id: 'channel',
                  header: 'Channel',
                  cell: (row) =>
                    `${channelName(row.channel)} by ${row.provider === null ? 'no provider' : senderName(row.provider)}`,
                },
                {
                  id: 'why',
                  header: 'What happened',
                  width: 220,
                  cell: (row) => row.why ?? 'The process ended while it was sending.',
                },
                {
                  id: 'since',
                  header: 'Since',
                  cell: (row) => <span title={formatMoment(row.since)}>{formatAgo(row.since)}</span>,
                },
                { id: 'cost', header: 'Cost', align: 'end', cell: (row) => formatMicros(row.cost * 1e6) },
                {
                  id: 'settle',
                  header: 'Settle',
                  isHeaderHidden: true,
                  align: 'end',
                  cell: (row) =>
                    may('outreach:update') && (
                      <Button
                        size="small"
                        onClick={() => setOpen(row)}
                        aria-label={`Settle the message to ${row.contact}`}
                      >
                        Settle…
                      </Button>
                    ),
                },
              ]}
            />
          )}
        </QueryView>
      </Card>
      {open && <SettleDialog send={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}

const CHOICES = [
  {
    as: 'sent',
    name: 'It left',
    means:
      'It counts as sent: caps and follow-ups go by it, and its cost stays. Choose this when the provider’s log has it.',
  },
  {
    as: 'error',
    name: 'It did not leave',
    means:
      'It counts as not sent, and the money set aside for it is free again. It is not sent again; a later run may choose the recipient anew.',
  },
] as const;

function SettleDialog({ send, onClose }: { send: UnknownSend; onClose: () => void }) {
  const [as, setAs] = useState<'sent' | 'error' | null>(null);
  const [note, setNote] = useState('');
  const settle = api.useMutation('post', '/api/v1/outreach/unknowns/{id}/settle', {
    onSuccess: ({ settled }) => {
      refreshOutreach();
      showToast(settled ? `The message to ${send.contact} is settled.` : 'It had been settled in the meantime.');
      onClose();
    },
  });
  const isReady = as !== null && note.trim() !== '';
  return (
    <Dialog
      title={`What became of the message to ${send.contact}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={!isReady}
            busy={settle.isPending}
            onClick={() =>
              as && settle.mutate({ params: { path: { id: send.send_id } }, body: { as, note: note.trim() } })
            }
          >
            Settle for good
          </Button>
        </>
      }
    >
      <p className="muted">
        Look for it in the log of {send.provider === null ? 'the provider' : senderName(send.provider)}:{' '}
        {channelName(send.channel).toLowerCase()} about{' '}
        {send.property === null ? 'a property' : streetName(send.property)}, {formatMoment(send.since)}. This cannot be
        taken back.
      </p>
      <fieldset className={styles.plan} style={{ border: 0, margin: 0, padding: 0 }}>
        <legend className="visually-hidden">What became of it</legend>
        {CHOICES.map((choice) => (
          <label key={choice.as} className={styles.step}>
            <span className="row">
              <input type="radio" name="settle" checked={as === choice.as} onChange={() => setAs(choice.as)} />
              <strong>{choice.name}</strong>
            </span>
            <span className="small muted">{choice.means}</span>
          </label>
        ))}
      </fieldset>
      <TextAreaField
        label="How you found out"
        hint="Kept in the log, with your name."
        value={note}
        maxLength={500}
        required
        onChange={(event) => setNote(event.target.value)}
      />
      {settle.error && (
        <p role="alert" className="error-text">
          {messageOf(settle.error)}
        </p>
      )}
    </Dialog>
  );
}
