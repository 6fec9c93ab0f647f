import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatDay, formatPhone, humanise } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type DataColumn, DataTable } from '../../ui/data-table.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import styles from '../campaigns/campaigns.module.css';
import { asRows } from '../campaigns/outreach-data.ts';
import { textOf, useAddress } from '../campaigns/use-address.ts';
import { useNarrow } from '../campaigns/use-narrow.ts';
import { type Contact, type ContactKind, searchOf } from './contact-draft.ts';
import { useContacts } from './contacts-data.ts';

/** As many as fill a screen. */
const FIRST_FOUND = 50;
const KINDS = ['investor', 'partner', 'owner'] as const;

/** The contacts, narrowed by kind, state and tag; the address holds all of it. */
export function ContactsTable() {
  const [search, change] = useAddress();
  const may = useMay();
  const isNarrow = useNarrow();
  const text = textOf(search['q']) ?? '';
  const asked = searchOf(useDeferredValue(text));
  const kind = KINDS.find((one) => one === search['kind']);
  const shown = textOf(search['show']);
  const query = useContacts({
    kind,
    status: shown === 'all' ? undefined : shown === 'archived' ? 'archived' : 'active',
    tag: textOf(search['tag']),
    address: asked && 'address' in asked ? asked.address : undefined,
    q: asked && 'name' in asked ? asked.name : undefined,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const name = asked && 'name' in asked ? asked.name : null;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const isShort = name !== null && rows.length < FIRST_FOUND;
  // The server opens some thousand sealed contacts for a page: one without a find has a next.
  useEffect(() => {
    if (isShort && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isShort, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const isNarrowed = Boolean(text || kind || shown || search['tag']);
  const clear = () => change({ q: undefined, kind: undefined, show: undefined, tag: undefined }, { replace: true });
  return (
    <Card>
      <div className="stack">
        <Filters />
        <QueryView
          query={asRows(query, query.data && rows)}
          label="Loading contacts"
          isEmpty={(found) => found.length === 0 && !(name !== null && hasNextPage)}
          empty={
            isNarrowed ? (
              <EmptyState title="No contact is like this" action={<Button onClick={clear}>Show all active</Button>}>
                {name === null
                  ? undefined
                  : 'Names, tags and places were searched. For an e-mail address or phone number, type it whole.'}
              </EmptyState>
            ) : (
              <EmptyState
                title="There is nobody yet"
                action={
                  may('outreach:update') && (
                    <>
                      <Button variant="primary" onClick={() => change({ add: 'yes' })}>
                        Add a contact
                      </Button>
                      <Button onClick={() => change({ import: 'yes' })}>Import a file</Button>
                    </>
                  )
                }
              >
                Investors with a buy box get memos of what matches it; owners get letters and messages.
              </EmptyState>
            )
          }
        >
          {(found) => (
            <DataTable
              label="Contacts"
              rows={found}
              columns={COLUMNS}
              getRowId={({ id }) => id}
              rowLabel={(row) => row.name}
              hiddenColumns={isNarrow ? ON_WIDE_SCREENS : undefined}
              onOpen={({ id }) => change({ contact: id })}
              onEndReached={() => {
                if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
              }}
              footer={
                <p className={`small muted ${styles.padded}`}>
                  {isFetchingNextPage
                    ? 'Loading more…'
                    : `${formatCount(found.length)} ${found.length === 1 ? 'contact' : 'contacts'}${hasNextPage ? ', more below' : ''}`}
                </p>
              }
            />
          )}
        </QueryView>
      </div>
    </Card>
  );
}

function Filters() {
  const [search, change] = useAddress();
  const [text, setText] = useState(textOf(search['q']) ?? '');
  const [tag, setTag] = useState(textOf(search['tag']) ?? '');
  return (
    <form
      className={styles.filters}
      onSubmit={(event) => {
        event.preventDefault();
        change({ q: text.trim() || undefined, tag: tag.trim() || undefined });
      }}
    >
      <TextField
        label="Find"
        type="search"
        value={text}
        placeholder="Name, e-mail or phone"
        onChange={({ target }) => {
          setText(target.value);
          if (!target.value.includes('@')) change({ q: target.value.trim() || undefined }, { replace: true });
        }}
      />
      <SelectField
        label="Kind"
        value={String(search['kind'] ?? '')}
        onChange={({ target }) => change({ kind: target.value || undefined })}
      >
        <option value="">All</option>
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {humanise(one)}s
          </option>
        ))}
      </SelectField>
      <SelectField
        label="State"
        value={textOf(search['show']) ?? 'active'}
        onChange={({ target }) => change({ show: target.value === 'active' ? undefined : target.value })}
      >
        <option value="active">Active</option>
        <option value="archived">Archived</option>
        <option value="all">Both</option>
      </SelectField>
      <TextField
        label="Tag"
        value={tag}
        placeholder="Any"
        onChange={({ target }) => setTag(target.value)}
        onBlur={() => change({ tag: tag.trim() || undefined }, { replace: true })}
      />
    </form>
  );
}

const TONES: Readonly<Record<ContactKind, 'info' | 'good' | 'neutral'>> = {
  investor: 'info',
  partner: 'good',
  owner: 'neutral',
};

/** What kind of contact it is, as a badge. */
export function KindBadge({ kind }: { kind: ContactKind }) {
  return <Badge tone={TONES[kind]}>{humanise(kind)}</Badge>;
}

const none = (what: string) => <span className="muted small">{what}</span>;

const ON_WIDE_SCREENS = ['email', 'phone', 'tags', 'added'];

const COLUMNS: ReadonlyArray<DataColumn<Contact>> = [
  {
    id: 'name',
    header: 'Name',
    width: 130,
    grow: 2,
    cell: (row) => (
      <span className="cut">
        <strong>{row.erased_at === null ? row.name : 'Erased'}</strong>{' '}
        {row.status === 'archived' && row.erased_at === null && <Badge tone="warn">Archived</Badge>}
      </span>
    ),
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 100,
    cell: (row) => (
      <span>
        <KindBadge kind={row.kind} />
      </span>
    ),
  },
  {
    id: 'email',
    header: 'E-mail',
    width: 210,
    grow: 2,
    cell: (row) => (row.email === null ? none('No e-mail') : <span className="cut">{row.email}</span>),
  },
  {
    id: 'phone',
    header: 'Phone',
    width: 130,
    cell: (row) => (row.phone === null ? none('No phone') : formatPhone(row.phone)),
  },
  {
    id: 'place',
    header: 'Place',
    width: 96,
    grow: 1,
    cell: (row) => (
      <span className="cut">
        {[row.postal_address?.city, row.state].filter(Boolean).join(', ') || none('Not known')}
      </span>
    ),
  },
  {
    id: 'tags',
    header: 'Tags',
    width: 130,
    grow: 1,
    cell: (row) => (row.tags.length === 0 ? none('No tags') : <span className="cut">{row.tags.join(', ')}</span>),
  },
  {
    id: 'added',
    header: 'Added',
    width: 110,
    cell: (row) => <span className="small">{formatDay(row.created_at)}</span>,
  },
];
