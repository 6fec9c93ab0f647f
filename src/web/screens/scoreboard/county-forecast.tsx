import { useState } from 'react';
import { api } from '../../app/api.ts';
import { formatCount } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { LineChart } from '../../ui/charts/index.ts';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { readForecast } from './tracks.ts';

/** Where the prices of a county go, from the sales that are stored, with the interval's record on its own past. */
export function CountyForecastCard({ county, counties }: { county: string; counties: readonly string[] }) {
  const [own, setOwn] = useState('');
  const chosen = county || own || (counties.includes('king-wa') ? 'king-wa' : (counties[0] ?? ''));
  const query = api.useQuery(
    'get',
    '/api/v1/forecasts',
    { params: { query: { county: chosen, months: 12 } } },
    { enabled: chosen !== '' },
  );
  return (
    <Card
      title="Where prices go"
      actions={
        county === '' && (
          <SelectField
            label="County of the forecast"
            isLabelHidden
            value={chosen}
            onChange={(event) => setOwn(event.target.value)}
          >
            {counties.map((slug) => (
              <option key={slug} value={slug}>
                {countyName(slug)}
              </option>
            ))}
          </SelectField>
        )
      }
    >
      <QueryView query={query} lines={5}>
        {(answer) => {
          if (!answer.available)
            return <EmptyState title={`No forecast for ${countyName(chosen)}`}>{answer.statement}</EmptyState>;
          const { history, ahead, sales } = readForecast(answer);
          return (
            <LineChart
              label={`Price per square foot, ${countyName(chosen)}`}
              unit="$"
              height={260}
              bandName="80% interval"
              series={[
                { name: 'Sales', color: 1, points: history },
                { name: 'Forecast', color: 2, isDashed: true, points: ahead },
              ]}
              note={`${answer.statement} From ${formatCount(sales)} stored sales.`}
            />
          );
        }}
      </QueryView>
    </Card>
  );
}
