import { Link, useNavigate } from '@tanstack/react-router';
import { api, type Schemas } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import { formatAgo, formatBytes, formatCount, formatMoment } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { Uploader } from './uploader.tsx';

type Import = Schemas['Import'];

/** A new file, and the files that were uploaded before. */
export function UploadScreen() {
  const navigate = useNavigate();
  return (
    <Page
      title="Upload"
      about="Files of properties, parcels or sales. Nothing is imported before you have seen how each column is read."
    >
      <Card title="New file">
        <Uploader
          onUploaded={({ id }) => {
            void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/imports'] });
            void navigate({ to: '/upload/$importId', params: { importId: id } });
          }}
        />
      </Card>
      <Imports />
    </Page>
  );
}

const COLUMNS: ReadonlyArray<SimpleColumn<Import>> = [
  {
    id: 'file',
    header: 'File',
    width: 220,
    cell: (row) => (
      <Link to="/upload/$importId" params={{ importId: row.id }}>
        {row.file_name}
      </Link>
    ),
  },
  { id: 'status', header: 'State', cell: (row) => <ImportBadge row={row} /> },
  { id: 'county', header: 'County', cell: (row) => countyName(row.county) },
  { id: 'bytes', header: 'Size', align: 'end', cell: (row) => formatBytes(row.bytes) },
  { id: 'stored', header: 'Taken', align: 'end', cell: (row) => formatCount(row.rows_stored) },
  { id: 'duplicate', header: 'Known already', align: 'end', cell: (row) => formatCount(row.rows_duplicate) },
  { id: 'refused', header: 'Refused', align: 'end', cell: (row) => formatCount(row.rows_refused) },
  {
    id: 'created',
    header: 'Uploaded',
    width: 120,
    cell: (row) => <span title={formatMoment(row.created_at)}>{formatAgo(row.created_at)}</span>,
  },
];

function ImportBadge({ row }: { row: Import }) {
  const isPartly = row.status === 'failed' && (row.rows_stored ?? 0) > 0;
  if (isPartly) return <StatusBadge status="partly taken" />;
  return <StatusBadge status={row.status === 'success' ? 'completed' : row.status} />;
}

function Imports() {
  const query = api.useInfiniteQuery(
    'get',
    '/api/v1/imports',
    { params: { query: { limit: 25 } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      refetchInterval: ({ state }) =>
        state.data?.pages[0]?.items.some(({ status }) => status === 'running') ? 4_000 : false,
    },
  );
  return (
    <Card title="Uploaded files" isFlush>
      <QueryView
        query={query}
        label="Loading uploads"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={
          <EmptyState
            title="No file was uploaded yet"
            action={<Link to="/start">Try it with an invented sample file</Link>}
          >
            Choose one above. Each upload stays here with what became of its rows.
          </EmptyState>
        }
      >
        {({ pages }) => (
          <>
            <SimpleTable
              label="Uploaded files, the newest first"
              columns={COLUMNS}
              rows={pages.flatMap(({ items }) => items)}
              getRowId={({ id }) => id}
            />
            {query.hasNextPage && (
              <div className="row" style={{ padding: 'var(--space-3)' }}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show older ones
                </Button>
              </div>
            )}
          </>
        )}
      </QueryView>
    </Card>
  );
}
