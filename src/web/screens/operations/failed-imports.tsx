import { Link } from '@tanstack/react-router';
import { api, type Schemas } from '../../app/api.ts';
import { formatAgo, formatCount, formatMoment } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';

type Import = Schemas['Import'];

const COLUMNS: ReadonlyArray<SimpleColumn<Import>> = [
  {
    id: 'file',
    header: 'File',
    width: 200,
    cell: (one) => (
      <Link to="/upload/$importId" params={{ importId: one.id }}>
        {one.file_name}
      </Link>
    ),
  },
  { id: 'county', header: 'County', width: 120, cell: (one) => one.county },
  { id: 'status', header: 'State', width: 110, cell: (one) => <StatusBadge status={one.status} /> },
  { id: 'problem', header: 'Why', width: 300, cell: (one) => one.problem ?? 'Rows of it were refused' },
  {
    id: 'rows',
    header: 'Rows refused',
    width: 110,
    align: 'end',
    cell: (one) => (one.rows_refused === null ? <span className="muted">Not run</span> : formatCount(one.rows_refused)),
  },
  {
    id: 'when',
    header: 'Uploaded',
    width: 130,
    cell: (one) => <span title={formatMoment(one.created_at)}>{formatAgo(one.created_at)}</span>,
  },
];

/** Uploaded files that could not be read, or of which rows were refused. */
export function FailedImports() {
  const query = api.useQuery('get', '/api/v1/imports', { params: { query: { limit: 100 } } });
  return (
    <Card title="Files not read" isFlush>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ items }) => items.every(isFine)}
        empty={
          <EmptyState title="Every uploaded file was read" action={<Link to="/upload">Upload a file</Link>}>
            A file that cannot be read, or that has refused rows, appears here with what to do about it.
          </EmptyState>
        }
      >
        {({ items }) => (
          <SimpleTable
            label="Files not read"
            columns={COLUMNS}
            rows={items.filter((one) => !isFine(one))}
            getRowId={(one) => one.id}
          />
        )}
      </QueryView>
    </Card>
  );
}

function isFine(one: Import): boolean {
  return one.status !== 'failed' && one.problem === null && (one.rows_refused ?? 0) === 0;
}
