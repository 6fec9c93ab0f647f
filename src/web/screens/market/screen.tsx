import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { formatCount } from '../../lib/format.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { SegmentField } from './filter-fields.tsx';
import styles from './market.module.css';
import { isShown, statesOf } from './market-words.ts';
import { AnswerNotes, MarketTabs, NoFeeds } from './parts.tsx';
import { type RankedMarket, RankingTable } from './ranking-table.tsx';
import { ScoreDialog } from './score-dialog.tsx';
import { useAddress } from './use-address.ts';
import { segmentsOf, useMarkets } from './use-markets.ts';

/** All markets in order of risk or opportunity, with what puts each where it is. */
export function MarketScreen() {
  const [address, change] = useAddress();
  const navigate = useNavigate();
  const by = address.by === 'opportunity' ? 'opportunity' : 'risk';
  const segment = address.segment ?? 'all';
  const markets = useMarkets();
  const query = api.useQuery('post', '/api/v1/intelligence/tools/rank_all_markets', {
    body: { by, segment, limit: 1000 },
  });
  const explained = query.data?.markets.find(({ market }) => market === address.explain);
  const open = (market: string) =>
    void navigate({
      to: '/market/trend',
      search: { market, ...(segment === 'all' ? {} : { segment }) } as never,
    });
  return (
    <Page title="Market" about="Where to buy and what to beware of, from your feeds">
      <MarketTabs />
      <Card>
        <div className={styles.filters}>
          <SelectField label="Order" value={by} onChange={(event) => change({ by: event.target.value })}>
            <option value="risk">Riskiest first</option>
            <option value="opportunity">Best opportunity first</option>
          </SelectField>
          <SegmentField segments={segmentsOf(markets.data, segment)} address={address} change={change} />
          <SelectField
            label="State"
            value={address.state ?? ''}
            onChange={(event) => change({ state: event.target.value })}
          >
            <option value="">All states</option>
            {statesOf((query.data?.markets ?? []).map(({ market }) => market)).map((state) => (
              <option key={state}>{state}</option>
            ))}
          </SelectField>
          <TextField
            label="Name"
            type="search"
            placeholder="Part of a market’s name"
            value={address.name ?? ''}
            onChange={(event) => change({ name: event.target.value }, { replace: true })}
          />
        </div>
      </Card>
      <QueryView
        query={query}
        lines={10}
        label="Ranking the markets"
        isEmpty={(answer) => answer.total === 0 && answer.too_little_data.length === 0}
        empty={<NoFeeds />}
      >
        {(answer) => (
          <Ranking
            answer={answer}
            state={address.state ?? ''}
            name={address.name ?? ''}
            onOpen={open}
            onExplain={({ market }) => change({ explain: market })}
          />
        )}
      </QueryView>
      {explained && query.data && (
        <ScoreDialog
          market={explained}
          answer={query.data}
          onClose={() => change({ explain: undefined })}
          onOpen={open}
        />
      )}
    </Page>
  );
}

type Answer = Parameters<typeof ScoreDialog>[0]['answer'] & {
  markets: RankedMarket[];
  too_little_data: Array<{ market: string; periods: number; reason: string }>;
  total: number;
};

function Ranking({
  answer,
  state,
  name,
  onOpen,
  onExplain,
}: {
  answer: Answer;
  state: string;
  name: string;
  onOpen: (market: string) => void;
  onExplain: (market: RankedMarket) => void;
}) {
  const rows = useMemo(
    () => answer.markets.filter(({ market }) => isShown(market, state, name)),
    [answer.markets, state, name],
  );
  const apart = answer.too_little_data.filter(({ market }) => isShown(market, state, name));
  const what = answer.by === 'risk' ? 'risk, 0 to 100, higher is riskier' : 'opportunity, 0 to 100, higher is better';
  return (
    <>
      <AnswerNotes answer={answer}>
        {formatCount(rows.length)} of {formatCount(answer.total)} markets, by {answer.grain ?? 'period'} · {what} ·
        rules {answer.rules_version}
      </AnswerNotes>
      {rows.length === 0 ? (
        <EmptyState title="No market is left by these choices">Choose another state, segment or name.</EmptyState>
      ) : (
        <Card isFlush>
          <RankingTable rows={rows} by={answer.by} onOpen={onOpen} onExplain={onExplain} />
        </Card>
      )}
      {apart.length > 0 && (
        <Card title={`Not ranked (${formatCount(apart.length)})`} isFlush>
          <SimpleTable
            label="Markets with too little data to be ranked"
            rows={apart.slice(0, 100)}
            getRowId={({ market }) => market}
            columns={[
              {
                id: 'market',
                header: 'Market',
                cell: ({ market }) => (
                  <Link to="/market/trend" search={{ market } as never}>
                    {market}
                  </Link>
                ),
              },
              { id: 'reason', header: 'Why', cell: ({ reason }) => reason },
              { id: 'periods', header: 'Periods', align: 'end', cell: ({ periods }) => formatCount(periods) },
            ]}
          />
        </Card>
      )}
    </>
  );
}
