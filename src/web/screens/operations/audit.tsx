import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatMoment, humanise } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { auditWho, detailWords, resourceWords } from './audit.ts';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';

type Entry = Schemas['AuditEntry'];

/** Who did what; each entry covers the one before, which can be checked. */
export function AuditScreen() {
  const may = useMay();
  return (
    <OperationsPage
      title="Operations"
      about="Who did what. Each entry is chained to the one before it."
      needs="audit:read"
    >
      {may('audit:read') && <AuditLog />}
    </OperationsPage>
  );
}

function AuditLog() {
  const may = useMay();
  const users = api.useQuery(
    'get',
    '/api/v1/users',
    { params: { query: { limit: 200 } } },
    { enabled: may('users:read') },
  );
  const names = new Map(users.data?.items.map((one) => [one.id, one.name] as const) ?? []);
  const verify = api.useQuery('get', '/api/v1/audit/verify', {}, { enabled: false, staleTime: 0, gcTime: 0 });
  const query = api.useInfiniteQuery(
    'get',
    '/api/v1/audit',
    { params: { query: { limit: 50 } } },
    { pageParamName: 'cursor', initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
  );
  const columns: ReadonlyArray<SimpleColumn<Entry>> = [
    {
      id: 'at',
      header: 'When',
      width: 170,
      cell: (one) => <span className={styles.nowrap}>{formatMoment(one.at)}</span>,
    },
    { id: 'who', header: 'Who', width: 150, cell: (one) => auditWho(one, names) },
    {
      id: 'resource',
      header: 'Did',
      width: 240,
      cell: (one) => <Deed entry={one} />,
    },
    {
      id: 'outcome',
      header: 'Outcome',
      width: 100,
      cell: (one) => (
        <Badge tone={one.outcome === 'ok' ? 'good' : 'bad'}>
          {one.outcome === 'ok' ? 'Done' : humanise(one.outcome)}
        </Badge>
      ),
    },
    {
      id: 'detail',
      header: 'Detail',
      width: 320,
      cell: (one) =>
        one.detail === null ? (
          <span className="muted">Erased on request</span>
        ) : (
          <span className={styles.wrap}>{detailWords(one.detail) || <span className="muted">None</span>}</span>
        ),
    },
    {
      id: 'hash',
      header: 'Entry',
      width: 110,
      cell: (one) => (
        <span className={styles.hash} title={one.hash}>
          #{one.seq} {one.hash.slice(0, 8)}
        </span>
      ),
    },
  ];
  return (
    <Card
      title="Audit log"
      isFlush
      actions={
        <Button icon={<ShieldCheck size={16} />} busy={verify.isFetching} onClick={() => void verify.refetch()}>
          Verify the whole log
        </Button>
      }
    >
      <Verdict verdict={verify.data} error={verify.error} />
      <QueryView
        query={query}
        lines={8}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={<EmptyState title="Nothing was done yet" />}
      >
        {({ pages }) => (
          <>
            <SimpleTable
              label="Audit log"
              columns={columns}
              rows={pages.flatMap(({ items }) => items)}
              getRowId={(one) => String(one.seq)}
            />
            <div className={styles.pager}>
              <span className="small muted">
                {formatCount(pages.reduce((sum, { items }) => sum + items.length, 0))} shown, newest first
              </span>
              {query.hasNextPage && (
                <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show older
                </Button>
              )}
            </div>
          </>
        )}
      </QueryView>
    </Card>
  );
}

/** What was done, with the permission it took and the id it was about. */
function Deed({ entry }: { entry: Entry }) {
  const { text, id } = resourceWords(entry.resource);
  return (
    <>
      <strong>{text}</strong>
      <span className={styles.under}>needs {entry.action}</span>
      {id !== null && <span className={`${styles.hash} ${styles.wrap}`}>{id}</span>}
    </>
  );
}

interface Verified {
  ok: boolean;
  entries: number;
  first_broken: number | null;
  reason: string | null;
}

function Verdict({ verdict, error }: { verdict: Verified | undefined; error: unknown }) {
  if (error) {
    return (
      <p className={styles.verified} data-ok="false" role="alert">
        {messageOf(error)}
      </p>
    );
  }
  if (verdict === undefined) return null;
  return (
    <p className={styles.verified} data-ok={verdict.ok} role="status">
      {verdict.ok ? <ShieldCheck size={18} aria-hidden="true" /> : <ShieldAlert size={18} aria-hidden="true" />}
      {verdict.ok
        ? `The log is whole: ${formatCount(verdict.entries)} entries, none changed, put in or taken out.`
        : `The log is broken at entry ${verdict.first_broken ?? '?'}: ${verdict.reason ?? 'no reason given'}. The ${formatCount(verdict.entries)} before it are good.`}
    </p>
  );
}
