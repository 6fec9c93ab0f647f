import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api } from '../../app/api.ts';
import { formatCount, formatDollars, formatDollarsShort, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { type DataColumn, DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, Facts, Page, Stat, Stats } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { DEAL_COLUMNS, dealRow, sumByMarket } from './deal-sums.ts';
import { csvOf, downloadFile } from './download.ts';
import styles from './market.module.css';
import { AnswerNotes, Confidence, MarketTabs, NoFeeds } from './parts.tsx';
import type { Deal } from './tool-answers.ts';
import { useAddress } from './use-address.ts';
import { segmentsOf, useMarkets } from './use-markets.ts';

const RISKS = { low: 'good', moderate: 'warn', high: 'bad' } as const;

/** The best open homes of all markets, marked down for risk. */
export function DealsScreen() {
  const [address, change] = useAddress();
  const [opened, setOpened] = useState<Deal | null>(null);
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
          <SelectField
            label="Segment"
            value={segment}
            onChange={(event) => change({ segment: event.target.value === 'all' ? '' : event.target.value })}
          >
            {segmentsOf(markets.data, segment).map((one) => (
              <option key={one} value={one}>
                {one === 'all' ? 'The whole market' : one}
              </option>
            ))}
          </SelectField>
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
                  <DealTable rows={rows} onOpen={setOpened} />
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
      {opened && <DealDialog deal={opened} onClose={() => setOpened(null)} />}
    </Page>
  );
}

const without = (notes: readonly string[], told: readonly string[]) => notes.filter((note) => !told.includes(note));

const COLUMNS: ReadonlyArray<DataColumn<Deal>> = [
  { id: 'rank', header: '#', width: 46, align: 'end', cell: ({ rank }) => rank },
  { id: 'home', header: 'Home', width: 120, grow: 1, cell: ({ home_ref: ref }) => <b>{ref}</b> },
  { id: 'market', header: 'Market', width: 150, grow: 1, cell: ({ market }) => market },
  {
    id: 'status',
    header: 'State',
    width: 92,
    cell: ({ status }) => (
      <span>
        <Badge tone={status === 'held' ? 'info' : 'neutral'}>{status}</Badge>
      </span>
    ),
  },
  {
    id: 'adjusted',
    header: 'Risk-adjusted',
    width: 112,
    align: 'end',
    cell: ({ risk_adjusted_margin: margin }) => <b>{formatDollars(margin)}</b>,
  },
  {
    id: 'net',
    header: 'Net margin',
    width: 104,
    align: 'end',
    cell: ({ net_margin: margin }) => formatDollars(margin),
  },
  {
    id: 'ratio',
    header: 'On cost',
    width: 78,
    align: 'end',
    about: 'Net margin over what the home costs',
    cell: ({ margin_ratio: ratio }) => formatPercent(ratio, 0),
  },
  {
    id: 'arv',
    header: 'Worth',
    width: 104,
    align: 'end',
    about: 'After repair',
    cell: ({ arv }) => formatDollars(arv),
  },
  {
    id: 'cost',
    header: 'Purchase',
    width: 104,
    align: 'end',
    cell: ({ acquisition_price: price }) => formatDollars(price),
  },
  {
    id: 'loss',
    header: 'Chance of loss',
    width: 112,
    align: 'end',
    cell: ({ loss_probability: chance }) => formatPercent(chance, 0),
  },
  {
    id: 'risk',
    header: 'Risk',
    width: 94,
    cell: ({ risk }) => (
      <span>
        <Badge tone={RISKS[risk]}>{risk}</Badge>
      </span>
    ),
  },
];

function DealTable({ rows, onOpen }: { rows: Deal[]; onOpen: (deal: Deal) => void }) {
  return (
    <DataTable
      label="Deals, best first"
      rows={rows}
      columns={COLUMNS}
      getRowId={({ home_ref: ref, market }) => `${market}/${ref}`}
      rowLabel={({ home_ref: ref }) => ref}
      onOpen={onOpen}
    />
  );
}

function DealDialog({ deal, onClose }: { deal: Deal; onClose: () => void }) {
  const costs = [
    ['Purchase', deal.acquisition_price],
    ['Renovation', deal.reno_cost],
    ['Holding', deal.hold_cost],
    ['Sale (7% of the worth)', deal.arv === null ? null : deal.arv * 0.07],
    ['Net margin', deal.net_margin],
  ] as const;
  return (
    <Dialog title={`${deal.home_ref}, ${deal.market}`} place="side" onClose={onClose}>
      <p className="row">
        <Badge tone={deal.status === 'held' ? 'info' : 'neutral'}>{deal.status}</Badge>
        <Badge tone={RISKS[deal.risk]}>{deal.risk} risk</Badge>
      </p>
      <BarChart
        label="Where the worth goes"
        unit="$"
        {...(deal.arv === null ? {} : { max: deal.arv })}
        bars={costs.map(([name, value]) => ({
          name,
          value: value === null ? null : Math.max(0, value),
          tone: name === 'Net margin' ? ('good' as const) : ('normal' as const),
        }))}
        note={`Worth after repair ${formatDollars(deal.arv)}. What no feed has told counts as no cost.`}
      />
      <Facts
        facts={[
          ['Risk-adjusted margin', formatDollars(deal.risk_adjusted_margin)],
          ['Deviation of the margin', formatDollars(deal.margin_sigma)],
          ['Chance of a loss', formatPercent(deal.loss_probability)],
          ['Margin on cost', formatPercent(deal.margin_ratio)],
          [
            'Valuation',
            deal.valuation_confidence === null ? (
              'No confidence stated'
            ) : (
              <Confidence key="valuation" confidence={{ value: deal.valuation_confidence }} />
            ),
          ],
          ['Renovation', deal.reno_condition ?? 'Condition not known'],
          ['Days held', deal.days_held === null ? 'Not held yet' : formatCount(deal.days_held)],
          ['Segment', deal.segment === 'all' ? 'The whole market' : deal.segment],
        ]}
      />
      {deal.reasons.length > 0 && (
        <section className="stack" aria-label="Reasons">
          <h3>Why it is here</h3>
          <ul>
            {deal.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}
