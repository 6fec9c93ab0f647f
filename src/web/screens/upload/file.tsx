import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import { formatAgo, formatBytes, formatCount, humanise } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { Reading } from './reading.tsx';
import { Result } from './result.tsx';
import { Running } from './running.tsx';
import styles from './upload.module.css';

type ImportDetail = Schemas['ImportDetail'];

/** One upload: how it will be read, its run, and what became of its rows. */
export function UploadedFileScreen() {
  const { importId } = useParams({ strict: false }) as { importId: string };
  const query = useImport(importId);
  return (
    <QueryView query={query} label="Loading the upload" lines={8}>
      {(detail) => <UploadedFile key={detail.id} detail={detail} />}
    </QueryView>
  );
}

/** An upload, asked for again while its run is under way. */
export function useImport(importId: string) {
  return api.useQuery(
    'get',
    '/api/v1/imports/{id}',
    { params: { path: { id: importId } } },
    { refetchInterval: ({ state }) => (state.data?.status === 'running' ? 2_000 : false) },
  );
}

function UploadedFile({ detail }: { detail: ImportDetail }) {
  return (
    <Page
      title={detail.file_name}
      about={
        <>
          <Link to="/upload">All uploads</Link> · uploaded {formatAgo(detail.created_at)}
        </>
      }
      actions={detail.status !== 'running' && <DeleteButton detail={detail} />}
    >
      {detail.status === 'running' && <Running detail={detail} />}
      {(detail.status === 'success' || detail.status === 'failed') && <Result detail={detail} />}
      <dl className={styles.facts}>
        {factsOf(detail).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Reading detail={detail} />
    </Page>
  );
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

const KINDS: Readonly<Record<string, string>> = {
  csv_file: 'CSV file',
  csv: 'CSV file',
  json_file: 'JSON file',
  json: 'JSON file',
};

function factsOf(detail: ImportDetail): Array<readonly [string, string]> {
  const { counts, delimiter, encoding } = detail;
  return [
    ['County', countyName(detail.county)],
    ['Size', formatBytes(detail.bytes)],
    [
      'Kind',
      [
        KINDS[detail.kind] ?? humanise(detail.kind),
        encoding?.replace(/^utf-?8$/i, 'UTF-8'),
        delimiter && `${DELIMITERS[delimiter] ?? delimiter} between values`,
      ]
        .filter(Boolean)
        .join(' · '),
    ],
    ['Rows are', detail.record_kind === null ? 'Not known yet' : `${humanise(detail.record_kind)}s`],
    ['Rows', counts === null ? 'Not counted yet' : formatCount(counts.rows)],
    ['Can be taken', counts === null ? 'Not known yet' : formatCount(counts.valid)],
    ['Would be refused', counts === null ? 'Not known yet' : formatCount(counts.refused)],
  ];
}

function DeleteButton({ detail }: { detail: ImportDetail }) {
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const remove = api.useMutation('delete', '/api/v1/imports/{id}', {
    onSuccess: async () => {
      await navigate({ to: '/upload' });
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/imports'] });
    },
  });
  return (
    <>
      <Button icon={<Trash2 size={16} />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${detail.file_name}?`}
          confirmLabel="Delete upload"
          isDangerous
          busy={remove.isPending}
          error={remove.isError ? messageOf(remove.error) : undefined}
          onConfirm={() => remove.mutate({ params: { path: { id: detail.id } } })}
          onClose={() => setAsking(false)}
        >
          <p>The file goes for good. Properties that it brought stay.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
