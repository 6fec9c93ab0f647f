import { useEffect, useRef } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { numberOf } from './tracks.ts';

const LEVELS: Record<string, Tone> = { stable: 'good', moderate: 'warn', large: 'bad' };

/** How far properties and prices have moved from what a model learned: measured when it is opened, and kept. */
export function DriftDialog({ model, onClose }: { model: Schemas['Model']; onClose: () => void }) {
  const measure = api.useMutation('post', '/api/v1/models/{id}/drift');
  const isStarted = useRef(false);
  const start = () => measure.mutate({ params: { path: { id: model.id } } });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured once, when it is opened
  useEffect(() => {
    if (isStarted.current) return;
    isStarted.current = true;
    start();
  }, []);
  const { data, error } = measure;
  return (
    <Dialog title={`Drift of ${model.version}`} place="side" onClose={onClose}>
      {data === undefined && !error && <Loading label="Measuring drift" lines={6} />}
      {error && <ErrorState error={error} onRetry={start} />}
      {data && (
        <>
          <Facts
            facts={[
              ['Properties looked at', formatCount(data.rows)],
              ['Error on held-out sales', formatPercent(data.held_out_error)],
              [
                'Error on sales since',
                data.outcomes === null
                  ? 'No sale has followed a valuation yet'
                  : `${formatPercent(numberOf(data.outcomes, 'median_error'))} of ${formatCount(numberOf(data.outcomes, 'count'))} sales`,
              ],
            ]}
          />
          <ul className="stack">
            {data.statements.map((statement) => (
              <li key={statement}>{statement}</li>
            ))}
          </ul>
          {data.features.length > 0 && (
            <>
              <BarChart
                label="Features that moved most"
                unit="PSI"
                bars={data.features.slice(0, 10).map(({ feature, psi, level }) => ({
                  name: feature,
                  value: psi,
                  tone: level === 'large' ? 'bad' : level === 'moderate' ? 'warn' : 'normal',
                }))}
                note="Population stability index: below 0.1 stable, above 0.25 a large change."
              />
              <SimpleTable
                label="Drift by feature"
                rows={data.features}
                getRowId={({ feature }) => feature}
                columns={[
                  { id: 'feature', header: 'Feature', cell: ({ feature }) => feature },
                  { id: 'psi', header: 'PSI', align: 'end', cell: ({ psi }) => psi.toFixed(3) },
                  {
                    id: 'level',
                    header: 'Change',
                    cell: ({ level }) => <Badge tone={LEVELS[level] ?? 'neutral'}>{level}</Badge>,
                  },
                ]}
              />
            </>
          )}
        </>
      )}
    </Dialog>
  );
}
