import type { Grain } from '../../../domain/market/metrics.ts';
import { parseFigure } from './values.ts';

/** One figure that somebody published for a market and period. */
export interface PublishedFigure {
  publisher: string;
  market: string;
  segment: string;
  grain: Grain;
  /** First day of the period, YYYY-MM-DD. */
  period: string;
  metric: string;
  /** As published: percent as a fraction, `$276K` as 276000. */
  value: number;
}

/** One value of a series that belongs to no market. */
export interface MacroValue {
  series: string;
  date: string;
  value: number;
}

/** What one row of a file says: figures, or why it says none. A value that the publisher left open is `missing`. */
export interface RowReading<F> {
  figures: F[];
  problems: string[];
  missing: number;
  /** Why a good row is not taken, such as a window of several weeks: counted and told, never refused. */
  leftOut?: string;
}

/** How one column is taken. */
export interface ColumnUse {
  column: string;
  as: string;
}

/** A file whose layout is known, ready to be read row by row. */
export interface LayoutPlan<F = PublishedFigure | MacroValue> {
  layout: string;
  feed: 'published_metrics' | 'macro';
  mapping: ColumnUse[];
  /** What was decided, and what is left out, for the person who loads it. */
  notes: string[];
  /** True when the file has no header: its first row is data. */
  headerIsData?: boolean;
  read(cells: readonly string[]): RowReading<F>;
}

/** What a person says where the file itself leaves it open. */
export interface LayoutHints {
  /** Segment of a file that names none. */
  segment?: string | undefined;
  /** What a wide file measures, such as `rent_index`. */
  metric?: string | undefined;
  /** Id of the one series of a FRED file that calls it VALUE. */
  series?: string | undefined;
  /** Name of the file: where publishers say there what their columns do not. */
  file?: string | undefined;
}

/**
 * A layout knows its files by their headers and first rows. What these leave open (what a Zillow file measures, which of
 * its indices an FHFA file has, the id of a FRED series) is in the name that the publisher gave the file.
 */
export interface Layout {
  name: string;
  title: string;
  /**
   * @param header the cells of the header row, as published
   * @param sample the rows below it, up to 1,000
   * @returns how to read the file; null when it is of another layout
   * @throws ReosError `validation` for a file of this layout that cannot be stored for what it is
   */
  recognise(header: readonly string[], sample: ReadonlyArray<readonly string[]>, hints: LayoutHints): LayoutPlan | null;
}

/** A row that is not taken, and why. */
export const leaveOut = (reason: string): RowReading<never> => ({
  figures: [],
  problems: [],
  missing: 0,
  leftOut: reason,
});

/** A row without figures, and why. */
export const refused = (...problems: string[]): RowReading<never> => ({ figures: [], problems, missing: 0 });

/** Texts as figures: what is no number is a problem, what is left open is missing. */
export function collectFigures(
  wanted: ReadonlyArray<{ base: Omit<PublishedFigure, 'value'>; text: string }>,
): RowReading<PublishedFigure> {
  const reading: RowReading<PublishedFigure> = { figures: [], problems: [], missing: 0 };
  for (const { base, text } of wanted) {
    const value = parseFigure(text);
    if (value === undefined) reading.problems.push(`${base.metric}: '${text}' is no number`);
    else if (value === null) reading.missing += 1;
    else reading.figures.push({ ...base, value });
  }
  return reading;
}
