import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, type Schemas } from '../../app/api.ts';
import { formatAgo, formatCount, formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { shortReference } from './failure-parts.ts';
import styles from './operations.module.css';

type Row = Schemas['QuarantinedRow'];

const KINDS = {
  invalid: {
    text: 'Fails the checks',
    tone: 'warn',
    next: 'Mend it in its source; read again, it becomes a property.',
  },
  blocked: {
    text: 'Page without data',
    tone: 'warn',
    next: 'The site asked for a person, or showed nothing. It is tried again with the source.',
  },
  quota: {
    text: 'Above the plan',
    tone: 'info',
    next: 'The plan allows no more properties. Read again after the plan was raised.',
  },
} as const;

/** Rows that were refused when they were read, and why. */
export function RefusedRows() {
  const search = useSearch({ strict: false }) as { source?: unknown; row?: unknown };
  const source = typeof search.source === 'string' ? search.source : undefined;
  const navigate = useNavigate();
  const show = (row: Row | null) =>
    void navigate({
      to: '/operations/failures',
      search: { part: 'rows', ...(source && { source }), ...(row && { row: row.id }) } as never,
    });
  const stats = api.useQuery('get', '/api/v1/quarantine/stats', {});
  const query = api.useInfiniteQuery(
    'get',
    '/api/v1/quarantine',
    { params: { query: { limit: 50, ...(source && { source }) } } },
    { pageParamName: 'cursor', initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
  );
  const open = query.data?.pages.flatMap(({ items }) => items).find(({ id }) => id === search.row);
  const sources = [...new Set(stats.data?.sources.map((one) => one.source) ?? [])];
  return (
    <Card
      title="Refused rows"
      isFlush
      actions={
        <SelectField
          label="Source"
          isLabelHidden
          value={source ?? ''}
          onChange={({ target }) =>
            void navigate({
              to: '/operations/failures',
              search: { part: 'rows', ...(target.value && { source: target.value }) } as never,
            })
          }
        >
          <option value="">All sources</option>
          {sources.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
      }
    >
      <QueryView
        query={query}
        lines={5}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={
          <EmptyState title="No row was refused">
            Rows that fail the checks are kept here with the reason; nothing that a source brings is lost.
          </EmptyState>
        }
      >
        {({ pages }) => (
          <>
            <SimpleTable
              label="Refused rows"
              columns={columnsOf(show)}
              rows={pages.flatMap(({ items }) => items)}
              getRowId={(one) => one.id}
              markedId={open?.id}
            />
            <div className={styles.pager}>
              <span className="small muted">
                {formatCount(pages.reduce((sum, { items }) => sum + items.length, 0))}
                {stats.data && source === undefined && ` of ${formatCount(stats.data.total)}`} shown, those seen last
                first. An entry stays as a record after its row was mended.
              </span>
              {query.hasNextPage && (
                <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              )}
            </div>
          </>
        )}
      </QueryView>
      {open && <RowDialog row={open} onClose={() => show(null)} />}
    </Card>
  );
}

function columnsOf(onOpen: (row: Row) => void): Array<SimpleColumn<Row>> {
  return [
    {
      id: 'row',
      header: 'Row',
      width: 160,
      cell: (one) => (
        <button type="button" className={styles.linkButton} onClick={() => onOpen(one)}>
          {shortReference(one.row_reference)}
        </button>
      ),
    },
    {
      id: 'reasons',
      header: 'Why',
      width: 300,
      cell: (one) => (
        <ul className={styles.reasons}>
          {one.reasons.map((reason) => (
            <li key={`${reason.field} ${reason.code} ${reason.message}`} className={styles.clamped}>
              {reasonWords(reason)}
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      width: 130,
      cell: (one) => <Badge tone={KINDS[one.kind].tone}>{KINDS[one.kind].text}</Badge>,
    },
    { id: 'source', header: 'Source', width: 120, cell: (one) => one.source },
    {
      id: 'seen',
      header: 'Last seen',
      width: 130,
      cell: (one) => <span title={formatMoment(one.last_seen_at)}>{formatAgo(one.last_seen_at)}</span>,
    },
  ];
}

function RowDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  return (
    <Dialog title={`Refused row: ${row.row_reference}`} place="side" size="wide" onClose={onClose}>
      <div className="stack">
        <Facts
          facts={[
            ['Source', row.source],
            ['Kind', KINDS[row.kind].text],
            ['First seen', formatMoment(row.first_seen_at)],
            ['Last seen', formatMoment(row.last_seen_at)],
          ]}
        />
        <h3>Why it was refused</h3>
        <ul className={styles.reasons}>
          {row.reasons.map((reason) => (
            <li key={`${reason.field} ${reason.code} ${reason.message}`} className={styles.taskError}>
              {reasonWords(reason)}
            </li>
          ))}
        </ul>
        <p className={styles.next}>{KINDS[row.kind].next}</p>
        <h3>What the source said</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className={styles.payload} tabIndex={0}>
          {JSON.stringify(row.payload, null, 2)}
        </pre>
      </div>
    </Dialog>
  );
}

function reasonWords({ field, message }: Row['reasons'][number]): string {
  return field === '' || message.startsWith(field) ? message : `${field}: ${message}`;
}
