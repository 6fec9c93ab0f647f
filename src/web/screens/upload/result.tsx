import { Link } from '@tanstack/react-router';
import { CircleAlert, Download } from 'lucide-react';
import { useState } from 'react';
import { api, client, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { PipelineProgress } from '../start/pipeline-progress.tsx';
import { fieldLabel, withFieldLabels } from './fields.ts';
import { RowCounts } from './running.tsx';
import styles from './upload.module.css';

type ImportDetail = Schemas['ImportDetail'];
type Refused = Schemas['RefusedImportRow'];

/** What became of the rows, and what comes next. */
export function Result({ detail }: { detail: ImportDetail }) {
  const may = useMay();
  const stored = detail.rows_stored ?? 0;
  const counties = api.useQuery('get', '/api/v1/counties', {}, { staleTime: 600_000, enabled: may('properties:read') });
  const county = counties.data?.items.find(({ slug }) => slug === detail.county);
  return (
    <>
      <Card title={detail.status === 'success' ? 'Imported' : stored > 0 ? 'Partly imported' : 'Not imported'}>
        <div className="stack">
          {detail.problem !== null && (
            <p className={styles.notice} data-tone="bad" role="alert">
              <CircleAlert size={16} aria-hidden="true" />
              <span>{detail.problem}</span>
            </p>
          )}
          <RowCounts detail={detail} />
          {stored + (detail.rows_duplicate ?? 0) > 0 && may('properties:read') && (
            <>
              <h3>All your properties, by stage</h3>
              <PipelineProgress />
              <p>
                <Link to="/properties" search={(county === undefined ? {} : { county: county.fips }) as never}>
                  See the properties of {county === undefined ? detail.county : `${county.name}, ${county.state}`}
                </Link>
              </p>
            </>
          )}
        </div>
      </Card>
      {(detail.rows_refused ?? 0) > 0 && <RefusedRows detail={detail} />}
    </>
  );
}

const COLUMNS: ReadonlyArray<SimpleColumn<Refused>> = [
  {
    id: 'line',
    header: 'Line',
    align: 'end',
    cell: (row) => (row.line === null ? row.row_reference : formatCount(row.line)),
  },
  {
    id: 'fields',
    header: 'Field',
    width: 140,
    cell: (row) => row.fields.map((field) => (field === '(row)' ? 'the whole row' : fieldLabel(field))).join(', '),
  },
  { id: 'reason', header: 'Why', width: 320, cell: (row) => withFieldLabels(row.reason) },
];

function RefusedRows({ detail }: { detail: ImportDetail }) {
  const query = api.useInfiniteQuery(
    'get',
    '/api/v1/imports/{id}/refused',
    { params: { path: { id: detail.id }, query: { limit: 25 } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    },
  );
  return (
    <Card title="Refused rows" actions={<DownloadButton detail={detail} />} isFlush>
      <QueryView query={query} label="Loading refused rows">
        {({ pages }) => (
          <>
            <SimpleTable
              label="Refused rows with their reasons"
              columns={COLUMNS}
              rows={pages.flatMap(({ items }) => items)}
              getRowId={(row) => row.row_reference}
              empty={
                <p className="muted" style={{ padding: 'var(--space-4)' }}>
                  The rows are kept with a later run of the same file.
                </p>
              }
            />
            {query.hasNextPage && (
              <div className="row" style={{ padding: 'var(--space-3)' }}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </QueryView>
    </Card>
  );
}

function DownloadButton({ detail }: { detail: ImportDetail }) {
  const [isBusy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const { data } = await client.GET('/api/v1/imports/{id}/refused/export', {
        params: { path: { id: detail.id } },
        parseAs: 'blob',
      });
      saveAs(data as unknown as Blob, `refused-rows-of-${detail.file_name.replace(/\.[^.]+$/, '')}.csv`);
    } catch (error) {
      showToast(`The rows could not be downloaded: ${messageOf(error)}`, { isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" icon={<Download size={14} />} busy={isBusy} onClick={() => void download()}>
      Download as CSV
    </Button>
  );
}

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
