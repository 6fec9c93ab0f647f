import { useMemo } from 'react';
import { formatAgo, formatCount, formatMoment } from '../../lib/format.ts';
import { streetName } from '../../lib/names.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type DataColumn, DataTable } from '../../ui/data-table.tsx';
import { SelectField } from '../../ui/field.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import styles from './campaigns.module.css';
import { MessageDialog } from './message-dialog.tsx';
import { asRows, type OutboxMessage, useOutbox } from './outreach-data.ts';
import { textOf, useAddress } from './use-address.ts';
import { useNarrow } from './use-narrow.ts';
import { channelName, MESSAGE_STATUSES, messageStatus } from './words.ts';

/** Messages, of all or of one campaign, narrowed by status; Enter or a press opens one. The address holds both. */
export function MessagesTable({ campaignId }: { campaignId?: string }) {
  const [search, change] = useAddress();
  const status = textOf(search['status']);
  const open = textOf(search['message']);
  const isNarrow = useNarrow();
  const query = useOutbox({ status, campaign_id: campaignId });
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const more = query.hasNextPage && !query.isFetchingNextPage;
  return (
    <div className="stack">
      <div className={styles.filters}>
        <SelectField
          label="Status"
          value={status ?? ''}
          onChange={(event) => change({ status: event.target.value || undefined }, { replace: true })}
        >
          <option value="">Any</option>
          {MESSAGE_STATUSES.map((one) => (
            <option key={one} value={one}>
              {one === 'pending' ? 'Planned or held' : messageStatus(one, null).text}
            </option>
          ))}
        </SelectField>
      </div>
      <QueryView
        query={asRows(query, query.data && rows)}
        label="Loading messages"
        isEmpty={(found) => found.length === 0}
        empty={
          <EmptyState
            title={status ? 'No message has this status' : 'There are no messages yet'}
            action={status && <Button onClick={() => change({ status: undefined })}>Show all</Button>}
          >
            {status ? undefined : 'Messages appear here as soon as a campaign has planned some.'}
          </EmptyState>
        }
      >
        {(found) => (
          <DataTable
            label="Messages"
            rows={found}
            columns={COLUMNS}
            getRowId={(row) => row.send_id}
            rowLabel={(row) => `Message to ${row.contact} about ${row.address ?? row.apn ?? 'a property'}`}
            rowHeight={52}
            hiddenColumns={isNarrow ? ON_WIDE_SCREENS : undefined}
            onOpen={(row) => change({ message: row.send_id })}
            onEndReached={() => {
              if (more) void query.fetchNextPage();
            }}
            footer={
              <p className={`small muted ${styles.padded}`}>
                {query.isFetchingNextPage
                  ? 'Loading more…'
                  : query.hasNextPage
                    ? `${formatCount(found.length)} loaded, more below`
                    : `${formatCount(found.length)} ${found.length === 1 ? 'message' : 'messages'}, the newest first`}
              </p>
            }
          />
        )}
      </QueryView>
      {open && <MessageDialog sendId={open} onClose={() => change({ message: undefined })} />}
    </div>
  );
}

const ON_WIDE_SCREENS = ['channel', 'why', 'opens', 'clicks', 'when'];

const COLUMNS: ReadonlyArray<DataColumn<OutboxMessage>> = [
  { id: 'contact', header: 'To', width: 104, grow: 1, cell: (row) => <strong className="cut">{row.contact}</strong> },
  {
    id: 'status',
    header: 'Status',
    width: 112,
    cell: (row) => {
      const { text, tone } = messageStatus(row.status, row.held_reason);
      return (
        <span>
          <Badge tone={tone}>{text}</Badge>
        </span>
      );
    },
  },
  {
    id: 'address',
    header: 'About',
    width: 120,
    grow: 2,
    cell: (row) => <span className="cut">{placeOf(row)}</span>,
  },
  {
    id: 'channel',
    header: 'Channel',
    width: 130,
    cell: (row) => (
      <span>
        {channelName(row.channel)}{' '}
        <span className="small muted">
          step {row.step}
          {row.variant && `, ${row.variant}`}
        </span>
      </span>
    ),
  },
  {
    id: 'why',
    header: 'Why',
    width: 180,
    grow: 2,
    cell: (row) => (
      <span className="small muted cut" title={row.held_reason ?? row.error ?? undefined}>
        {row.held_reason ?? row.error ?? ''}
      </span>
    ),
  },
  { id: 'opens', header: 'Opens', width: 70, align: 'end', cell: (row) => formatCount(row.open_count) },
  { id: 'clicks', header: 'Clicks', width: 70, align: 'end', cell: (row) => formatCount(row.click_count) },
  {
    id: 'when',
    header: 'When',
    width: 130,
    cell: (row) => (
      <span className="small" title={formatMoment(row.sent_at ?? row.held_until ?? row.created_at)}>
        {row.sent_at !== null
          ? formatAgo(row.sent_at)
          : row.held_until !== null
            ? `may leave ${formatAgo(row.held_until)}`
            : `planned ${formatAgo(row.created_at)}`}
      </span>
    ),
  },
];

function placeOf({ address, apn }: OutboxMessage): string {
  return address ? streetName(address) : apn === null ? 'Without an address' : `Parcel ${apn}`;
}
