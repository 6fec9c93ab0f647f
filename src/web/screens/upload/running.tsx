import type { Schemas } from '../../app/api.ts';
import { formatAgo, formatCount, humanise } from '../../lib/format.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import styles from './upload.module.css';

/** The run that reads the file, as it goes. */
export function Running({ detail }: { detail: Schemas['ImportDetail'] }) {
  const { counts, rows_stored: stored, rows_refused: refused, rows_duplicate: duplicate } = detail;
  const done = (stored ?? 0) + (refused ?? 0) + (duplicate ?? 0);
  const total = counts?.rows;
  return (
    <Card title="Importing">
      <div className="stack">
        <progress
          className={styles.bar}
          aria-label="Rows read"
          max={total ?? 1}
          value={total === undefined || done === 0 ? undefined : Math.min(done, total)}
        />
        <p role="status" className="muted">
          {total === undefined
            ? `${formatCount(done)} rows read`
            : `${formatCount(Math.min(done, total))} of ${formatCount(total)} rows read`}
          , started {formatAgo(detail.started_at)}. You may leave this page: it goes on.
        </p>
        <RowCounts detail={detail} />
      </div>
    </Card>
  );
}

/** What became of the rows, in figures. */
export function RowCounts({ detail }: { detail: Schemas['ImportDetail'] }) {
  const kinds = [
    ['taken', detail.rows_stored, 'new or changed properties'],
    ['known already', detail.rows_duplicate, 'the same as before'],
    ['refused', detail.rows_refused, 'kept aside with their reasons'],
  ] as const;
  return (
    <Stats>
      {kinds.map(([label, value, note]) => (
        <Stat key={label} label={humanise(label)} value={formatCount(value ?? 0)} note={note} />
      ))}
    </Stats>
  );
}
