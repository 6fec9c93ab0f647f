import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { formatCount } from '../../lib/format.ts';
import { LineChart } from '../../ui/charts/index.ts';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import { daysOf, THROUGHPUT_LINES } from './throughput.ts';

/** What each day brought. */
export function Throughput() {
  const search = useSearch({ strict: false }) as { days?: unknown };
  const navigate = useNavigate();
  const days = daysOf(search.days);
  const query = api.useQuery('get', '/api/metrics/throughput', { params: { query: { days } } });
  return (
    <Card
      title="Throughput"
      actions={
        <SelectField
          label="Time shown"
          isLabelHidden
          value={days}
          onChange={({ target }) =>
            void navigate({ to: '.', search: (old: object) => ({ ...old, days: Number(target.value) }) as never })
          }
        >
          <option value={7}>7 days</option>
          <option value={30}>30 days</option>
          <option value={90}>90 days</option>
        </SelectField>
      }
    >
      <QueryView query={query} lines={6}>
        {({ throughput }) => <Chart days={throughput} />}
      </QueryView>
    </Card>
  );
}

type Day = { date: string } & Record<(typeof THROUGHPUT_LINES)[number]['key'], number>;

function Chart({ days }: { days: readonly Day[] }) {
  const series = useMemo(
    () =>
      THROUGHPUT_LINES.map(({ key, name }) => ({
        name,
        points: days.map((day) => ({ x: day.date, y: day[key] })),
      })),
    [days],
  );
  const today = days.at(-1);
  return (
    <LineChart
      label="Work done each day"
      unit="properties or messages"
      series={series}
      fromZero
      height={220}
      note={
        today &&
        `Days are UTC. Today so far: ${THROUGHPUT_LINES.map(({ key, name }) => `${formatCount(today[key])} ${name.toLowerCase()}`).join(', ')}.`
      }
    />
  );
}
