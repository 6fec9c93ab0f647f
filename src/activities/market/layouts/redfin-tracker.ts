import { periodOf, periodStart, shiftDays } from '../../../intelligence/periods.ts';
import { parseDate } from '../../discover/date-parse.ts';
import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, leaveOut, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { parseFigure, segmentOf, tidyName } from './values.ts';

/** Their columns and the figure each is; a column that is not here keeps its own name. */
const FIGURES: Readonly<Record<string, string>> = {
  mediandom: 'days_on_market',
  mediandaysonmarket: 'days_on_market',
  inventory: 'inventory_count',
  avgsaletolist: 'list_to_sale_ratio',
  averagesaletolistratio: 'list_to_sale_ratio',
  medianppsf: 'price_per_sqft',
  mediansaleppsf: 'price_per_sqft',
  totalhomessold: 'homes_sold',
  totalnewlistings: 'new_listings',
  totalpendingsales: 'pending_sales',
  totalactivelistings: 'inventory_count',
  activelistings: 'inventory_count',
};

const ABOUT = new Set(
  [
    'period_begin',
    'period_end',
    'period_duration',
    'duration',
    'region_type',
    'region_type_id',
    'region_id',
    'table_id',
  ]
    .concat(['is_seasonally_adjusted', 'region', 'region_name', 'city', 'state', 'state_code', 'property_type'])
    .concat(['property_type_id', 'parent_metro_region', 'parent_metro_region_metro_code', 'last_updated'])
    .map(normaliseHeader),
);

const CHANGES = /(mom|yoy|wow|qoq|[14]weeksago|[14]weekago)$/;

/** The market trackers of Redfin's data center: one row per region, kind of home and period, 58 columns. */
export const redfinTracker: Layout = {
  name: 'redfin_tracker',
  title: 'Redfin market tracker',
  recognise(header) {
    const names = header.map(normaliseHeader);
    const at = (...wanted: string[]) => names.findIndex((name) => wanted.includes(name));
    const region = at('region', 'regionname');
    const begin = at('periodbegin');
    const duration = at('periodduration', 'duration');
    if (begin < 0 || region < 0 || (duration < 0 && at('periodend') < 0)) return null;
    const taken = new Set<string>();
    const figures = names.flatMap((name, index) => {
      if (name === '' || ABOUT.has(name) || CHANGES.test(name)) return [];
      const own = snake(header[index] ?? name);
      // Two columns may mean one figure; the second keeps its own name.
      const metric = FIGURES[name] === undefined || taken.has(FIGURES[name]) ? own : FIGURES[name];
      taken.add(metric);
      return [{ index, metric }];
    });
    const where = { region, begin, duration, end: at('periodend'), level: at('regiontype'), kind: at('propertytype') };
    const adjusted = at('isseasonallyadjusted');
    return {
      layout: redfinTracker.name,
      feed: 'published_metrics',
      mapping: figures.map(({ index, metric }) => ({ column: tidyName(header[index] ?? ''), as: metric })),
      notes: ['Changes from the month and year before are left out: they follow from the figures.'],
      read: (cells) => readRow(cells, where, adjusted, figures),
    };
  },
};

interface Where {
  region: number;
  begin: number;
  duration: number;
  end: number;
  level: number;
  kind: number;
}

function readRow(
  cells: readonly string[],
  where: Where,
  adjustedAt: number,
  columns: ReadonlyArray<{ index: number; metric: string }>,
): RowReading<PublishedFigure> {
  const text = (index: number) => (index < 0 ? '' : (cells[index] ?? '').trim());
  const market = regionName(text(where.region), text(where.level));
  const begin = parseDate(text(where.begin));
  if (market === '') return refused('the region is blank');
  if (begin === null) return refused(`period_begin '${text(where.begin)}' is no date`);
  const span = periodSpan(begin, text(where.duration), parseDate(text(where.end)));
  if (typeof span === 'string') return leaveOut(span);
  if (span === null) {
    return refused(`the period of '${text(where.duration)}' from ${begin} is no week, month or quarter`);
  }
  const isAdjusted = /^(t|true|1|y|yes)$/i.test(text(adjustedAt));
  const base = {
    publisher: isAdjusted ? 'redfin_adjusted' : 'redfin',
    market,
    segment: segmentOf(text(where.kind)),
    ...span,
  };
  const reading: RowReading<PublishedFigure> = { figures: [], problems: [], missing: 0 };
  for (const { index, metric } of columns) {
    const value = parseFigure(cells[index] ?? '');
    if (value === undefined) reading.problems.push(`${metric}: '${cells[index]}' is no number`);
    else if (value === null) reading.missing += 1;
    else reading.figures.push({ ...base, metric, value });
  }
  return reading;
}

/** Cities share their names with metros (`Seattle, WA`), so they say that they are cities; a ZIP code is its five digits. */
function regionName(region: string, level: string): string {
  const name = tidyName(region);
  const zip = /^zip code:\s*(\d{3,5})$/i.exec(name);
  if (zip !== null) return (zip[1] ?? '').padStart(5, '0');
  return /^(place|city)$/i.test(level) && !/\(city\)$/.test(name) ? `${name} (city)` : name;
}

/**
 * The grain by the length (7, 28–31, 89–92 days, or `1 weeks`), and the first day of the period. The weekly file has each
 * week again as windows of 4 and 12 weeks: these are no periods, and why they are left out is returned as text.
 */
function periodSpan(
  begin: string,
  duration: string,
  end: string | null,
): Pick<PublishedFigure, 'grain' | 'period'> | string | null {
  const weeks = /^(\d+)\s*(?:weeks?|wks?)$/i.exec(duration);
  const stated = weeks === null ? Number.parseInt(duration, 10) : Number(weeks[1]) * 7;
  const seen = end === null ? Number.NaN : (Date.parse(end) - Date.parse(begin)) / 86_400_000 + 1;
  const days = Number.isNaN(stated) ? seen : stated;
  if (days === 7) return { grain: 'week', period: periodOf(shiftDays(begin, 3), 'week') };
  // Months are stated as 30 days; they end with the month, as far as the file says when.
  const isMonth = begin.endsWith('-01') && (end === null || shiftDays(end, 1) === periodStart(begin, 'month', 1));
  if (weeks === null && days >= 28 && days <= 31 && isMonth) return { grain: 'month', period: begin };
  const isFirst = begin.endsWith('-01');
  // Windows of three months start in every month; all are kept, and the mart takes those that are quarters.
  if (weeks === null && days >= 89 && days <= 92 && isFirst) return { grain: 'quarter', period: begin };
  if (days > 7 && days % 7 === 0) return `windows of ${days / 7} weeks: each week is in several of them`;
  return null;
}

const snake = (header: string) =>
  tidyName(header)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
