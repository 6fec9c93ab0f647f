import { type FormEvent, useState } from 'react';
import { api } from '../../app/api.ts';
import { formatAgo, formatCount, formatDay, formatMoment } from '../../lib/format.ts';
import { Badge, StatusBadge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { Lineage } from './lineage.tsx';
import styles from './market.module.css';
import { MarketPicker } from './market-picker.tsx';
import { feedName } from './market-words.ts';
import { HowToLoad, MarketTabs } from './parts.tsx';
import type { Grain } from './trend-series.ts';
import { marketNames, useMarkets } from './use-markets.ts';

const TONES: Record<string, Tone> = { fresh: 'good', stopped: 'bad', empty: 'neutral' };
const WORDS: Record<string, string> = { fresh: 'Fresh', stopped: 'Stopped', empty: 'No rows yet' };

/** How each market feed is, the last loads, and what a figure was computed from. */
export function FeedsScreen() {
  const query = api.useQuery('get', '/api/v1/market/feeds', {});
  return (
    <Page title="Market feeds" about="What brings the figures, how fresh it is, and where each number came from">
      <MarketTabs />
      <QueryView query={query} lines={8}>
        {({ feeds, waiting, last_loads: loads }) => (
          <>
            <Card title="Feeds" isFlush>
              <SimpleTable
                label="Market feeds"
                rows={feeds}
                getRowId={({ feed }) => feed}
                columns={[
                  {
                    id: 'feed',
                    header: 'Feed',
                    width: 150,
                    cell: ({ feed, table }) => (
                      <>
                        {feedName(feed)}
                        <br />
                        <code className="small muted">{table}</code>
                      </>
                    ),
                  },
                  {
                    id: 'status',
                    header: 'State',
                    cell: ({ status }) => <Badge tone={TONES[status]}>{WORDS[status]}</Badge>,
                  },
                  { id: 'rows', header: 'Rows', align: 'end', cell: ({ rows }) => formatCount(rows) },
                  {
                    id: 'newest',
                    header: 'Newest day',
                    width: 140,
                    cell: ({ newest_day: day, age_days: age }) =>
                      day === null
                        ? 'None'
                        : `${formatDay(day)}${age === null ? '' : `, ${formatCount(age)} ${age === 1 ? 'day' : 'days'} ago`}`,
                  },
                  {
                    id: 'cadence',
                    header: 'Expected within',
                    align: 'end',
                    cell: ({ cadence_days: days }) => `${formatCount(days)} days`,
                  },
                  {
                    id: 'received',
                    header: 'Last row came',
                    width: 140,
                    cell: ({ received_at: at }) => (at === null ? 'Never' : formatAgo(at)),
                  },
                  {
                    id: 'note',
                    header: 'What to do',
                    width: 260,
                    cell: ({ note }) => note ?? <span className="muted">Nothing</span>,
                  },
                ]}
              />
              <p className={`${styles.padded} small muted`}>
                {waiting.changes === 0
                  ? 'Every change is in the figures.'
                  : `${formatCount(waiting.changes)} changes wait to be computed, since ${formatMoment(waiting.since)}.`}
              </p>
            </Card>
            <Card title="Last loads" isFlush={loads.length > 0}>
              {loads.length === 0 ? (
                <EmptyState title="No file has been loaded yet">
                  Rows that came over HTTP or from the invented world are counted above. How to load files is told
                  below.
                </EmptyState>
              ) : (
                <SimpleTable
                  label="Last load of each feed"
                  rows={loads}
                  getRowId={({ id }) => id}
                  columns={[
                    {
                      id: 'feed',
                      header: 'Feed',
                      cell: ({ feed }) => <span className={styles.unbroken}>{feedName(feed)}</span>,
                    },
                    { id: 'origin', header: 'File', width: 180, cell: ({ origin }) => origin },
                    { id: 'status', header: 'State', cell: ({ status }) => <StatusBadge status={status} /> },
                    { id: 'kept', header: 'Kept', align: 'end', cell: ({ rows_kept: rows }) => formatCount(rows) },
                    {
                      id: 'rejected',
                      header: 'Refused',
                      align: 'end',
                      cell: ({ rows_rejected: rows }) => formatCount(rows),
                    },
                    {
                      id: 'repeated',
                      header: 'Repeated',
                      align: 'end',
                      cell: ({ rows_repeated: rows }) => formatCount(rows),
                    },
                    {
                      id: 'span',
                      header: 'Data',
                      width: 200,
                      cell: ({ data_from: from, data_to: to }) =>
                        from === null || to === null ? (
                          <span className="muted">Not dated</span>
                        ) : (
                          <span className={styles.unbroken}>
                            {formatDay(from)} to {formatDay(to)}
                          </span>
                        ),
                    },
                    {
                      id: 'when',
                      header: 'When',
                      width: 150,
                      cell: ({ completed_at: end, started_at: start }) => (
                        <span className={styles.unbroken}>{formatMoment(end ?? start)}</span>
                      ),
                    },
                    {
                      id: 'message',
                      header: 'Message',
                      width: 120,
                      cell: ({ message }) => message ?? <span className="muted">None</span>,
                    },
                  ]}
                />
              )}
            </Card>
          </>
        )}
      </QueryView>
      <LineageCard />
      <Card title="Bring data">
        <HowToLoad />
      </Card>
    </Page>
  );
}

function LineageCard() {
  const markets = useMarkets();
  const [market, setMarket] = useState('');
  const [grain, setGrain] = useState<Grain>('week');
  const [week, setWeek] = useState('');
  const [asked, setAsked] = useState<{ market: string; grain: Grain; week: string } | null>(null);
  const names = marketNames(markets.data, 'all');
  const newest = (name: string, of: Grain) =>
    markets.data?.items.find((one) => one.market === name && one.segment === 'all' && one.grain === of)?.to ?? '';
  const choose = (name: string, of: Grain) => {
    setMarket(name);
    setGrain(of);
    setWeek(newest(name, of));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (market !== '' && week !== '') setAsked({ market, grain, week });
  };
  return (
    <Card title="Where did a figure come from?">
      <div className="stack">
        <div className={styles.filters}>
          <MarketPicker names={names} market={market} onChange={(name) => choose(name, grain)} />
          <SelectField label="Period" value={grain} onChange={(event) => choose(market, event.target.value as Grain)}>
            <option value="week">Week</option>
            <option value="month">Month</option>
            <option value="quarter">Quarter</option>
          </SelectField>
          <TextField
            label="First day of the period"
            type="date"
            value={week}
            onChange={(event) => setWeek(event.target.value)}
          />
          <form onSubmit={submit}>
            <Button type="submit" disabled={market === '' || week === ''}>
              Show its sources
            </Button>
          </form>
        </div>
        {asked && <Lineage {...asked} segment="all" />}
      </div>
    </Card>
  );
}
