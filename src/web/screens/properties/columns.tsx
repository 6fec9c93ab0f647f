import { Link } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { formatAgo, formatDollarsShort, formatMoment, formatNumber, formatPercent } from '../../lib/format.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import type { DataColumn } from '../../ui/data-table.tsx';
import styles from './columns.module.css';
import type { Names } from './filter-words.ts';
import { factsOf, intervalOf, nameOf, placeOf, priceGap } from './row-words.ts';
import type { ListRow } from './use-list.ts';

/** Height of a row: of the table, and of the narrow list. */
export const WIDE_ROW = 56;
export const NARROW_ROW = 100;

/** The columns of the table; the match is shown in searches by meaning alone. */
export function wideColumns(names: Names): DataColumn<ListRow>[] {
  return [
    {
      id: 'property',
      header: 'Property',
      width: 200,
      grow: 2,
      cell: (row) => (
        <>
          <Name row={row} />
          <span className={styles.second}>
            {placeOf(row)} · {names.county(row.county_fips)}
          </span>
        </>
      ),
    },
    {
      id: 'home',
      header: 'Home',
      width: 138,
      cell: (row) => {
        const facts = factsOf(row).split(' · ');
        return (
          <>
            <span>{facts.slice(0, 2).join(' · ') || 'Not recorded'}</span>
            <span className={styles.second}>{facts.slice(2).join(' · ')}</span>
          </>
        );
      },
    },
    {
      id: 'price',
      header: 'List price',
      width: 104,
      align: 'end',
      sortable: 'list_price',
      firstSort: 'falling',
      about: 'What is asked for it; sorting by it leaves out what is not listed',
      cell: (row) => <Price row={row} />,
    },
    {
      id: 'value',
      header: 'Value',
      width: 122,
      align: 'end',
      about: 'Estimated value, with the interval that 80 of 100 sale prices fall in',
      cell: (row) => <Value row={row} />,
    },
    {
      id: 'score',
      header: 'Score',
      width: 220,
      grow: 3,
      sortable: 'bird_dog_score',
      firstSort: 'falling',
      about: 'Score of 100, how sure it is, and the reason that adds most to it',
      cell: (row) => (
        <div className={styles.scored}>
          <Score row={row} />
          <span className={styles.reason} title={row.top_reason ?? undefined}>
            {row.top_reason ?? (row.bird_dog_score === null ? 'Not scored yet' : '')}
          </span>
        </div>
      ),
    },
    {
      id: 'match',
      header: 'Match',
      width: 80,
      align: 'end',
      about: 'How near its description is to what you look for; 100% would be the same words',
      cell: (row) => <span>{formatPercent(row.similarity, 0)}</span>,
    },
    {
      id: 'status',
      header: 'Status',
      width: 136,
      sortable: 'updated_at',
      firstSort: 'falling',
      about: 'Where it stands, and when something of it last changed',
      cell: (row) => <Standing row={row} />,
    },
  ];
}

/** One column with all of it, for narrow lists and phones. */
export function narrowColumns(names: Names): DataColumn<ListRow>[] {
  return [
    {
      id: 'property',
      header: 'Property',
      width: 240,
      grow: 1,
      cell: (row) => (
        <div className={styles.card}>
          <div className={styles.cardText}>
            <Name row={row} />
            <span className={styles.second}>
              {placeOf(row)} · {names.county(row.county_fips)}
            </span>
            <span className={styles.figures}>
              <span>
                <b>{row.estimated_value === null ? 'No value yet' : formatDollarsShort(row.estimated_value)}</b>
                <Width row={row} />
              </span>
              <span className="muted">
                {row.list_price === null ? 'not listed' : `asks ${formatDollarsShort(row.list_price)}`}
              </span>
              <span className={styles.cardFacts}>{factsOf(row)}</span>
            </span>
            <span className={styles.second} title={row.top_reason ?? undefined}>
              {row.top_reason ?? (row.bird_dog_score === null ? 'Not scored yet' : 'No reason was kept')}
            </span>
          </div>
          <div className={styles.cardEnd}>
            {row.similarity === undefined ? (
              <Score row={row} />
            ) : (
              <span>
                <b>{formatPercent(row.similarity, 0)}</b> match
              </span>
            )}
            <StatusBadge status={row.status} />
            <Freshness row={row} />
          </div>
        </div>
      ),
    },
  ];
}

function Name({ row }: { row: ListRow }) {
  return (
    <Link
      to="/properties/$propertyId"
      params={{ propertyId: row.id }}
      className={styles.name}
      tabIndex={-1}
      preload={false}
      onClick={(event) => {
        // A plain press opens it beside the list, as a press on the row does; others open the page, as links do.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        (event.currentTarget.closest('[role="gridcell"]') as HTMLElement | null)?.click();
      }}
    >
      {nameOf(row)}
    </Link>
  );
}

function Price({ row }: { row: ListRow }) {
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

function Value({ row }: { row: ListRow }) {
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

function Width({ row }: { row: ListRow }) {
  const interval = intervalOf(row);
  if (interval === null) return null;
  return (
    <span className={styles.width} title={`80 of 100 sale prices fall in ${interval.text}`}>
      {' '}
      ±{formatPercent(interval.halfWidth, 0)}
    </span>
  );
}

function Score({ row }: { row: ListRow }) {
  if (row.bird_dog_score === null) return <span className={styles.noScore}>not scored</span>;
  const step = Math.min(4, Math.floor(row.bird_dog_score / 20));
  const sure = row.score_confidence;
  return (
    <span
      className={styles.score}
      title={sure === null ? undefined : `Confidence of the score: ${formatPercent(sure, 0)}`}
    >
      <b className={styles.mark} data-step={step}>
        {formatNumber(row.bird_dog_score, 0)}
      </b>
      {sure !== null && <span className={styles.second}>{formatPercent(sure, 0)} sure</span>}
    </span>
  );
}

function Standing({ row }: { row: ListRow }) {
  return (
    <>
      <span className={styles.marks}>
        <StatusBadge status={row.status} />
        {row.needs_review && (
          <Badge tone="warn" title="Somebody should look at it before it is acted on">
            Review
          </Badge>
        )}
      </span>
      <Freshness row={row} />
    </>
  );
}

function Freshness({ row }: { row: ListRow }) {
  return (
    <span className={styles.second} title={`Last changed ${formatMoment(row.updated_at)}`}>
      {formatAgo(row.updated_at)}
      {row.simulated_fields > 0 && (
        <span
          className={styles.simulated}
          title={`${row.simulated_fields} of its fields were made up by an offline simulator`}
        >
          <Sparkles size={11} aria-hidden="true" /> simulated
        </span>
      )}
    </span>
  );
}
