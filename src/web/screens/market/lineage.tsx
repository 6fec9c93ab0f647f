import { api } from '../../app/api.ts';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import type { Grain } from './trend-series.ts';

/** What the figures of a market's period were computed from: tables, files and when they were loaded. */
export function Lineage({
  market,
  segment,
  grain,
  week,
}: {
  market: string;
  segment: string;
  grain: Grain;
  week: string;
}) {
  const query = api.useQuery('get', '/api/v1/market/lineage', { params: { query: { market, segment, grain, week } } });
  return (
    <QueryView query={query} lines={3}>
      {({ sources, refreshed_at: refreshed, loads }) => (
        <div className="stack">
          <p className="small muted">
            Computed {formatMoment(refreshed)} from {sources.join(', ') || 'no source that is named'}.
          </p>
          <SimpleTable
            label="Loads behind the figures"
            rows={loads}
            getRowId={({ table, load }) => `${table}/${load?.id ?? ''}`}
            empty={<EmptyState title="No load is known">The rows were written into the tables directly.</EmptyState>}
            columns={[
              { id: 'table', header: 'Table', cell: ({ table }) => <code>{table}</code> },
              { id: 'rows', header: 'Rows', align: 'end', cell: ({ rows }) => formatCount(rows) },
              { id: 'origin', header: 'Origin', width: 200, cell: ({ load }) => load?.origin ?? 'written directly' },
              {
                id: 'status',
                header: 'Load',
                cell: ({ load }) => (load === null ? 'none' : <StatusBadge status={load.status} />),
              },
              { id: 'when', header: 'When', width: 150, cell: ({ load }) => formatMoment(load?.completed_at) },
            ]}
          />
        </div>
      )}
    </QueryView>
  );
}
