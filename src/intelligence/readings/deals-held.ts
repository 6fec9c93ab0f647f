import { z } from 'zod';
import { HOLD_SHARE_PER_DAY } from '../../domain/market/margin.ts';
import type { Dialect, Reading } from '../warehouse.ts';
import { type HomeScope, scopeOf } from './deals.ts';

const number = z.coerce.number();

const groupRow = z
  .object({
    market: z.string(),
    age_week: number,
    all_homes: number,
    homes: number,
    m: number,
    d: number,
    v: number,
    mm: number,
    md: number,
    dd: number,
    vv: number,
    newest: z.string().nullable(),
  })
  .transform(({ age_week: ageWeek, ...row }) => ({ ...row, ageWeek }));
/** Held homes of one market and age: how many, how many have a margin (`homes`), and sums over those. */
export type HeldRow = z.output<typeof groupRow>;

/** Age in days on a day, else the days held as stated. */
const ageDays = (d: Dialect, to: string) => `coalesce(${d.bind(to, 'date')} - acquisition_date, days_held, 0)`;
/** Dollars a day. */
const holdPerDay = `CASE WHEN hold_cost > 0 AND days_held > 0 THEN hold_cost / days_held
  ELSE coalesce(acquisition_price, 0) * ${HOLD_SHARE_PER_DAY} END`;

const heldHomes = (d: Dialect, params: HomeScope) => `SELECT market, home_ref, segment, acquisition_date,
    CAST(floor(${ageDays(d, params.to)} / 7.0) AS integer) AS age_week, net_margin AS m, ${holdPerDay} AS d,
    coalesce(arv, 0) AS v
  FROM ${d.table('mart.deal_pl')}
  WHERE status = 'held' AND ${scopeOf(d, params)}
    AND (acquisition_date IS NULL OR acquisition_date <= ${d.bind(params.to, 'date')})`;

/** Sums over held homes by market and week of age: as many rows as there are ages, however many homes. */
export const heldGroups: Reading<HomeScope, HeldRow> = {
  name: 'held_groups',
  sql: (d, params) => {
    const known = (expression: string) => `coalesce(sum(CASE WHEN m IS NULL THEN 0 ELSE ${expression} END), 0)`;
    return `SELECT market, age_week, count(*) AS all_homes, count(m) AS homes, ${known('m')} AS m, ${known('d')} AS d,
        ${known('v')} AS v, ${known('m * m')} AS mm, ${known('m * d')} AS md, ${known('d * d')} AS dd,
        ${known('v * v')} AS vv, ${d.day('max(acquisition_date)')} AS newest
      FROM (${heldHomes(d, params)}) AS held GROUP BY market, age_week ORDER BY market, age_week`;
  },
  row: groupRow as unknown as z.ZodType<HeldRow>,
};

const homeRow = z.object({
  home_ref: z.string(),
  segment: z.string(),
  age_week: number,
  m: number,
  d: number,
  v: number,
});
/** A held home with a margin: week of age, margin if sold today, cost of a day, value. */
export type HeldHome = z.infer<typeof homeRow>;

/** Held homes with the highest margins. */
export const heldList: Reading<HomeScope & { limit: number }, HeldHome> = {
  name: 'held_list',
  sql: (d, params) => `SELECT home_ref, segment, age_week, m, d, v FROM (${heldHomes(d, params)}) AS held
    WHERE m IS NOT NULL ORDER BY m DESC, home_ref LIMIT ${Math.trunc(params.limit)}`,
  row: homeRow,
};

const stockRow = z.object({ market: z.string(), homes: number, mean_days: number });
/** Held homes of a market and the mean days that they have been held. */
export type StockRow = z.infer<typeof stockRow>;

/** How many homes each market holds, and for how long on average. */
export const heldStock: Reading<HomeScope, StockRow> = {
  name: 'held_stock',
  sql: (d, params) => `SELECT market, count(*) AS homes,
      CAST(avg(${ageDays(d, params.to)}) AS float8) AS mean_days
    FROM ${d.table('mart.deal_pl')}
    WHERE status = 'held' AND ${scopeOf(d, params)}
      AND (acquisition_date IS NULL OR acquisition_date <= ${d.bind(params.to, 'date')})
    GROUP BY market ORDER BY market`,
  row: stockRow,
};
