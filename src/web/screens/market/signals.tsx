import { api } from '../../app/api.ts';
import { formatCount, formatDay } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { AnomalyTable } from './anomaly-table.tsx';
import { SegmentField, SeverityField } from './filter-fields.tsx';
import styles from './market.module.css';
import { metricName, sentence } from './market-words.ts';
import { AnswerNotes, MarketTabs, NoFeeds } from './parts.tsx';
import { SurgeTable } from './surge-table.tsx';
import type { Gap } from './tool-answers.ts';
import { useAddress } from './use-address.ts';
import { segmentsOf, useMarkets } from './use-markets.ts';

const LOOKBACKS = [4, 8, 13, 26, 52] as const;
const MOST_SHOWN = 100;

/** What stands out of its own past, over all markets: inventory surges, anomalies, and feeds with gaps. */
export function SignalsScreen() {
  const [address, change] = useAddress();
  const markets = useMarkets();
  const segment = address.segment ?? 'all';
  const lookback = LOOKBACKS.find((weeks) => String(weeks) === address.weeks) ?? 8;
  const body = { segment, lookback };
  const surges = api.useQuery('post', '/api/v1/intelligence/tools/detect_inventory_surges', { body });
  const anomalies = api.useQuery('post', '/api/v1/intelligence/tools/detect_anomalies', { body });
  const isWanted = ({ severity }: { severity: string }) => !address.severity || severity === address.severity;
  return (
    <Page title="Surges and anomalies" about="What stands out of each market’s own past">
      <MarketTabs />
      <Card>
        <div className={styles.filters}>
          <SelectField
            label="Look back"
            value={String(lookback)}
            onChange={(event) => change({ weeks: event.target.value })}
          >
            {LOOKBACKS.map((weeks) => (
              <option key={weeks} value={weeks}>
                {weeks === 52 ? 'A year' : `${weeks} weeks`}
              </option>
            ))}
          </SelectField>
          <SeverityField address={address} change={change} />
          <SegmentField segments={segmentsOf(markets.data, segment)} address={address} change={change} />
        </div>
      </Card>
      <QueryView query={anomalies} lines={8} isEmpty={(answer) => answer.markets === 0} empty={<NoFeeds />}>
        {(answer) => {
          const found = answer.anomalies.filter(isWanted);
          return (
            <>
              <Card title="Inventory surges" isFlush>
                <QueryView query={surges} lines={3}>
                  {(surged) => (
                    <>
                      <SurgeTable
                        surges={surged.surges.filter(isWanted)}
                        empty={
                          <EmptyState title="No market has a surge of homes for sale">
                            {formatCount(surged.markets_judged)} of {formatCount(surged.markets)} markets were held
                            against what their season and level let expect.
                          </EmptyState>
                        }
                      />
                      <div className={styles.padded}>
                        <AnswerNotes answer={surged} />
                      </div>
                    </>
                  )}
                </QueryView>
              </Card>
              <Card title={`Anomalies (${formatCount(found.length)})`} isFlush>
                {found.length === 0 ? (
                  <EmptyState title="Nothing stands out">
                    {formatCount(answer.series_judged)} figures of {formatCount(answer.markets)} markets were judged.
                    Look back further, or choose all severities.
                  </EmptyState>
                ) : (
                  <AnomalyTable anomalies={found.slice(0, MOST_SHOWN)} label="Anomalies of all markets" hasMarket />
                )}
                <div className={styles.padded}>
                  <AnswerNotes answer={answer}>
                    {found.length > MOST_SHOWN && `the worst ${MOST_SHOWN} of ${formatCount(found.length)} · `}
                    at most 0.15 false alarms a market and year
                  </AnswerNotes>
                </div>
              </Card>
              {answer.gaps.length > 0 && (
                <Card title={`Gaps in the data (${formatCount(answer.gaps.length)})`} isFlush>
                  <GapTable gaps={answer.gaps.slice(0, MOST_SHOWN)} />
                </Card>
              )}
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}

function GapTable({ gaps }: { gaps: readonly Gap[] }) {
  return (
    <SimpleTable
      label="Periods without a value"
      rows={gaps}
      getRowId={({ market, from, metrics }) => `${market}/${from}/${metrics.join()}`}
      columns={[
        { id: 'market', header: 'Market', width: 140, cell: ({ market }) => market },
        {
          id: 'figures',
          header: 'Figures',
          width: 220,
          cell: ({ metrics }) => sentence(metrics.map((one) => metricName(one) ?? one).join(', ')),
        },
        {
          id: 'span',
          header: 'Periods from',
          width: 210,
          cell: ({ from, to }) => (
            <span className="unbroken">{from === to ? formatDay(from) : `${formatDay(from)} to ${formatDay(to)}`}</span>
          ),
        },
        { id: 'count', header: 'Missing', align: 'end', cell: ({ periods }) => formatCount(periods) },
        {
          id: 'state',
          header: 'State',
          cell: ({ is_open: isOpen }) =>
            isOpen ? <Badge tone="warn">Goes on: a feed may have stopped</Badge> : <Badge>Filled since</Badge>,
        },
      ]}
    />
  );
}
