import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCount, formatDay, formatNumber } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { signedPercent } from './market-words.ts';
import { Confidence } from './parts.tsx';
import type { Surge } from './tool-answers.ts';

/** Markets with more homes for sale than expected, worst first. */
export function SurgeTable({ surges, empty }: { surges: readonly Surge[]; empty: ReactNode }) {
  return (
    <SimpleTable
      label="Inventory surges"
      rows={surges}
      getRowId={({ market, started }) => `${market}/${started}`}
      empty={empty}
      columns={[
        { id: 'severity', header: 'Severity', cell: ({ severity }) => <StatusBadge status={severity} /> },
        {
          id: 'market',
          header: 'Market',
          width: 140,
          cell: ({ market }) => (
            <Link to="/market/trend" search={{ market, metric: 'inventory_count' } as never}>
              {market}
            </Link>
          ),
        },
        {
          id: 'homes',
          header: 'Homes for sale',
          align: 'end',
          cell: ({ inventory_count: count, change }) => (
            <>
              {formatCount(count)} <span className="small muted">{signedPercent(change, 0)}</span>
            </>
          ),
        },
        {
          id: 'expected',
          header: 'Expected',
          align: 'end',
          width: 130,
          cell: ({ expected_inventory: expected, expected_low: low, expected_high: high }) => (
            <>
              {formatNumber(expected, 0)}
              <br />
              <span className="small muted">
                {formatNumber(low, 0)} to {formatNumber(high, 0)}
              </span>
            </>
          ),
        },
        { id: 'excess', header: 'Too many', align: 'end', cell: ({ excess_homes: homes }) => formatNumber(homes, 0) },
        {
          id: 'supply',
          header: 'Months of supply',
          align: 'end',
          width: 130,
          cell: ({ months_of_supply: months, expected_months_of_supply: expected }) => (
            <>
              {formatNumber(months)}
              <br />
              <span className="small muted">Expected {formatNumber(expected)}</span>
            </>
          ),
        },
        { id: 'z', header: 'Highest robust z', align: 'end', cell: ({ peak_robust_z: z }) => formatNumber(z) },
        {
          id: 'when',
          header: 'Since',
          width: 150,
          cell: ({ started, ended }) => (
            <>
              {formatDay(started)}
              <br />
              <span className="small muted">{ended === null ? 'Goes on' : `Over since ${formatDay(ended)}`}</span>
            </>
          ),
        },
        { id: 'confidence', header: 'Confidence', cell: ({ confidence }) => <Confidence confidence={confidence} /> },
      ]}
    />
  );
}
