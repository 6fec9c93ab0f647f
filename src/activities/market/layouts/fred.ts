import { parseDate } from '../../discover/date-parse.ts';
import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, type MacroValue, type RowReading, refused } from './layout.ts';
import { parseFigure, tidyName } from './values.ts';

/** Series that tools know under a name of their own; all others keep their id. */
const KNOWN: Readonly<Record<string, string>> = {
  MORTGAGE30US: 'mortgage_rate_30y',
  MORTGAGE15US: 'mortgage_rate_15y',
  FIXHAI: 'affordability_index',
  PMMS30: 'mortgage_rate_30y',
  PMMS15: 'mortgage_rate_15y',
};

/** FRED's CSV (`observation_date` or `DATE`, then series by id) and Freddie Mac's (`date`, `pmms30`, …). `.` is missing. */
export const fred: Layout = {
  name: 'fred',
  title: 'FRED or Freddie Mac series',
  recognise(header) {
    const names = header.map(tidyName);
    const first = normaliseHeader(names[0] ?? '');
    const series = names.flatMap((name, index) => (index === 0 || name === '' ? [] : [{ index, id: name }]));
    const isFred =
      (first === 'observationdate' || first === 'date') && series.every(({ id }) => /^[A-Z0-9_]{2,}$/.test(id));
    const isFreddie = first === 'date' && series.some(({ id }) => /^pmms(30|15)$/i.test(id));
    if (series.length === 0 || !(isFred || isFreddie || first === 'observationdate')) return null;
    const columns = series.map(({ index, id }) => ({ index, series: KNOWN[id.toUpperCase()] ?? id }));
    return {
      layout: fred.name,
      feed: 'macro',
      mapping: columns.map(({ index, series: name }) => ({ column: names[index] ?? '', as: name })),
      notes: [],
      read: (cells) => readRow(cells, columns),
    };
  },
};

function readRow(
  cells: readonly string[],
  columns: ReadonlyArray<{ index: number; series: string }>,
): RowReading<MacroValue> {
  const date = parseDate(cells[0] ?? '');
  if (date === null) return refused(`'${cells[0]}' is no date`);
  const reading: RowReading<MacroValue> = { figures: [], problems: [], missing: 0 };
  for (const { index, series } of columns) {
    const value = parseFigure(cells[index] ?? '');
    if (value === undefined) reading.problems.push(`${series}: '${cells[index]}' is no number`);
    else if (value === null) reading.missing += 1;
    else reading.figures.push({ series, date, value });
  }
  return reading;
}
