import { useState } from 'react';
import { MARKET_METRICS, METRIC_NAMES } from '../../../domain/market/metrics.ts';
import type { paths } from '../../../sdk/schema.ts';
import { api } from '../../app/api.ts';
import { formatCount, formatDay } from '../../lib/format.ts';
import { SelectField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { AnomalyTable } from './anomaly-table.tsx';
import { Lineage } from './lineage.tsx';
import styles from './market.module.css';
import { MarketPicker } from './market-picker.tsx';
import { MarketTabs, NoFeeds } from './parts.tsx';
import type { Grain } from './trend-series.ts';
import { TrendFigures, TrendSummary } from './trend-summary.tsx';
import { TrendView } from './trend-view.tsx';
import { useAddress } from './use-address.ts';
import { marketNames, segmentsOf, useMarkets } from './use-markets.ts';

type MetricName = NonNullable<
  paths['/api/v1/intelligence/tools/get_market_trend']['post']['requestBody']['content']['application/json']['metric']
>;
const NAMES = METRIC_NAMES as readonly MetricName[];

/** How a market goes: its figures, one of them over time, forecasts, what stood out, and where it all came from. */
export function MarketTrendScreen() {
  const [address, change] = useAddress();
  const markets = useMarkets();
  const segment = address.segment ?? 'all';
  const names = marketNames(markets.data, segment);
  const market = address.market ?? names[0];
  return (
    <Page title={market ? `Market: ${market}` : 'Market trends'} about="Trends, season, forecasts and what stands out">
      <MarketTabs />
      <QueryView query={markets} isEmpty={({ items }) => items.length === 0} empty={<NoFeeds />}>
        {(listed) => (
          <>
            <Card>
              <div className={styles.filters}>
                <MarketPicker
                  key={market}
                  names={names}
                  market={market ?? ''}
                  onChange={(chosen) => change({ market: chosen })}
                />
                <SelectField
                  label="Segment"
                  value={segment}
                  onChange={(event) => change({ segment: event.target.value === 'all' ? '' : event.target.value })}
                >
                  {segmentsOf(listed, segment).map((one) => (
                    <option key={one} value={one}>
                      {one === 'all' ? 'The whole market' : one}
                    </option>
                  ))}
                </SelectField>
                <SelectField
                  label="Figure"
                  value={address.metric ?? 'median_sale_price'}
                  onChange={(event) => change({ metric: event.target.value })}
                >
                  {MARKET_METRICS.map(({ name, label }) => (
                    <option key={name} value={name}>
                      {label}
                    </option>
                  ))}
                </SelectField>
                <SelectField
                  label="Period"
                  value={address.grain ?? ''}
                  onChange={(event) => change({ grain: event.target.value })}
                >
                  <option value="">Shortest there is</option>
                  <option value="week">Weeks</option>
                  <option value="month">Months</option>
                  <option value="quarter">Quarters</option>
                </SelectField>
              </div>
            </Card>
            {market === undefined ? (
              <EmptyState title="No market has this segment">Choose another segment.</EmptyState>
            ) : (
              <OneMarket
                market={market}
                segment={segment}
                metric={NAMES.find((name) => name === address.metric) ?? 'median_sale_price'}
                grain={(['week', 'month', 'quarter'] as const).find((one) => one === address.grain)}
                onMetric={(metric) => change({ metric })}
              />
            )}
          </>
        )}
      </QueryView>
    </Page>
  );
}

interface OneMarketProps {
  market: string;
  segment: string;
  metric: MetricName;
  grain: Grain | undefined;
  onMetric: (metric: string) => void;
}

function OneMarket({ market, segment, metric, grain, onMetric }: OneMarketProps) {
  const asked = { market, segment, ...(grain ? { grain } : {}) };
  const trend = api.useQuery('post', '/api/v1/intelligence/tools/get_market_trend', {
    body: { ...asked, metric, horizon: 8 },
  });
  const found = trend.data?.grain ?? grain ?? 'week';
  const summary = api.useQuery(
    'post',
    '/api/v1/intelligence/tools/get_market_summary',
    { body: { market, segment, grain: found } },
    { enabled: trend.data !== undefined },
  );
  const risk = api.useQuery('post', '/api/v1/intelligence/tools/score_market_risk', { body: asked });
  const anomalies = api.useQuery(
    'post',
    '/api/v1/intelligence/tools/detect_anomalies',
    { body: { market, segment, grain: found, lookback: found === 'week' ? 52 : found === 'month' ? 12 : 4 } },
    { enabled: trend.data !== undefined },
  );
  const [isOrigin, setOrigin] = useState(false);
  return (
    <>
      <QueryView query={risk} lines={2}>
        {(score) => <TrendSummary risk={score} figures={summary.data?.figures ?? []} />}
      </QueryView>
      <QueryView query={trend} lines={8} label="Reading the trend">
        {(answer) => <TrendView answer={answer} anomalies={anomalies.data?.anomalies ?? []} />}
      </QueryView>
      <Card title="What stood out in the last year" isFlush>
        <QueryView
          query={anomalies}
          isEmpty={(answer) => answer.anomalies.length === 0}
          empty={
            <EmptyState title="Nothing stood out">
              {formatCount(anomalies.data?.series_judged)} figures were held against their own past.
            </EmptyState>
          }
        >
          {(answer) => <AnomalyTable anomalies={answer.anomalies} label={`Anomalies of ${market}`} />}
        </QueryView>
      </Card>
      <QueryView query={summary} lines={6}>
        {(answer) => <TrendFigures answer={answer} chosen={metric} onMetric={onMetric} />}
      </QueryView>
      {trend.data?.grain && summary.data?.data_through && (
        <Card title="Where the figures come from">
          <details open={isOrigin} onToggle={(event) => setOrigin(event.currentTarget.open)}>
            <summary>
              Sources and loads behind the {found} from {formatDay(summary.data.data_through)}
            </summary>
            {isOrigin && <Lineage market={market} segment={segment} grain={found} week={summary.data.data_through} />}
          </details>
        </Card>
      )}
    </>
  );
}
