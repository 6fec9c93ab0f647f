import { useInfiniteQuery } from '@tanstack/react-query';
import { take } from '../../../../sdk/client.ts';
import { client } from '../../../app/api.ts';
import { formatMoment } from '../../../lib/format.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/page.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { QueryView } from '../../../ui/states.tsx';
import { asRows } from '../../campaigns/outreach-data.ts';
import type { TemplateKind } from './template-parts.ts';
import styles from './templates.module.css';

/** The tenant's own versions, the newest first; each opens to be looked at or saved again. */
export function TemplateVersions({
  kind,
  name,
  shown,
  onOpen,
}: {
  kind: TemplateKind;
  name: string;
  shown: number | null;
  onOpen: (version: number) => void;
}) {
  const path = { kind, name };
  const query = useInfiniteQuery({
    queryKey: ['get', '/api/v1/templates/{kind}/{name}/versions', { params: { path } }, 'pages'],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(
        client.GET('/api/v1/templates/{kind}/{name}/versions', {
          params: { path, query: { cursor, limit: 20 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
  const rows = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Card title="Versions" isFlush>
      <QueryView query={asRows(query, rows)} label="Loading versions" lines={2}>
        {(found) => (
          <SimpleTable
            label="Versions"
            rows={found}
            getRowId={({ version }) => String(version)}
            markedId={shown === null ? undefined : String(shown)}
            empty={<p className={`muted ${styles.padded}`}>You have saved none: the product’s template counts.</p>}
            columns={[
              {
                id: 'version',
                header: 'Version',
                cell: (row) => (
                  <span>
                    {row.version} {row.version === found[0]?.version && <Badge tone="good">Counts now</Badge>}
                  </span>
                ),
              },
              { id: 'by', header: 'Saved by', cell: (row) => row.created_by },
              { id: 'at', header: 'When', cell: (row) => formatMoment(row.created_at) },
              {
                id: 'sha',
                header: 'Fingerprint',
                cell: (row) => <code title={row.sha256}>{row.sha256.slice(0, 10)}</code>,
              },
              {
                id: 'open',
                header: 'Open',
                isHeaderHidden: true,
                align: 'end',
                cell: (row) =>
                  row.version !== shown && (
                    <Button size="small" onClick={() => onOpen(row.version)} aria-label={`Open version ${row.version}`}>
                      Open
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </QueryView>
      {query.hasNextPage && (
        <div className={styles.padded}>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
    </Card>
  );
}
