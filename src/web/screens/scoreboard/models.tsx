import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatDay, formatPercent } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { DriftDialog } from './drift-dialog.tsx';
import { ModelDialog, RollBackDialog } from './model-dialog.tsx';
import styles from './scoreboard.module.css';
import { readMetrics } from './tracks.ts';

type Model = Schemas['Model'];
const STAGES: Record<string, { word: string; tone: Tone }> = {
  champion: { word: 'champion', tone: 'good' },
  candidate: { word: 'challenger', tone: 'info' },
  retired: { word: 'retired', tone: 'neutral' },
};
type Asked =
  | { kind: 'promote' | 'retire' | 'shadow' | 'drift' | 'details'; model: Model }
  | { kind: 'rollback'; market: string };

/** The valuation models: which one counts, which ones challenge it, and what may be done about it. */
export function ModelsCard({ county }: { county: string }) {
  const may = useMay();
  const canChange = may('models:update');
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = api.useQuery('get', '/api/v1/models', {
    params: { query: { kind: 'avm', ...(county === '' ? {} : { market: county }) } },
  });
  return (
    <Card title="Models" isFlush>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title="No model has been trained">
            Until then properties are valued by comparable sales. Train one on your sales: npx reos train --county
            king-wa
          </EmptyState>
        }
      >
        {({ items }) => (
          <>
            <SimpleTable
              label="Valuation models, newest first"
              rows={items.slice(0, 100)}
              getRowId={({ id }) => id}
              columns={[
                {
                  id: 'model',
                  header: 'Model',
                  width: 170,
                  cell: ({ version, market }) => (
                    <>
                      <b className={styles.unbroken}>{version}</b>
                      <br />
                      <span className="small muted">{countyName(market)}</span>
                    </>
                  ),
                },
                {
                  id: 'stage',
                  header: 'Stage',
                  cell: ({ stage, is_shadow: isShadow }) => (
                    <>
                      <Badge tone={STAGES[stage]?.tone}>{STAGES[stage]?.word ?? stage}</Badge>{' '}
                      {isShadow && <Badge tone="info">in shadow</Badge>}
                    </>
                  ),
                },
                {
                  id: 'error',
                  header: 'Median error',
                  align: 'end',
                  cell: ({ metrics }) => <b>{formatPercent(readMetrics(metrics).mdape)}</b>,
                },
                {
                  id: 'twenty',
                  header: 'Within 20%',
                  align: 'end',
                  cell: ({ metrics }) => formatPercent(readMetrics(metrics).within20, 0),
                },
                {
                  id: 'coverage',
                  header: '80% interval held',
                  align: 'end',
                  cell: ({ metrics }) => formatPercent(readMetrics(metrics).coverage80, 0),
                },
                {
                  id: 'data',
                  header: 'Learnt from',
                  width: 170,
                  cell: ({ data_rows: rows, data_from: from, data_to: to }) => (
                    <>
                      {formatCount(rows)} sales
                      {from !== null && to !== null && (
                        <>
                          <br />
                          <span className={`small muted ${styles.unbroken}`}>
                            {formatDay(from)} to {formatDay(to)}
                          </span>
                        </>
                      )}
                    </>
                  ),
                },
                { id: 'made', header: 'Trained', width: 116, cell: ({ created_at: at }) => formatDay(at) },
                {
                  id: 'actions',
                  header: 'Actions',
                  isHeaderHidden: true,
                  width: 300,
                  cell: (model) => <ModelActions model={model} canChange={canChange} onAsk={setAsked} />,
                },
              ]}
            />
            <p className={`${styles.padded} small muted`}>
              Errors are those on held-out sales, later than those learnt from. A challenger becomes champion when it
              wins on sales that neither had seen.
            </p>
          </>
        )}
      </QueryView>
      {asked?.kind === 'rollback' && <RollBackDialog market={asked.market} onClose={() => setAsked(null)} />}
      {asked?.kind === 'drift' && <DriftDialog model={asked.model} onClose={() => setAsked(null)} />}
      {asked !== null && asked.kind !== 'rollback' && asked.kind !== 'drift' && (
        <ModelDialog kind={asked.kind} model={asked.model} onClose={() => setAsked(null)} />
      )}
    </Card>
  );
}

function ModelActions({
  model,
  canChange,
  onAsk,
}: {
  model: Model;
  canChange: boolean;
  onAsk: (asked: Asked) => void;
}) {
  const { stage, version } = model;
  return (
    <span className="row">
      <Button size="small" aria-label={`Details of ${version}`} onClick={() => onAsk({ kind: 'details', model })}>
        Details
      </Button>
      {canChange && stage === 'candidate' && (
        <>
          <Button size="small" aria-label={`Promote ${version}`} onClick={() => onAsk({ kind: 'promote', model })}>
            Promote
          </Button>
          <Button
            size="small"
            aria-label={model.is_shadow ? `Out of shadow: ${version}` : `Shadow: ${version}`}
            onClick={() => onAsk({ kind: 'shadow', model })}
          >
            {model.is_shadow ? 'Out of shadow' : 'Shadow'}
          </Button>
        </>
      )}
      {canChange && stage === 'champion' && (
        <>
          <Button
            size="small"
            aria-label={`Roll back ${version}`}
            onClick={() => onAsk({ kind: 'rollback', market: model.market })}
          >
            Roll back
          </Button>
          <Button size="small" aria-label={`Retire ${version}`} onClick={() => onAsk({ kind: 'retire', model })}>
            Retire
          </Button>
        </>
      )}
      {canChange && stage !== 'retired' && (
        <Button size="small" aria-label={`Drift of ${version}`} onClick={() => onAsk({ kind: 'drift', model })}>
          Drift
        </Button>
      )}
    </span>
  );
}
