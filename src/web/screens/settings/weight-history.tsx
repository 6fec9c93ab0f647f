import { useMay } from '../../app/permissions.ts';
import { formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import type { useRescore } from './use-rescore.ts';
import { type Counting, numberInUse, useSetWeights } from './use-weights.ts';
import { changedWords } from './weight-shares.ts';

type Row = { number: number; what: string; note: string; madeBy: string; madeAt: string; counts: number };

interface WeightHistoryProps {
  counts: Counting;
  rescore: ReturnType<typeof useRescore>;
}

/** Every change of the organisation's weights, who made it and why, and the way back. */
export function WeightHistory({ counts, rescore }: WeightHistoryProps) {
  const may = useMay();
  const { restore, isBusy } = useSetWeights(counts, rescore);
  const inUse = numberInUse(counts);
  const rows: Row[] = [
    ...counts.items.map(({ number, changes, restored, note, made_by, made_at }) => ({
      number,
      what: changes === null ? `Back to ${nameOf(restored ?? 0, counts)}` : changedWords(changes),
      note: note ?? '',
      madeBy: made_by,
      madeAt: formatMoment(made_at),
      counts: restored ?? number,
    })),
    {
      number: 0,
      what: `As configured (${counts.current.configured_version})`,
      note: '',
      madeBy: '',
      madeAt: '',
      counts: 0,
    },
  ];
  const columns: ReadonlyArray<SimpleColumn<Row>> = [
    { id: 'number', header: 'Weights', cell: ({ number }) => (number === 0 ? 'Configured' : `No. ${number}`) },
    { id: 'what', header: 'What changed', width: 240, cell: ({ what }) => what },
    { id: 'note', header: 'Why', width: 160, cell: ({ note }) => note },
    { id: 'by', header: 'By', cell: ({ madeBy }) => madeBy },
    { id: 'at', header: 'When', cell: ({ madeAt }) => madeAt },
    {
      id: 'back',
      header: 'Go back',
      isHeaderHidden: true,
      cell: (row) =>
        row.counts === inUse ? (
          <Badge tone="good">In use</Badge>
        ) : (
          may('tenant:update') && (
            <Button
              size="small"
              busy={isBusy}
              aria-label={`Go back to ${nameOf(row.counts, counts)}`}
              onClick={() => restore(row.counts)}
            >
              Go back
            </Button>
          )
        ),
    },
  ];
  if (counts.items.length === 0) return null;
  return (
    <Card title="Weights so far" isFlush>
      <SimpleTable label="Weights so far" columns={columns} rows={rows} getRowId={({ number }) => String(number)} />
    </Card>
  );
}

function nameOf(number: number, { current }: Counting): string {
  return number === 0 ? `those of the configuration (${current.configured_version})` : `no. ${number}`;
}
