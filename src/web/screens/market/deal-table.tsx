import { formatDollars, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { type DataColumn, DataTable } from '../../ui/data-table.tsx';
import type { Deal } from './tool-answers.ts';

/** How each risk of a deal looks. */
export const RISKS = { low: 'good', moderate: 'warn', high: 'bad' } as const;

const COLUMNS: ReadonlyArray<DataColumn<Deal>> = [
  { id: 'rank', header: '#', width: 46, align: 'end', cell: ({ rank }) => rank },
  { id: 'home', header: 'Home', width: 120, grow: 1, cell: ({ home_ref: ref }) => <b>{ref}</b> },
  { id: 'market', header: 'Market', width: 150, grow: 1, cell: ({ market }) => market },
  {
    id: 'status',
    header: 'State',
    width: 92,
    cell: ({ status }) => (
      <span>
        <Badge tone={status === 'held' ? 'info' : 'neutral'}>{status}</Badge>
      </span>
    ),
  },
  {
    id: 'adjusted',
    header: 'Risk-adjusted',
    width: 112,
    align: 'end',
    cell: ({ risk_adjusted_margin: margin }) => <b>{formatDollars(margin)}</b>,
  },
  {
    id: 'net',
    header: 'Net margin',
    width: 104,
    align: 'end',
    cell: ({ net_margin: margin }) => formatDollars(margin),
  },
  {
    id: 'ratio',
    header: 'On cost',
    width: 78,
    align: 'end',
    about: 'Net margin over what the home costs',
    cell: ({ margin_ratio: ratio }) => formatPercent(ratio, 0),
  },
  {
    id: 'arv',
    header: 'Worth',
    width: 104,
    align: 'end',
    about: 'After repair',
    cell: ({ arv }) => formatDollars(arv),
  },
  {
    id: 'cost',
    header: 'Purchase',
    width: 104,
    align: 'end',
    cell: ({ acquisition_price: price }) => formatDollars(price),
  },
  {
    id: 'loss',
    header: 'Chance of loss',
    width: 112,
    align: 'end',
    cell: ({ loss_probability: chance }) => formatPercent(chance, 0),
  },
  {
    id: 'risk',
    header: 'Risk',
    width: 94,
    cell: ({ risk }) => (
      <span>
        <Badge tone={RISKS[risk]}>{risk}</Badge>
      </span>
    ),
  },
];

/** The deals, best first; Enter or a press opens one. */
export function DealTable({ rows, onOpen }: { rows: Deal[]; onOpen: (deal: Deal) => void }) {
  return (
    <DataTable
      label="Deals, best first"
      rows={rows}
      columns={COLUMNS}
      getRowId={({ home_ref: ref, market }) => `${market}/${ref}`}
      rowLabel={({ home_ref: ref }) => ref}
      onOpen={onOpen}
    />
  );
}
