import type { Schemas } from '../../app/api.ts';
import { formatAgo, formatDollars, formatDollarsShort, formatPercent } from '../../lib/format.ts';
import { readable } from '../../lib/prose.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import styles from './market.module.css';
import { metricName } from './market-words.ts';

/** A packet as the list has it. */
export type ListedPacket = Omit<Schemas['DecisionPacket'], 'evidence'>;

/** Decisions, each with its issue, state, money, owner and time left. */
export function PacketTable({ rows, onOpen }: { rows: readonly ListedPacket[]; onOpen: (id: string) => void }) {
  return (
    <SimpleTable
      label="Decisions"
      rows={rows}
      getRowId={({ id }) => id}
      columns={[
        { id: 'severity', header: 'Severity', cell: ({ severity }) => <StatusBadge status={severity} /> },
        {
          id: 'issue',
          header: 'Issue',
          width: 240,
          cell: ({ id, issue, action }) => (
            <>
              <button type="button" className="text-button" onClick={() => onOpen(id)}>
                {readable(issue, metricName)}
              </button>
              <p className="small muted">{action}</p>
            </>
          ),
        },
        {
          id: 'impact',
          header: 'Expected impact',
          align: 'end',
          width: 150,
          cell: ({ impact }) => <ImpactText impact={impact} />,
        },
        {
          id: 'confidence',
          header: 'Confidence',
          align: 'end',
          cell: ({ confidence }) => formatPercent(confidence, 0),
        },
        { id: 'status', header: 'State', cell: ({ status }) => <StatusBadge status={status} /> },
        {
          id: 'owner',
          header: 'Owner',
          width: 104,
          cell: ({ owner }) => owner ?? <span className="muted">Nobody yet</span>,
        },
        {
          id: 'expires',
          header: 'Expires',
          width: 110,
          cell: ({ expires_at: at, status }) => (status === 'open' || status === 'accepted' ? formatAgo(at) : 'Over'),
        },
      ]}
    />
  );
}

/** Dollars with their interval. */
export function ImpactText({ impact }: { impact: ListedPacket['impact'] }) {
  if (impact === null) return <span className="muted">Not known</span>;
  return (
    <>
      <b>{formatDollars(impact.expected)}</b>
      {impact.low !== null && impact.high !== null && (
        <p className={`small muted ${styles.unbroken}`}>
          {formatDollarsShort(impact.low)} to {formatDollarsShort(impact.high)}
        </p>
      )}
    </>
  );
}
