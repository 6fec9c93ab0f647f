import type { FunnelCounts } from '../../domain/market/funnel.ts';
import { remembered } from '../memory.ts';
import { shiftDays } from '../periods.ts';
import { type FunnelQuestion, type FunnelWeek, funnelWeeks } from '../readings/funnel.ts';
import { dayOfNumber, namesOf, numberOfDay } from '../readings/number-list.ts';
import type { Warehouse } from '../warehouse.ts';

/** Most of the newest weeks that are held against others, and most of those before them. */
export const MOST_RECENT_WEEKS = 13;
export const MOST_PAST_WEEKS = 52;

/** All weeks that any question with the same newest week can ask for: those two spans, and the same of a year before. */
const REACH_DAYS = 7 * (MOST_RECENT_WEEKS - 1 + MOST_PAST_WEEKS) + 364;

/** The spans of one market, in the order of the question; zeros where there is no week. */
export interface MarketFunnel {
  market: string;
  /** The newest week of a span that has a row. */
  newest: string | null;
  spans: FunnelCounts[];
}

/**
 * Sums per market and span, by market in order of name; no market without a week in any. The first span holds the newest
 * week, and a week that lies in two of them counts in the first. For the whole market a week's row of segment `all` counts;
 * where there is none, the sum of its segments. Where the warehouse keeps what was read, all weeks in reach are read once,
 * and spans and markets are cut from them.
 */
export async function readFunnelSpans(
  warehouse: Warehouse,
  { market, segment, spans }: FunnelQuestion,
): Promise<MarketFunnel[]> {
  const last = spans[0]!.to;
  const name = `funnel ${JSON.stringify([segment, last])}`;
  const tables = ['raw.funnel_activity'];
  const kept = (await warehouse.memory?.find(name, tables)) as FunnelGrid | undefined;
  const isWhole = kept !== undefined || (warehouse.memory !== undefined && market === null);
  const reach = { market: null, segment, spans: [{ from: shiftDays(last, -REACH_DAYS), to: last }] };
  const read = async () => gridOf(await warehouse.read(funnelWeeks, isWhole ? reach : { market, segment, spans }));
  const grid = isWhole ? await remembered(warehouse, name, tables, read, bytesIn) : await read();
  const bounds = spans.map(({ from, to }) => ({ from: numberOfDay(from), to: numberOfDay(to) }));
  const spanOf = grid.days.map((day) => bounds.findIndex(({ from, to }) => day >= from && day <= to));
  return grid.markets
    .filter((one) => market === null || one.market === market)
    .map((one) => sumSpans(one, grid.days, spanOf, spans.length))
    .filter(({ newest }) => newest !== null);
}

const STAGES = ['leads', 'offers', 'accepted', 'closes'] as const;
type Counts = Record<(typeof STAGES)[number], Float64Array>;

/** Weekly counts on one grid, markets in order of name. */
interface FunnelGrid {
  /** Mondays as numbers, oldest first. */
  days: number[];
  markets: Array<Counts & { market: string; isKnown: Uint8Array }>;
}

const bytesIn = ({ days, markets }: FunnelGrid) => markets.length * (33 * days.length + 400);

function gridOf(read: readonly FunnelWeek[]): FunnelGrid {
  const days = [...new Set(read.map(({ day }) => day))].sort((a, b) => a - b);
  const empty = (): Counts & { isKnown: Uint8Array } => {
    const list = () => new Float64Array(days.length);
    return { leads: list(), offers: list(), accepted: list(), closes: list(), isKnown: new Uint8Array(days.length) };
  };
  const byMarket = new Map<string, ReturnType<typeof empty>>();
  let names: FunnelWeek['names'] = '';
  let markets: Array<ReturnType<typeof empty>> = [];
  // What is said of the whole market comes last and takes the place of the sum.
  const inOrder = [
    ...read.filter(({ segment }) => segment !== 'all'),
    ...read.filter(({ segment }) => segment === 'all'),
  ];
  for (const week of inOrder) {
    if (week.names !== names) {
      names = week.names;
      markets = namesOf(names).map((name) => {
        const found = byMarket.get(name) ?? empty();
        byMarket.set(name, found);
        return found;
      });
    }
    const at = days.indexOf(week.day);
    const isSum = week.segment !== 'all';
    for (const stage of STAGES) {
      const counts = week[stage];
      for (let m = 0; m < markets.length; m += 1) {
        const count = counts[m]!;
        if (Number.isNaN(count)) continue;
        const into = markets[m]![stage];
        into[at] = isSum ? into[at]! + count : count;
      }
    }
    for (const one of markets) one.isKnown[at] = 1;
  }
  const found = [...byMarket].map(([market, one]) => ({ market, ...one }));
  return { days, markets: found.sort((a, b) => (a.market < b.market ? -1 : 1)) };
}

function sumSpans(
  one: FunnelGrid['markets'][number],
  days: readonly number[],
  spanOf: readonly number[],
  spanCount: number,
): MarketFunnel {
  const spans = Array.from(
    { length: spanCount },
    (): FunnelCounts => ({ weeks: 0, leads: 0, offers: 0, accepted: 0, closes: 0 }),
  );
  let newest = -1;
  for (let at = 0; at < days.length; at += 1) {
    const span = spans[spanOf[at]!];
    if (span === undefined || one.isKnown[at] === 0) continue;
    span.weeks += 1;
    span.leads += one.leads[at]!;
    span.offers += one.offers[at]!;
    span.accepted += one.accepted[at]!;
    span.closes += one.closes[at]!;
    newest = at;
  }
  return { market: one.market, newest: newest < 0 ? null : dayOfNumber(days[newest]!), spans };
}
