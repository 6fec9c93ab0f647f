import { keepPreviousData } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { api } from '../../app/api.ts';
import { formatCount, formatNumber } from '../../lib/format.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { type Changes, movesOf } from './weight-shares.ts';
import styles from './weights.module.css';

const CONSIDERED = 200;
const TOP = 20;

/** The ranking now and under the changed weights. */
export function WhatIf({ changes }: { changes: Changes }) {
  if (Object.keys(changes).length === 0) {
    return (
      <Card title="Your ranking">
        <EmptyState title="Move a share">
          The {CONSIDERED} best properties are ranked anew at once, and you see who moves. Nothing is stored.
        </EmptyState>
      </Card>
    );
  }
  return <Ranking changes={changes} />;
}

interface Ranked {
  property_id: string;
  address: string | null;
  apn: string | null;
  city: string | null;
  rank_before: number;
  rank_after: number;
  score_before: number;
  score_after: number;
}

function Ranking({ changes }: { changes: Changes }) {
  const query = api.useQuery(
    'post',
    '/api/v1/scoring/what-if',
    { body: { weights: { ...changes }, considered: CONSIDERED, limit: CONSIDERED } },
    { placeholderData: keepPreviousData, staleTime: 60_000 },
  );
  return (
    <Card title={query.isPlaceholderData ? 'Ranking anew…' : 'Your ranking under these weights'} isFlush>
      <QueryView
        query={query}
        label="Ranking"
        lines={8}
        isEmpty={({ items }) => items.length === 0}
        empty={<EmptyState title="No property has a score yet" />}
      >
        {({ items, considered }) => {
          const { moved, farthest, entering } = movesOf(items, TOP);
          return (
            <>
              <div className={styles.moves}>
                <Stats>
                  <Stat
                    label="Change their place"
                    value={formatCount(moved)}
                    note={`of the ${formatCount(considered)} best`}
                  />
                  <Stat label="Come into the first 20" value={formatCount(entering)} note="as many leave them" />
                  <Stat
                    label="Farthest move"
                    value={formatCount(farthest)}
                    note={farthest === 1 ? 'place' : 'places'}
                  />
                </Stats>
              </div>
              <SimpleTable
                label="The first 20 under these weights"
                columns={COLUMNS}
                rows={items.slice(0, TOP)}
                getRowId={(row) => row.property_id}
              />
            </>
          );
        }}
      </QueryView>
    </Card>
  );
}

const COLUMNS: ReadonlyArray<SimpleColumn<Ranked>> = [
  { id: 'rank', header: 'Place', align: 'end', cell: (row) => row.rank_after },
  { id: 'move', header: 'Before', align: 'end', cell: (row) => <Move row={row} /> },
  {
    id: 'property',
    header: 'Property',
    width: 170,
    cell: (row) => (
      <Link to="/properties/$propertyId" params={{ propertyId: row.property_id }}>
        {[row.address ?? row.apn ?? 'no address', row.city].filter(Boolean).join(', ')}
      </Link>
    ),
  },
  { id: 'after', header: 'Score', align: 'end', cell: (row) => formatNumber(row.score_after) },
  {
    id: 'before',
    header: 'Score now',
    align: 'end',
    cell: (row) => <span className="muted">{formatNumber(row.score_before)}</span>,
  },
];

function Move({ row }: { row: Ranked }) {
  const by = row.rank_before - row.rank_after;
  if (by === 0) return <span className="muted">{row.rank_before}</span>;
  return (
    <span className={styles.move} data-up={by > 0 || undefined}>
      {by > 0 ? <ArrowUp size={14} aria-label="up from" /> : <ArrowDown size={14} aria-label="down from" />}
      {row.rank_before}
    </span>
  );
}
