import { Link } from '@tanstack/react-router';
import { formatCount, formatDay, formatDollars, formatNumber, formatPercent } from '../../lib/format.ts';
import { readable } from '../../lib/prose.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { keyOf, type SaleRow } from './comparable-sales.ts';
import styles from './comparables.module.css';
import { nameOfProperty } from './property-query.ts';

const METRES_PER_MILE = 1609.344;

/** The sales with what they bring, each with a box to take it in or leave it out, and why it is where it is. */
export function ComparablesTable({
  rows,
  selectedKey,
  isBusy,
  onToggle,
}: {
  rows: readonly SaleRow[];
  selectedKey: string | null;
  isBusy: boolean;
  onToggle: (row: SaleRow, isIn: boolean) => void;
}) {
  return (
    <div aria-busy={isBusy} className={styles.table}>
      <SimpleTable
        label="Comparable sales and what they bring"
        rows={rows}
        getRowId={keyOf}
        markedId={selectedKey ?? undefined}
        columns={[
          {
            id: 'in',
            header: 'Use',
            cell: (row) => (
              <input
                type="checkbox"
                checked={row.isIn}
                disabled={row.isOwn}
                aria-label={`Use the sale of ${nameOfProperty(row)}`}
                onChange={(event) => onToggle(row, event.target.checked)}
              />
            ),
          },
          { id: 'sale', header: 'Sale', width: 128, cell: (row) => <SaleName row={row} /> },
          { id: 'price', header: 'Sold for, weight', align: 'end', width: 120, cell: (row) => <Price row={row} /> },
          { id: 'house', header: 'House', width: 104, cell: (row) => <House row={row} /> },
          { id: 'why', header: 'Why', width: 136, cell: (row) => <Why row={row} /> },
        ]}
      />
    </div>
  );
}

function SaleName({ row }: { row: SaleRow }) {
  const away = row.distance_metres === null ? null : row.distance_metres / METRES_PER_MILE;
  return (
    <div>
      {row.isOwn ? (
        'This house itself'
      ) : (
        <Link to="/properties/$propertyId" params={{ propertyId: row.property_id }} className={styles.unbroken}>
          {nameOfProperty(row)}
        </Link>
      )}
      <div className="muted small">
        {formatDay(row.close_date)}
        {away !== null && !row.isOwn && ` · ${formatNumber(away, 2)} mi`}
        {row.is_by_hand && ' · by hand'}
      </div>
    </div>
  );
}

function House({ row }: { row: SaleRow }) {
  const rooms = [
    row.bedrooms !== null && `${formatNumber(row.bedrooms)} bd`,
    row.bathrooms !== null && `${formatNumber(row.bathrooms, 2)} ba`,
    row.year_built,
  ];
  return (
    <div className={`small ${styles.unbroken}`}>
      {row.sqft !== null && `${formatCount(row.sqft)} sq ft`}
      <div className="muted">{rooms.filter(Boolean).join(' · ')}</div>
    </div>
  );
}

/** What was paid, and what that is worth as if it were this house, now and here. */
function Price({ row }: { row: SaleRow }) {
  return (
    <>
      {formatDollars(row.close_price)}
      {row.adjusted_price !== undefined && (
        <div className={`muted small ${styles.unbroken}`}>
          adj. {formatDollars(row.adjusted_price)}
          {row.weight !== undefined && ` · ${formatPercent(row.weight, 0)}`}
        </div>
      )}
    </>
  );
}

/** The first reason at once, all of them and the adjustments on demand. */
function Why({ row }: { row: SaleRow }) {
  const [first, ...rest] = row.reasons;
  const adjustments = Object.entries(row.adjustments ?? {}).filter(([, value]) => Math.round(value) !== 0);
  if (rest.length === 0 && adjustments.length === 0)
    return <span className="small">{first && readable(first.message)}</span>;
  return (
    <details className={styles.why}>
      <summary>
        {row.isIn
          ? readable(first?.message ?? 'Takes part.')
          : row.reasons.map(({ message }) => readable(message)).join(' ')}
      </summary>
      <ul>
        {row.isIn && rest.map(({ code, message }) => <li key={code}>{readable(message)}</li>)}
        {adjustments.map(([name, value]) => (
          <li key={name} className="figures">
            {name}: {value > 0 ? '+' : '−'}
            {formatDollars(Math.abs(value))}
          </li>
        ))}
      </ul>
    </details>
  );
}
