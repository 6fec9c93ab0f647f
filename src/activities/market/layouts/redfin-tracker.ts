import { periodOf, shiftDays } from '../../../intelligence/periods.ts';
import { parseDate } from '../../discover/date-parse.ts';
import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, type PublishedFigure, type RowReading, refused } from './layout.ts';
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
    const figures = names.flatMap((name, index) => {
      if (ABOUT.has(name) || /(mom|yoy|wow|4weekago)$/.test(name)) return [];
      return [{ index, metric: FIGURES[name] ?? snake(header[index] ?? name) }];
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

/** The grain by the length in days (7, 28–31, 89–92, or `1 weeks`), and the first day of the period. */
function periodSpan(
  begin: string,
  duration: string,
  end: string | null,
): Pick<PublishedFigure, 'grain' | 'period'> | null {
  const weeks = /^(\d+)\s*weeks?$/i.exec(duration);
  const stated = weeks === null ? Number.parseInt(duration, 10) : Number(weeks[1]) * 7;
  const days = Number.isNaN(stated) && end !== null ? (Date.parse(end) - Date.parse(begin)) / 86_400_000 + 1 : stated;
  if (days === 7) return { grain: 'week', period: periodOf(shiftDays(begin, 3), 'week') };
  const isFirst = begin.endsWith('-01');
  if (days >= 28 && days <= 31 && isFirst) return { grain: 'month', period: begin };
  // Windows of three months start in every month; all are kept, and the mart takes those that are quarters.
  return days >= 89 && days <= 92 && isFirst ? { grain: 'quarter', period: begin } : null;
}

const snake = (header: string) =>
  tidyName(header)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
