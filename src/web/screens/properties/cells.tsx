import { Sparkles, TriangleAlert } from 'lucide-react';
import { formatDollarsShort, formatMoment, formatPercent } from '../../lib/format.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import styles from './columns.module.css';
import { intervalOf, nameOf, priceGap, shortAgo } from './row-words.ts';
import type { ListRow } from './use-list.ts';

/** Its address or parcel number, as a link to its page. */
export function Name({ row }: { row: ListRow }) {
  return (
    // A link of the router would be made anew for each row that comes into sight, at ten times the cost.
    <a
      href={`/properties/${row.id}`}
      className={styles.name}
      tabIndex={-1}
      onClick={(event) => {
        // A plain press opens it beside the list, as a press on the row does; others open the page, as links do.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        (event.currentTarget.closest('[role="gridcell"]') as HTMLElement | null)?.click();
      }}
    >
      {nameOf(row)}
    </a>
  );
}

/** What is asked, and how that stands to the value. */
export function Price({ row }: { row: ListRow }) {
  if (row.list_price === null) return <span className={styles.second}>not listed</span>;
  const gap = priceGap(row);
  return (
    <>
      <span>{formatDollarsShort(row.list_price)}</span>
      {gap !== null && (
        <span className={gap < 0 ? styles.below : styles.second}>
          {formatPercent(Math.abs(gap), 0)} {gap < 0 ? 'below' : 'above'}
        </span>
      )}
    </>
  );
}

/** The value with its interval. */
export function Value({ row }: { row: ListRow }) {
  const interval = intervalOf(row);
  if (row.estimated_value === null) return <span className={styles.second}>no value yet</span>;
  return (
    <>
      <span>
        {formatDollarsShort(row.estimated_value)}
        <Width row={row} />
      </span>
      <span className={styles.second}>{interval?.text ?? 'no interval'}</span>
    </>
  );
}

/** Half the width of the interval, as a share of the value. */
export function Width({ row }: { row: ListRow }) {
  const interval = intervalOf(row);
  if (interval === null) return null;
  return (
    <span className={styles.width} title={`80 of 100 sale prices fall in ${interval.text}`}>
      {' '}
      ±{formatPercent(interval.halfWidth, 0)}
    </span>
  );
}

/** The score, and how sure it is. */
export function Score({ row }: { row: ListRow }) {
  if (row.bird_dog_score === null) return <span className={styles.noScore}>not scored</span>;
  const step = Math.min(4, Math.floor(row.bird_dog_score / 20));
  const sure = row.score_confidence;
  return (
    <span
      className={styles.score}
      title={sure === null ? undefined : `Confidence of the score: ${formatPercent(sure, 0)}`}
    >
      <b className={styles.mark} data-step={step}>
        {Math.round(row.bird_dog_score)}
      </b>
      {sure !== null && <span className={styles.second}>{formatPercent(sure, 0)} sure</span>}
    </span>
  );
}

/** Where it stands, and since when. */
export function Standing({ row }: { row: ListRow }) {
  return (
    <>
      <span className={styles.marks}>
        <StatusBadge status={row.status} />
        {row.needs_review && (
          <Badge tone="warn" title="Needs review: somebody should look at it before it is acted on">
            <TriangleAlert size={12} aria-hidden="true" />
            <span className="visually-hidden">Needs review</span>
          </Badge>
        )}
      </span>
      <Freshness row={row} />
    </>
  );
}

/** When something of it last changed, and whether a simulator made some of it up. */
export function Freshness({ row }: { row: ListRow }) {
  return (
    <span className={styles.second} title={`Last changed ${formatMoment(row.updated_at)}`}>
      {shortAgo(row.updated_at)}
      {row.simulated_fields > 0 && (
        <span
          className={styles.simulated}
          title={`${row.simulated_fields} of its fields were made up by an offline simulator: its detail says which, by which source, and when`}
        >
          <Sparkles size={11} aria-hidden="true" /> <span className={styles.word}>simulated</span>
        </span>
      )}
    </span>
  );
}
