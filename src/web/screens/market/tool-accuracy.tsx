import { formatCount, formatNumber, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { LineChart } from '../../ui/charts/index.ts';
import { Card } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState } from '../../ui/states.tsx';
import styles from './market.module.css';
import { sentence } from './market-words.ts';
import type { ToolReport } from './weight-report.ts';

/** How each tool's recommendations came true, and its calibration curve before and after. */
export function ToolAccuracy({ tools }: { tools: readonly ToolReport[] }) {
  return (
    <>
      <Card title="Accuracy by tool" isFlush>
        <SimpleTable
          label="Accuracy by tool"
          rows={tools}
          getRowId={({ tool }) => tool}
          empty={<EmptyState title="No outcome has been recorded yet" />}
          columns={[
            { id: 'tool', header: 'Tool', width: 180, cell: ({ tool }) => sentence(tool) },
            { id: 'outcomes', header: 'Outcomes', align: 'end', cell: ({ outcomes }) => formatCount(outcomes) },
            {
              id: 'accuracy',
              header: 'Mean accuracy',
              align: 'end',
              cell: ({ meanAccuracy }) => (meanAccuracy === null ? 'no values' : formatPercent(meanAccuracy)),
            },
            {
              id: 'before',
              header: 'Brier before',
              align: 'end',
              cell: ({ brierBefore }) => formatNumber(brierBefore, 3),
            },
            {
              id: 'after',
              header: 'Brier after',
              align: 'end',
              cell: ({ brierAfter }) => formatNumber(brierAfter, 3),
            },
            {
              id: 'state',
              header: 'Recalibrated',
              cell: ({ isRecalibrated }) => (isRecalibrated ? <Badge tone="good">yes</Badge> : <Badge>no</Badge>),
            },
            { id: 'reason', header: 'Why', width: 240, cell: ({ reason }) => reason },
          ]}
        />
      </Card>
      <div className={styles.two}>
        {tools
          .filter(({ before }) => before.length > 1)
          .map(({ tool, before, after, isRecalibrated }) => (
            <Card key={tool}>
              <LineChart
                label={`${sentence(tool)}: stated against true`}
                unit="%"
                xUnit="% stated"
                height={220}
                fromZero
                series={[
                  {
                    name: 'As stated',
                    color: 2,
                    points: before.map(({ stated, observed }) => ({ x: stated * 100, y: observed })),
                  },
                  ...(isRecalibrated
                    ? [
                        {
                          name: 'Recalibrated',
                          color: 3,
                          points: after.map(({ stated, observed }) => ({ x: stated * 100, y: observed })),
                        },
                      ]
                    : []),
                  {
                    name: 'Perfect',
                    color: 6,
                    isDashed: true,
                    points: [
                      { x: 0, y: 0 },
                      { x: 100, y: 1 },
                    ],
                  },
                ]}
                note="How often what was stated with a confidence came true. On the dashed line confidence is worth what it says."
              />
            </Card>
          ))}
      </div>
    </>
  );
}
