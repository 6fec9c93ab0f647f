import { Download } from 'lucide-react';
import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { formatCount, formatDollarsShort, formatPercent } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { SelectField } from '../../ui/field.tsx';
import { Card, Page, Stat, Stats } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { DealDialog } from './deal-dialog.tsx';
import { DEAL_COLUMNS, dealRow, sumByMarket } from './deal-sums.ts';
import { DealTable } from './deal-table.tsx';
import { csvOf, downloadFile } from './download.ts';
import { SegmentField } from './filter-fields.tsx';
import styles from './market.module.css';
import { AnswerNotes, MarketTabs, NoFeeds } from './parts.tsx';
import type { Deal } from './tool-answers.ts';
import { useAddress } from './use-address.ts';
import { segmentsOf, useMarkets } from './use-markets.ts';

const idOf = ({ market, home_ref: ref }: Deal) => `${market}/${ref}`;

/** The best open homes of all markets, marked down for risk. */
export function DealsScreen() {
  const [address, change] = useAddress();
  const markets = useMarkets();
  const segment = address.segment ?? 'all';
  const query = api.useQuery('post', '/api/v1/intelligence/tools/rank_top_100_deals', { body: { segment, n: 100 } });
  const all = query.data?.deals ?? [];
  const rows = useMemo(
    () =>
      all.filter(
        ({ market, status }) =>
          (!address.market || market === address.market) && (!address.status || status === address.status),
      ),
    [all, address.market, address.status],
  );
  const opened = all.find((one) => idOf(one) === address.deal);
  const day = query.data?.as_of ?? '';
  return (
    <Page
      title="Deals"
      about="The best open homes, prospects and held, by margin less what could go wrong"
      actions={
        rows.length > 0 && (
          <>
            <Button
              icon={<Download size={16} />}
              onClick={() => downloadFile(`deals-${day}.csv`, 'text/csv', csvOf(DEAL_COLUMNS, rows.map(dealRow)))}
            >
              CSV
            </Button>
            <Button
              icon={<Download size={16} />}
              onClick={() =>
                downloadFile(
                  `deals-${day}.json`,
                  'application/json',
                  `${JSON.stringify({ ...query.data, deals: rows }, null, 2)}\n`,
                )
              }
            >
              JSON
            </Button>
          </>
        )
      }
    >
      <MarketTabs />
      <Card>
        <div className={styles.filters}>
          <SegmentField segments={segmentsOf(markets.data, segment)} address={address} change={change} />
          <SelectField
            label="Market"
            value={address.market ?? ''}
            onChange={(event) => change({ market: event.target.value })}
          >
            <option value="">All markets</option>
            {[...new Set(all.map(({ market }) => market))].sort().map((one) => (
              <option key={one}>{one}</option>
            ))}
          </SelectField>
          <SelectField
            label="State"
            value={address.status ?? ''}
            onChange={(event) => change({ status: event.target.value })}
          >
            <option value="">Prospects and held</option>
            <option value="prospect">Prospects</option>
            <option value="held">Held</option>
          </SelectField>
        </div>
      </Card>
      <QueryView
        query={query}
        lines={10}
        label="Ranking the deals"
        isEmpty={({ open_homes: open, deals }) => open === 0 && deals.length === 0}
        empty={<NoFeeds title="No open home is known" />}
      >
        {(answer) => (
          <>
            <Stats>
              <Stat
                label="Shown"
                value={formatCount(rows.length)}
                note={`of ${formatCount(answer.open_homes)} open homes`}
              />
              <Stat
                label="Net margin"
                value={formatDollarsShort(rows.reduce((sum, one) => sum + one.net_margin, 0))}
                note="of the shown, expected"
              />
              <Stat
                label="Risk-adjusted margin"
                value={formatDollarsShort(rows.reduce((sum, one) => sum + one.risk_adjusted_margin, 0))}
                note="net margin less half its deviation"
              />
              <Stat
                label="Confidence"
                value={formatPercent(answer.confidence.value, 0)}
                note={answer.confidence.reasons.join('; ') || 'nothing speaks against it'}
              />
            </Stats>
            <AnswerNotes answer={{ ...answer, notes: without(answer.notes, answer.confidence.reasons) }} />
            {rows.length === 0 ? (
              <EmptyState title="No deal fits these choices">Choose another market or state.</EmptyState>
            ) : (
              <>
                <Card isFlush>
                  <DealTable rows={rows} onOpen={(deal) => change({ deal: idOf(deal) })} />
                </Card>
                <Card>
                  <BarChart
                    label="Risk-adjusted margin by market"
                    unit="$"
                    bars={sumByMarket(rows)
                      .slice(0, 12)
                      .map(({ market, margin, homes }) => ({
                        name: market,
                        value: margin,
                        note: `${formatCount(homes)} ${homes === 1 ? 'home' : 'homes'}`,
                      }))}
                  />
                </Card>
              </>
            )}
          </>
        )}
      </QueryView>
      {opened && <DealDialog deal={opened} onClose={() => change({ deal: undefined })} />}
    </Page>
  );
}

const without = (notes: readonly string[], told: readonly string[]) => notes.filter((note) => !told.includes(note));
