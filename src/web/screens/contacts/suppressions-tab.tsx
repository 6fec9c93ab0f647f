import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatDay, humanise } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from '../campaigns/campaigns.module.css';
import { asRows } from '../campaigns/outreach-data.ts';
import { channelName } from '../campaigns/words.ts';
import { listOf } from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';
import { RemoveDialog } from './remove-suppression.tsx';

type Suppression = Schemas['Suppression'];
type Channel = Suppression['channel'];

/** Addresses to which nothing is written any more, the newest first. Only a keyed hash of each is kept. */
export function SuppressionsTab() {
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Suppression | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['get', '/api/v1/suppressions', {}, 'pages'],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(client.GET('/api/v1/suppressions', { params: { query: { cursor, limit: 100 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
  const rows = query.data?.pages.flatMap(({ items }) => items);
  const add = may('outreach:update') && (
    <Button icon={<Plus size={16} />} onClick={() => setAdding(true)}>
      Add addresses…
    </Button>
  );
  return (
    <Card title="Nothing is written to these" isFlush actions={add}>
      <QueryView
        query={asRows(query, rows)}
        label="Loading suppressed addresses"
        isEmpty={(found) => found.length === 0}
        empty={
          <EmptyState title="No address is suppressed">
            Addresses come here by themselves when somebody unsubscribes, reports spam, or when a message bounces.
          </EmptyState>
        }
      >
        {(found) => (
          <>
            <SimpleTable
              label="Suppressed addresses"
              rows={found}
              getRowId={(row) => `${row.channel} ${row.address_hash}`}
              columns={[
                {
                  id: 'contact',
                  header: 'Whose',
                  width: 160,
                  cell: (row) =>
                    row.contact_id === null ? (
                      <span className="muted">nobody who is known</span>
                    ) : (
                      <Link to="/contacts" search={{ tab: 'suppressed', contact: row.contact_id } as never}>
                        {row.contact ?? 'A contact'}
                      </Link>
                    ),
                },
                { id: 'channel', header: 'Channel', width: 90, cell: (row) => channelName(row.channel) },
                {
                  id: 'reason',
                  header: 'Why',
                  cell: (row) => (
                    <Badge tone={row.reason === 'spam' || row.reason === 'bounced' ? 'bad' : 'warn'}>
                      {humanise(row.reason)}
                    </Badge>
                  ),
                },
                { id: 'source', header: 'Told by', cell: (row) => humanise(row.source) },
                { id: 'at', header: 'Since', width: 120, cell: (row) => formatDay(row.at) },
                {
                  id: 'ends',
                  header: 'Until',
                  width: 110,
                  cell: (row) => (row.expires_at === null ? 'for good' : formatDay(row.expires_at)),
                },
                {
                  id: 'remove',
                  header: 'Allow again',
                  isHeaderHidden: true,
                  align: 'end',
                  cell: (row) =>
                    may('outreach:approve') && (
                      <Button
                        size="small"
                        onClick={() => setRemoved(row)}
                        aria-label={`Allow again: ${row.contact ?? 'the address'}`}
                      >
                        Allow again…
                      </Button>
                    ),
                },
              ]}
            />
            {query.hasNextPage && (
              <div className={styles.padded}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </QueryView>
      {isAdding && <AddDialog onClose={() => setAdding(false)} />}
      {removed && (
        <RemoveDialog
          channel={removed.channel}
          reason={removed.reason}
          addressHash={removed.address_hash}
          onClose={() => setRemoved(null)}
        />
      )}
    </Card>
  );
}

const REASONS = {
  manual: 'Our own decision',
  unsubscribed: 'They asked us',
  do_not_call: 'A do-not-call list',
} as const;

function AddDialog({ onClose }: { onClose: () => void }) {
  const [channel, setChannel] = useState<Channel>('email');
  const [reason, setReason] = useState<keyof typeof REASONS>('manual');
  const [text, setText] = useState('');
  const [source, setSource] = useState('');
  const addresses =
    channel === 'mail'
      ? text
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean)
      : listOf(text);
  const add = api.useMutation('post', '/api/v1/suppressions', {
    onSuccess: ({ suppressed, addresses: given }) => {
      refreshContacts();
      showToast(`${suppressed} of ${given} are new on the list.`);
      onClose();
    },
  });
  return (
    <Dialog
      title="Suppress addresses"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={addresses.length === 0 || addresses.length > 500}
            busy={add.isPending}
            onClick={() =>
              add.mutate({
                body: { channel, addresses, reason, source: source.trim() || 'dashboard', expires_at: null },
              })
            }
          >
            Suppress {addresses.length > 0 ? addresses.length : ''}
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <SelectField label="Channel" value={channel} onChange={({ target }) => setChannel(target.value as Channel)}>
          <option value="email">E-mail</option>
          <option value="sms">Text message</option>
          <option value="mail">Post</option>
        </SelectField>
        <SelectField
          label="Why"
          value={reason}
          onChange={({ target }) => setReason(target.value as keyof typeof REASONS)}
        >
          {Object.entries(REASONS).map(([code, words]) => (
            <option key={code} value={code}>
              {words}
            </option>
          ))}
        </SelectField>
      </div>
      <TextAreaField
        label="Addresses"
        rows={6}
        value={text}
        hint={channel === 'mail' ? 'One on each line.' : 'One on each line, or with commas between them; 500 at most.'}
        error={addresses.length > 500 ? `${addresses.length} are too many at once: 500 are the most.` : undefined}
        onChange={({ target }) => setText(target.value)}
      />
      <TextField
        label="Who asked for it, or which list"
        value={source}
        maxLength={200}
        placeholder="Phone call of 3 May"
        onChange={({ target }) => setSource(target.value)}
      />
      {add.error && (
        <p role="alert" className="error-text">
          {messageOf(add.error)}
        </p>
      )}
    </Dialog>
  );
}
