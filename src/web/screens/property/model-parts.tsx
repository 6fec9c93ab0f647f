import { take } from '../../../sdk/client.ts';
import { ApiProblem } from '../../../sdk/problem.ts';
import { client } from '../../app/api.ts';
import { humanise } from '../../lib/format.ts';
import { ContributionChart } from '../../ui/charts/index.ts';
import { QueryView } from '../../ui/states.tsx';
import { usePropertyAnswer } from './queries.ts';

interface Explained {
  predicted_price: number | null;
  error: string | null;
  contributions?: Array<{ feature: string; value: number | string | null; contribution: number }> | null;
  notes?: string[];
}

const SHOWN = 10;

/** What the valuation model made of each fact: how much it moves the value, in percent. */
export function ModelParts({ propertyId }: { propertyId: string }) {
  const answer = usePropertyAnswer(
    propertyId,
    ['valuation'],
    async () =>
      (await take(
        client.GET('/api/v1/properties/{id}/valuation', { params: { path: { id: propertyId } } }),
      )) as unknown as Explained,
  );
  const { error: problem } = answer;
  if (problem instanceof ApiProblem && problem.status === 404) {
    return <p className="muted small">What made the model’s value cannot be told now. {problem.message}</p>;
  }
  return (
    <QueryView query={answer} label="What made the value">
      {({ contributions, notes, error }) => {
        if (error !== null) return <p className="muted">{error}</p>;
        // Contributions are on the logarithm of the price: e^c − 1 is the share by which one moves it.
        const parts = (contributions ?? [])
          .map(({ feature, value, contribution }) => ({
            label: `${humanise(feature)}${value === null ? ' (not known)' : `: ${value}`}`,
            value: Math.expm1(contribution) * 100,
          }))
          .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
          .slice(0, SHOWN);
        return (
          <>
            <ContributionChart
              label="What moves the model’s value"
              unit="percent"
              items={parts}
              total={parts.reduce((sum, { value }) => sum + value, 0)}
              totalLabel={`The ${parts.length} strongest together, roughly`}
              note="Against the model’s typical house. Shares multiply, so their sum is rough."
            />
            {notes !== undefined && notes.length > 0 && (
              <ul className="muted small">
                {notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            )}
          </>
        );
      }}
    </QueryView>
  );
}
