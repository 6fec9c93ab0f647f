import type { z } from 'zod';
import { formatFigure } from '../domain/market/figures.ts';
import { count, days, type Look, percent, score, usd } from './briefing-section.ts';
import { rankAllMarkets } from './tools/rank-all-markets.ts';
import { rankTop100Deals } from './tools/rank-top-100-deals.ts';

const SHOWN = 10;
/** From this score on a market is one to hold less in. */
const RISKY = 75;

/** Markets by risk. A market whose risk is high is a packet. */
export const rankingLook: Look = {
  key: 'market_risk',
  title: 'Market ranking by risk',
  tool: 'rank_all_markets',
  input: { by: 'risk', limit: 1000 },
  read(answer, make) {
    const { data_through: dataThrough, markets, notes, too_little_data: apart, total } = rankingAnswer.parse(answer);
    const risky = markets.filter((market) => market.score >= RISKY);
    return {
      dataThrough,
      columns: ['Rank', 'Market', 'Risk', 'Median sale price', 'Days on market', 'Homes for sale', 'Confidence'],
      rows: markets
        .slice(0, SHOWN)
        .map((one) => [
          count(one.rank),
          one.market,
          score(one.score),
          usd(one.latest.median_sale_price),
          days(one.latest.days_on_market),
          count(one.latest.inventory_count),
          percent(one.confidence.value),
        ]),
      notes: [...notes, ...apart.slice(0, 20).map(({ market, reason }) => `${market} is not ranked: ${reason}.`)],
      headlines: [
        { key: 'markets_ranked', label: 'Markets ranked', ...count(total) },
        ...(markets[0] === undefined
          ? []
          : [{ key: 'highest_risk', label: `Highest risk: ${markets[0].market}`, ...score(markets[0].score) }]),
      ],
      findings: risky.map((one) => {
        const worst = one.components
          .filter(({ points }) => points !== null)
          .sort((a, b) => b.points! - a.points!)
          .slice(0, 3);
        return make({
          market: one.market,
          segment: 'all',
          issue: `${one.market} is a risky market to hold homes in: risk ${formatFigure(one.score, 'score')} of 100`,
          severity: one.score >= 90 ? 'HIGH' : 'MEDIUM',
          evidence: [
            { label: 'Risk score', value: one.score, unit: 'score' },
            ...worst.map(({ reason, points }) => ({ label: reason, value: points!, unit: 'points' })),
          ],
          worth: { kind: 'forecast_price' },
          action: `Lower offers and hold fewer homes in ${one.market} until its risk falls below ${RISKY}.`,
          statedConfidence: one.confidence.value,
        });
      }),
      checked: new Set(markets.map(({ market }) => market)),
    };
  },
};

/** The best open deals. One that will most likely lose money though it is held is a packet of its own elsewhere. */
export const dealsLook: Look = {
  key: 'deals',
  title: 'Top deals',
  tool: 'rank_top_100_deals',
  input: { n: 100 },
  read(answer) {
    const {
      data_through: dataThrough,
      deals,
      notes,
      open_homes: open,
      total_net_margin: total,
    } = dealsAnswer.parse(answer);
    return {
      dataThrough,
      columns: ['Rank', 'Home', 'Market', 'Status', 'Net margin', 'Risk-adjusted', 'Chance of a loss'],
      rows: deals
        .slice(0, SHOWN)
        .map((one) => [
          count(one.rank),
          one.home_ref,
          one.market,
          one.status,
          usd(one.net_margin),
          usd(one.risk_adjusted_margin),
          percent(one.loss_probability),
        ]),
      notes,
      headlines: [
        { key: 'open_homes', label: 'Open homes', ...count(open) },
        { key: 'top_deals_margin', label: 'Expected net margin of the top deals', ...usd(total) },
      ],
      findings: [],
      checked: 'all',
    };
  },
};

const rankingAnswer = rankAllMarkets.output as z.ZodType<{
  data_through: string | null;
  notes: string[];
  total: number;
  markets: Array<{
    rank: number;
    market: string;
    score: number;
    latest: { median_sale_price: number | null; days_on_market: number | null; inventory_count: number | null };
    components: Array<{ reason: string; points: number | null }>;
    confidence: { value: number };
  }>;
  too_little_data: Array<{ market: string; reason: string }>;
}>;

const dealsAnswer = rankTop100Deals.output as z.ZodType<{
  data_through: string | null;
  notes: string[];
  open_homes: number;
  total_net_margin: number;
  deals: Array<{
    rank: number;
    home_ref: string;
    market: string;
    status: string;
    net_margin: number;
    risk_adjusted_margin: number;
    loss_probability: number;
  }>;
}>;
