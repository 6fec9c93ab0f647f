import { Info } from 'lucide-react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { Badge } from '../../ui/badge.tsx';
import { BarChart, LineChart } from '../../ui/charts/index.ts';
import { SelectField } from '../../ui/field.tsx';
import { Card, Page, Stat, Stats } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { useAddress } from '../market/use-address.ts';
import { CountyForecastCard } from './county-forecast.tsx';
import { FeedAccuracy } from './feed-accuracy.tsx';
import { ModelsCard } from './models.tsx';
import styles from './scoreboard.module.css';
import { chanceOf, coverageLines, coverageWord, type Entry, entryName, orderEntries } from './tracks.ts';

/** How valuations came true: each against the sale that followed, by county and model, with their errors stated. */
export function ScoreboardScreen() {
  const [address, change] = useAddress();
  const may = useMay();
  const counties = api.useQuery('get', '/api/v1/counties', {}, { staleTime: 300_000 });
  const county = address.county ?? '';
  const query = api.useQuery('get', '/api/v1/scoreboard', { params: { query: county === '' ? {} : { county } } });
  return (
    <Page
      title="Scoreboard"
      about="Each valuation against the sale that followed it: what was right, what was not, and by how much"
      actions={
        <SelectField
          label="County"
          isLabelHidden
          value={county}
          onChange={(event) => change({ county: event.target.value })}
        >
          <option value="">All counties</option>
          {(counties.data?.items ?? []).map(({ slug }) => (
            <option key={slug} value={slug}>
              {countyName(slug)}
            </option>
          ))}
        </SelectField>
      }
    >
      <QueryView query={query} lines={8}>
        {(board) => (
          <>
            {board.outcomes < board.needed && (
              <p className={styles.statement} data-few>
                <Info size={16} aria-hidden="true" /> {board.statement}
              </p>
            )}
            <Stats>
              <Stat label="Valuations" value={formatCount(board.valuations)} note="made by models" />
              <Stat label="Properties valued" value={formatCount(board.valued_properties)} note="at least once" />
              <Stat
                label="Followed by a sale"
                value={formatCount(board.outcomes)}
                note={`${formatCount(board.needed)} are needed before figures say something`}
              />
            </Stats>
            {board.entries.length === 0 ? (
              <Card title="No valuation has met a sale yet">
                <EmptyState title="Nothing to score">
                  A model values properties (train one: npx reos train --county king-wa); when a valued property sells,
                  the sale is held against the value that was stated before it. Nothing is counted afterwards.
                </EmptyState>
              </Card>
            ) : (
              <Tracks entries={orderEntries(board.entries)} needed={board.needed} />
            )}
          </>
        )}
      </QueryView>
      {may('models:read') && <ModelsCard county={county} />}
      <FeedAccuracy />
      <CountyForecastCard county={county} counties={(counties.data?.items ?? []).map(({ slug }) => slug)} />
    </Page>
  );
}

function Tracks({ entries, needed }: { entries: readonly Entry[]; needed: number }) {
  return (
    <>
      <Card title="By county and model" isFlush>
        <SimpleTable
          label="Valuations against sales, by county and model"
          rows={entries}
          getRowId={(one) => `${one.county}/${one.model_id}/${one.is_shadow}`}
          columns={[
            { id: 'county', header: 'County', width: 120, cell: ({ county }) => <b>{countyName(county)}</b> },
            {
              id: 'model',
              header: 'Model',
              width: 170,
              cell: ({ version, is_shadow: isShadow }) => (
                <>
                  {version} {isShadow && <Badge tone="info">shadow</Badge>}
                </>
              ),
            },
            {
              id: 'count',
              header: 'Sales',
              align: 'end',
              cell: ({ count }) => (
                <>
                  {formatCount(count)}
                  {count < needed && (
                    <>
                      {' '}
                      <Badge tone="warn" title={`Below ${needed} sales the figures say little`}>
                        too few
                      </Badge>
                    </>
                  )}
                </>
              ),
            },
            {
              id: 'error',
              header: 'Median error',
              align: 'end',
              cell: ({ median_error: error }) => <b>{formatPercent(error)}</b>,
            },
            {
              id: 'ten',
              header: 'Within 10%',
              align: 'end',
              cell: ({ within_10: share }) => formatPercent(share, 0),
            },
            {
              id: 'twenty',
              header: 'Within 20%',
              align: 'end',
              cell: ({ within_20: share }) => formatPercent(share, 0),
            },
            {
              id: 'coverage',
              header: '80% interval held',
              align: 'end',
              width: 190,
              cell: ({ coverage_80: held, count }) => {
                const { word, tone } = coverageWord(held, 0.8, count);
                return (
                  <>
                    {formatPercent(held, 0)} <Badge tone={tone}>{word}</Badge>
                    <br />
                    <span className="small muted">
                      should be 80%, ±{formatPercent(chanceOf(0.8, count), 0)} by chance
                    </span>
                  </>
                );
              },
            },
            {
              id: 'ratio',
              header: 'Value over price',
              align: 'end',
              cell: ({ median_ratio: ratio }) => ratio.toFixed(3),
            },
          ]}
        />
      </Card>
      <div className={styles.two}>
        <Card>
          <BarChart
            label="Median error"
            unit="%"
            bars={entries.slice(0, 12).map((one) => ({
              name: entryName(one),
              value: one.median_error,
              note: `${formatCount(one.count)} sales`,
              tone: one.count < needed ? 'warn' : 'normal',
            }))}
            note="Half of the valuations were closer to the sale than this. Lower is better."
          />
        </Card>
        <Card>
          <LineChart
            label="How often intervals held"
            unit="%"
            xUnit="% interval"
            height={220}
            series={coverageLines(entries.slice(0, 5))}
            note="Below the dashed line intervals were too narrow: the model was too sure. Above it they were too wide."
          />
        </Card>
      </div>
    </>
  );
}
