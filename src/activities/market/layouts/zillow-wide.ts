import { ReosError } from '../../../domain/errors.ts';
import type { Grain } from '../../../domain/market/metrics.ts';
import { periodOf } from '../../../intelligence/periods.ts';
import { parseDate } from '../../discover/date-parse.ts';
import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { parseFigure, tidyName } from './values.ts';

/** No month's rent is above this and no typical home's price is below it, dollars. */
const HIGHEST_RENT = 12_000;
/** Below this a figure is neither price nor rent (counts and shares come in the same layout), dollars. */
const LOWEST_RENT = 150;

/** Zillow's research files: one row per region, one column per month or week, headed `2000-01-31` or `1/31/00`. */
export const zillowWide: Layout = {
  name: 'zillow_wide',
  title: 'Zillow research file (one column per month)',
  recognise(header, sample, hints) {
    const names = header.map(normaliseHeader);
    const region = names.indexOf('regionname');
    const days = header.map((text) => (/\d[-/]\d/.test(text) ? parseDate(text) : null));
    const dated = days.flatMap((day, index) => (day === null ? [] : [{ index, day }]));
    if (region < 0 || !names.includes('regionid') || dated.length === 0) return null;
    const grain: Grain = isWeekly(dated.map(({ day }) => day)) ? 'week' : 'month';
    const columns = dated.map(({ index, day }) => ({ index, period: periodOf(day, grain) }));
    const metric = hints.metric ?? measured(sample, columns);
    const where = {
      region,
      level: names.indexOf('regiontype'),
      state: names.indexOf('state') < 0 ? names.indexOf('statename') : names.indexOf('state'),
    };
    const base = { publisher: 'zillow', segment: hints.segment ?? 'all', grain, metric };
    return {
      layout: zillowWide.name,
      feed: 'published_metrics',
      mapping: [
        { column: tidyName(header[region] ?? ''), as: 'market' },
        { column: `${header[dated[0]!.index]} … ${header[dated.at(-1)!.index]} (${dated.length})`, as: metric },
      ],
      notes: [
        `The file does not say what it measures: by the size of its values it is ${metric} (say otherwise with --metric).`,
        `It does not say which kind of home either: stored under the segment '${base.segment}' (--segment).`,
      ].slice(hints.metric === undefined ? 0 : 1, hints.segment === undefined ? 2 : 1),
      read: (cells) => readRow(cells, where, columns, base),
    };
  },
};

function readRow(
  cells: readonly string[],
  where: { region: number; level: number; state: number },
  columns: ReadonlyArray<{ index: number; period: string }>,
  base: Pick<PublishedFigure, 'publisher' | 'segment' | 'grain' | 'metric'>,
): RowReading<PublishedFigure> {
  const level = (where.level < 0 ? '' : (cells[where.level] ?? '')).trim().toLowerCase();
  const market = regionName(cells[where.region] ?? '', level, where.state < 0 ? '' : (cells[where.state] ?? ''));
  if (market === '') return refused('RegionName is blank');
  const reading: RowReading<PublishedFigure> = { figures: [], problems: [], missing: 0 };
  for (const { index, period } of columns) {
    const value = parseFigure(cells[index] ?? '');
    if (value === undefined) reading.problems.push(`${period}: '${cells[index]}' is no number`);
    else if (value === null) reading.missing += 1;
    else reading.figures.push({ ...base, market, period, value });
  }
  return reading;
}

/** Counties and cities are called alike in many states, so the state is added: `King County, WA`, `Seattle, WA (city)`. */
function regionName(region: string, level: string, state: string): string {
  const name = tidyName(region);
  const place = tidyName(state);
  if (level === 'zip') return /^\d{3,5}$/.test(name) ? name.padStart(5, '0') : name;
  if (name === '' || place === '' || level === 'msa' || level === 'state' || level === 'country') return name;
  const full = name.endsWith(`, ${place}`) ? name : `${name}, ${place}`;
  return level === 'city' || level === 'neighborhood' ? `${full} (${level})` : full;
}

function isWeekly(days: readonly string[]): boolean {
  const gaps = days.slice(1).map((day, i) => (Date.parse(day) - Date.parse(days[i]!)) / 86_400_000);
  return gaps.length > 0 && gaps.filter((gap) => gap === 7).length > gaps.length / 2;
}

/** Home values or rents, by the median of the newest value of each row. @throws ReosError `validation` for neither */
function measured(sample: ReadonlyArray<readonly string[]>, columns: ReadonlyArray<{ index: number }>): string {
  const newest = sample.flatMap((cells) => {
    const known = columns
      .map(({ index }) => parseFigure(cells[index] ?? ''))
      .filter((value) => typeof value === 'number');
    return known.at(-1) ?? [];
  });
  const middle = newest.sort((a, b) => a - b)[Math.floor(newest.length / 2)];
  if (middle === undefined || middle >= LOWEST_RENT)
    return middle === undefined || middle > HIGHEST_RENT ? 'home_value_index' : 'rent_index';
  throw new ReosError(
    'validation',
    `The usual value of the file is ${middle}: neither a home's value nor a rent. Say what it measures with --metric, such as --metric inventory_count.`,
  );
}
