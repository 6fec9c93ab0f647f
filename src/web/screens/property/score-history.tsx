import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { formatDollars, formatMoment, formatNumber, formatPercent } from '../../lib/format.ts';
import { LineChart } from '../../ui/charts/index.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { QueryView } from '../../ui/states.tsx';
import { usePropertyAnswer } from './queries.ts';
import { Heading } from './section.tsx';

/** One score as the history tells it. */
interface PastScore {
  id: string;
  scored_at: string;
  bird_dog_score: number;
  estimated_value: number | null;
  confidence: number;
  model_version: string;
  weights_version: string;
}

/** Every score that the property had, with what it rested on. */
export function ScoreHistory({ propertyId }: { propertyId: string }) {
  const history = usePropertyAnswer(propertyId, ['score-history'], () =>
    take(client.GET('/api/v1/properties/{id}/score/history', { params: { path: { id: propertyId } } })),
  );
  return (
    <div className="stack">
      <Heading depth={2}>How it changed</Heading>
      <QueryView query={history} label="Score history" lines={2}>
        {(answer) => {
          const items = answer.items as unknown as PastScore[];
          return items.length < 2 ? (
            <p className="muted">
              {items.length === 0
                ? 'It has not been scored yet.'
                : `Scored once, ${formatMoment(items[0]!.scored_at)}. Each later score is kept beside it.`}
            </p>
          ) : (
            <>
              <LineChart
                label="Score over time"
                unit="points"
                height={160}
                series={[{ name: 'Score', points: items.map((one) => ({ x: one.scored_at, y: one.bird_dog_score })) }]}
              />
              <SimpleTable
                label="Scores, the newest first"
                rows={items.slice(0, 20)}
                getRowId={(one) => one.id}
                columns={[
                  { id: 'when', header: 'Scored', cell: (one) => formatMoment(one.scored_at) },
                  { id: 'score', header: 'Score', align: 'end', cell: (one) => formatNumber(one.bird_dog_score) },
                  { id: 'value', header: 'Value', align: 'end', cell: (one) => formatDollars(one.estimated_value) },
                  { id: 'sure', header: 'Confidence', align: 'end', cell: (one) => formatPercent(one.confidence, 0) },
                  { id: 'by', header: 'Valued by', cell: (one) => one.model_version },
                  { id: 'weights', header: 'Weights', cell: (one) => one.weights_version },
                ]}
              />
            </>
          );
        }}
      </QueryView>
    </div>
  );
}
