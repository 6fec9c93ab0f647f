import { useMemo } from 'react';
import type { paths } from '../../../sdk/schema.ts';
import { formatCount, formatDay, formatDollars, formatNumber } from '../../lib/format.ts';
import { type DataColumn, DataTable } from '../../ui/data-table.tsx';
import styles from './market.module.css';
import { Confidence, PartBars } from './parts.tsx';

type Ranking =
  paths['/api/v1/intelligence/tools/rank_all_markets']['post']['responses'][200]['content']['application/json'];
/** A market in its place. */
export type RankedMarket = Ranking['markets'][number];

/** The markets as a table; Enter or a press opens one. */
export function RankingTable({
  rows,
  by,
  onOpen,
  onExplain,
}: {
  rows: RankedMarket[];
  by: 'risk' | 'opportunity';
  onOpen: (market: string) => void;
  onExplain: (market: RankedMarket) => void;
}) {
  const columns = useMemo<Array<DataColumn<RankedMarket>>>(
    () => [
      { id: 'rank', header: '#', width: 44, align: 'end', cell: ({ rank }) => rank },
      { id: 'market', header: 'Market', width: 170, grow: 2, cell: ({ market }) => <b>{market}</b> },
      {
        id: 'score',
        header: by === 'risk' ? 'Risk' : 'Opportunity',
        width: 150,
        cell: ({ score }) => (
          <span className={styles.score}>
            <span className={styles.scoreTrack} aria-hidden="true">
              <span className={styles.scoreFill} style={{ width: `${score}%` }} />
            </span>
            {score.toFixed(1)}
          </span>
        ),
      },
      {
        id: 'parts',
        header: 'Parts',
        width: 120,
        about: 'Each part of the score, as high as its share of its points',
        cell: (row) => <PartBars parts={row.components} />,
      },
      {
        id: 'why',
        header: 'Why',
        width: 76,
        cell: (row) => (
          <button
            type="button"
            className="text-button"
            aria-label={`Explain the score of ${row.market}`}
            onClick={() => onExplain(row)}
          >
            Explain
          </button>
        ),
      },
      {
        id: 'price',
        header: 'Median price',
        width: 116,
        align: 'end',
        cell: ({ latest }) =>
          latest.median_sale_price === null && latest.home_value_index !== null
            ? `index ${formatNumber(latest.home_value_index, 0)}`
            : formatDollars(latest.median_sale_price),
      },
      {
        id: 'days',
        header: 'Days on market',
        width: 118,
        align: 'end',
        cell: ({ latest }) => formatNumber(latest.days_on_market, 0),
      },
      {
        id: 'inventory',
        header: 'For sale',
        width: 88,
        align: 'end',
        cell: ({ latest }) => formatCount(latest.inventory_count),
      },
      {
        id: 'confidence',
        header: 'Confidence',
        width: 116,
        cell: ({ confidence }) => <Confidence confidence={confidence} />,
      },
      { id: 'through', header: 'Data through', width: 120, cell: ({ data_through: day }) => formatDay(day) },
    ],
    [by, onExplain],
  );
  return (
    <DataTable
      label={by === 'risk' ? 'Markets by risk' : 'Markets by opportunity'}
      rows={rows}
      columns={columns}
      getRowId={({ market }) => market}
      onOpen={({ market }) => onOpen(market)}
      rowLabel={({ market }) => market}
    />
  );
}
