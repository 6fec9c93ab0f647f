import type { Grain } from '../../../domain/market/metrics.ts';
import { periodOf } from '../../../intelligence/periods.ts';
import { parseDate } from '../../discover/date-parse.ts';
import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { parseFigure, parseMonth, tidyName } from './values.ts';
import { checkMetric, checkSize, measureByShape } from './zillow-measure.ts';
import { readZillowName } from './zillow-names.ts';
import { findPlaces, placeName } from './zillow-places.ts';

/** Zillow's research files: one row per region, one column per month or week, headed `2000-01-31`, `1/31/00` or `1996-04`. */
export const zillowWide: Layout = {
  name: 'zillow_wide',
  title: 'Zillow research file (one column per month)',
  recognise(header, sample, hints) {
    const names = header.map(normaliseHeader);
    const dated = header.flatMap((text, index) => {
      const day = dayOfHeading(text);
      return day === null ? [] : [{ index, day }];
    });
    if (!names.includes('regionname') || !names.includes('regionid') || dated.length === 0) return null;
    const file = hints.file ?? 'the file';
    const said = readZillowName(file);
    const isWeeks = dated.length > 1 ? isWeekly(dated.map(({ day }) => day)) : said?.isWeekly === true;
    const grain: Grain = isWeeks ? 'week' : 'month';
    const columns = dated.map(({ index, day }) => ({ index, period: periodOf(day, grain) }));
    const asked = hints.metric === undefined ? undefined : checkMetric(hints.metric);
    const metric = asked ?? said?.metric ?? measureByShape(file, sample, columns);
    if (asked === undefined && said !== null) checkSize(file, metric, sample, columns);
    const base = {
      publisher: asked === undefined || asked === said?.metric ? (said?.publisher ?? 'zillow') : 'zillow',
      segment: hints.segment ?? said?.segment ?? 'all',
      grain,
      metric,
    };
    const places = findPlaces(names, sample, said?.level);
    return {
      layout: zillowWide.name,
      feed: 'published_metrics',
      mapping: [
        { column: tidyName(header[places.region] ?? ''), as: `market (${places.level ?? 'level of each row'})` },
        { column: `${header[dated[0]!.index]} … ${header[dated.at(-1)!.index]} (${dated.length})`, as: metric },
      ],
      notes: notesOf(base, said !== null, asked !== undefined, hints.segment !== undefined),
      read: (cells) => readRow(cells, (row) => placeName(row, places), columns, base),
    };
  },
};

type Base = Pick<PublishedFigure, 'publisher' | 'segment' | 'grain' | 'metric'>;

function notesOf(base: Base, isNamed: boolean, isAsked: boolean, hasSegment: boolean): string[] {
  const { metric, segment, publisher } = base;
  const notes: string[] = [];
  if (isNamed && !isAsked)
    notes.push(`By its name the file is ${metric}, segment '${segment}' (publisher ${publisher}).`);
  if (!isNamed && !isAsked) {
    notes.push(
      `The file does not say what it measures: by the size and start of its values it is ${metric} (say otherwise with --metric).`,
    );
  }
  if (!isNamed && !hasSegment) {
    notes.push(`It does not say which kind of home either: stored under the segment '${segment}' (--segment).`);
  }
  if (segment === 'sfr')
    notes.push(
      `Where no figure of all homes is known, the one of single-family homes stands for it (source zillow_sfr).`,
    );
  return notes;
}

function readRow(
  cells: readonly string[],
  nameOf: (cells: readonly string[]) => string,
  columns: ReadonlyArray<{ index: number; period: string }>,
  base: Base,
): RowReading<PublishedFigure> {
  const market = nameOf(cells);
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

function dayOfHeading(text: string): string | null {
  if (/^\s*\d{4}-\d{2}\s*$/.test(text)) return parseMonth(text);
  return /\d[-/]\d/.test(text) ? parseDate(text) : null;
}

function isWeekly(days: readonly string[]): boolean {
  const gaps = days.slice(1).map((day, i) => (Date.parse(day) - Date.parse(days[i]!)) / 86_400_000);
  return gaps.length > 0 && gaps.filter((gap) => gap === 7).length > gaps.length / 2;
}
