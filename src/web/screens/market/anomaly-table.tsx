import { Link } from '@tanstack/react-router';
import { formatDay, formatNumber } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { formatFigure } from '../../ui/charts/chart-data.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import styles from './market.module.css';
import { chartUnit, signedPercent } from './market-words.ts';
import { Confidence } from './parts.tsx';
import type { Anomaly } from './tool-answers.ts';

/** What stands out of its own past: what was seen, what was expected, since when. */
export function AnomalyTable({
  anomalies,
  label,
  hasMarket,
}: {
  anomalies: readonly Anomaly[];
  label: string;
  hasMarket?: boolean;
}) {
  return (
    <SimpleTable
      label={label}
      rows={anomalies}
      getRowId={(one) => `${one.market}/${one.metric}/${one.started}`}
      columns={[
        { id: 'severity', header: 'Severity', cell: ({ severity }) => <StatusBadge status={severity} /> },
        ...(hasMarket
          ? [
              {
                id: 'market',
                header: 'Market',
                width: 140,
                cell: ({ market, metric }: Anomaly) => (
                  <Link to="/market/trend" search={{ market, metric } as never}>
                    {market}
                  </Link>
                ),
              },
            ]
          : []),
        { id: 'figure', header: 'Figure', width: 150, cell: ({ label: name }) => name },
        {
          id: 'observed',
          header: 'Seen',
          align: 'end' as const,
          cell: ({ observed, unit }) => formatFigure(observed, chartUnit(unit)),
        },
        {
          id: 'expected',
          header: 'Expected',
          align: 'end' as const,
          width: 150,
          cell: ({ expected, expected_low: low, expected_high: high, unit }) => (
            <>
              {formatFigure(expected, chartUnit(unit))}
              <br />
              <span className={`small muted ${styles.unbroken}`}>
                {formatFigure(low, chartUnit(unit))} to {formatFigure(high, chartUnit(unit))}
              </span>
            </>
          ),
        },
        {
          id: 'change',
          header: 'Difference',
          align: 'end' as const,
          cell: ({ change, unit }) =>
            unit === 'ratio' ? signedPercent(change).replace('%', '\u00a0pts') : signedPercent(change),
        },
        {
          id: 'z',
          header: 'Robust z',
          align: 'end' as const,
          cell: ({ robust_z: z }) => formatNumber(z),
        },
        {
          id: 'when',
          header: 'When',
          width: 190,
          cell: ({ started, ended, period }) => (
            <>
              {formatDay(period)}
              <br />
              <span className="small muted">
                {ended === null
                  ? `Goes on since ${formatDay(started)}`
                  : `${formatDay(started)} to ${formatDay(ended)}`}
              </span>
            </>
          ),
        },
        { id: 'confidence', header: 'Confidence', cell: ({ confidence }) => <Confidence confidence={confidence} /> },
      ]}
    />
  );
}
