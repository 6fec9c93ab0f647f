import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf, LEAST_SAMPLE } from '../../domain/market/confidence.ts';
import { groupedBy } from '../../domain/market/grouped.ts';
import { groupOfHome, marginForecaster } from '../../domain/market/margin.ts';
import { dayOf, shiftDays } from '../periods.ts';
import { type HeldRow, heldGroups, heldList } from '../readings/deals-held.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';
import { paceAge, readExitPace } from './exit-pace.ts';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** What the homes that are held will bring. */
export const getContributionMarginForecast = tool({
  name: 'get_contribution_margin_forecast',
  title: 'Contribution margin forecast',
  description:
    'Homes held: how many will be sold in the next weeks and the contribution margin they bring, dollars, with a 90% interval. Chance of a sale by week of age from the sales of the last two years (life table, homes still held counted as long as they were, smoothed towards all markets); margin of a home = after-repair value − acquisition − renovation − hold to date − a day’s hold × days to the sale. Interval: homes one by one, 3% of value shared by all, and the pace of sales. Without a market: totals per market at the pace of all markets. Source: mart.deal_pl.',
  input: z.strictObject({
    market: market.optional(),
    segment,
    weeks: z.number().int().min(1).max(52).default(13).describe('Weeks to come'),
    n: z.number().int().min(0).max(200).default(25).describe('Homes to list; only with a market'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string().nullable(),
    segment: z.string(),
    horizon_weeks: z.number(),
    held_homes: z.number(),
    homes_with_margin: z.number(),
    sales_seen: z.number(),
    expected_exits: z.number(),
    expected_margin: interval,
    weeks: z.array(z.object({ week: z.string(), expected_exits: z.number(), expected_margin: z.number() })),
    markets: z.array(
      z.object({ market: z.string(), homes: z.number(), expected_exits: z.number(), expected_margin: interval }),
    ),
    homes: z.array(
      z.object({
        home_ref: z.string(),
        segment: z.string(),
        age_weeks: z.number(),
        margin_if_sold_now: z.number(),
        hold_cost_per_day: z.number(),
        exit_probability: z.number(),
        expected_margin: z.number(),
      }),
    ),
    confidence: confidenceSchema,
  }),
  async run(context, input) {
    const to = input.as_of ?? dayOf(context.now);
    const scope = { market: input.market ?? null, segment: input.segment, to };
    const groups = await context.warehouse.read(heldGroups, scope);
    const pace = await readExitPace(context, scope, groups);
    const listed = scope.market === null ? [] : await context.warehouse.read(heldList, { ...scope, limit: input.n });
    const forecast = marginForecaster(pace.hazard, input.weeks, pace.own);
    const total = forecast(groups);
    const byMarket = groupedBy(groups, (row) => row.market);
    const markets = [...byMarket].map(([name, rows]) => {
      const { exits, margin } = forecast(rows);
      return { market: name, homes: homesOf(rows, 'homes'), expected_exits: exits, expected_margin: margin };
    });
    const homes = listed.map((home) => {
      const one = forecast([groupOfHome(home.age_week, home.m, home.d, home.v)]);
      return {
        home_ref: home.home_ref,
        segment: home.segment,
        age_weeks: home.age_week,
        margin_if_sold_now: home.m,
        hold_cost_per_day: home.d,
        exit_probability: one.exits,
        expected_margin: one.margin.value,
      };
    });
    const held = homesOf(groups, 'all_homes');
    const known = homesOf(groups, 'homes');
    const base = confidenceOf({
      sampleSize: pace.own,
      enough: 60,
      ageDays: paceAge(pace, to),
      freshDays: 60,
      coverage: held === 0 ? 0 : known / held,
    });
    const notes = base.reasons.filter((reason) => !reason.includes('periods'));
    if (held === 0) notes.unshift(`No home of ${scope.market ?? 'any market'} (${input.segment}) is held.`);
    else if (known < held) notes.push(`${held - known} of ${held} held homes have no expected margin and are left out`);
    if (pace.own < LEAST_SAMPLE) notes.push(`the pace is mostly that of ${pace.all} sales of all markets`);
    if (scope.market === null) notes.push('the pace of sales is that of all markets; ask for one market for its own');
    const newest = groups.reduce((last, row) => (row.newest !== null && row.newest > last ? row.newest : last), '');
    const through = [newest === '' ? null : newest, pace.newest].flatMap((day) => day ?? []).sort();
    return {
      as_of: to,
      data_through: through.at(-1) ?? null,
      notes,
      market: scope.market,
      segment: input.segment,
      horizon_weeks: input.weeks,
      held_homes: held,
      homes_with_margin: known,
      sales_seen: pace.own,
      expected_exits: total.exits,
      expected_margin: total.margin,
      weeks: total.weeks.map(({ exits, margin }, step) => ({
        week: shiftDays(to, 7 * step),
        expected_exits: exits,
        expected_margin: margin,
      })),
      markets,
      homes,
      confidence: {
        value: calibrated(context.weights, 'get_contribution_margin_forecast', base.value),
        sample_size: base.sample_size,
        reasons: notes,
      },
    };
  },
});

const homesOf = (rows: readonly HeldRow[], of: 'homes' | 'all_homes') => rows.reduce((sum, row) => sum + row[of], 0);
