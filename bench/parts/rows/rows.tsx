import '../../../src/web/styles/tokens.css';
import '../../../src/web/styles/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '../../../src/web/app/query.tsx';
import { Badge } from '../../../src/web/ui/badge.tsx';
import { DataTable } from '../../../src/web/ui/data-table.tsx';

const COUNT = 100_000;
const ROW_HEIGHT = 44;

interface Row {
  id: string;
  address: string;
  score: number;
  price: number;
}

const rows: Row[] = Array.from({ length: COUNT }, (_, at) => ({
  id: String(at),
  address: `${at} Bench Street`,
  score: (at * 7919) % 100,
  price: 200_000 + ((at * 104_729) % 900_000),
}));
const columns = [
  { id: 'address', header: 'Address', cell: (row: Row) => row.address },
  {
    id: 'score',
    header: 'Score',
    cell: (row: Row) => <Badge tone={row.score > 60 ? 'good' : 'neutral'}>{row.score}</Badge>,
  },
  { id: 'price', header: 'Price', align: 'end' as const, cell: (row: Row) => `$${row.price.toLocaleString('en-US')}` },
  { id: 'half', header: 'Half', align: 'end' as const, cell: (row: Row) => Math.round(row.price / 2) },
];

/** The least that shows 100,000 rows: the virtualiser and one line of text a row. */
function Bare() {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: COUNT,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  return (
    <div ref={scroller} id="scroller" style={{ height: 640, overflow: 'auto' }}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} style={{ position: 'absolute', height: ROW_HEIGHT, transform: `translateY(${start}px)` }}>
            {rows[index]!.address}
          </div>
        ))}
      </div>
    </div>
  );
}

const isBare = new URLSearchParams(location.search).has('bare');
createRoot(document.getElementById('root') as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    {isBare ? (
      <Bare />
    ) : (
      <DataTable label="Rows" rows={rows} columns={columns} getRowId={(row) => row.id} height="640px" />
    )}
  </QueryClientProvider>,
);
