import { ReosError } from '../../../domain/errors.ts';
import { isStateCode } from '../../../domain/market/levels.ts';
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

/** Headings of one value that name no series, and of a day's prices at an exchange. */
const NO_ID = /^(?:value|price|rate|index|close|open|high|low|last|volume|adj[ _]?close|change ?%?|vol\.?)$/i;

/**
 * FRED's CSV (`observation_date` or `DATE`, then series by id) and Freddie Mac's (`date`, `pmms30`, …). `.` is missing. The
 * older download calls its one series VALUE: its id is in the file's name.
 */
export const fred: Layout = {
  name: 'fred',
  title: 'FRED or Freddie Mac series',
  recognise(header, _sample, { file = 'The file', series: asked }) {
    const names = header.map(tidyName);
    const first = normaliseHeader(names[0] ?? '');
    const series = names.flatMap((name, index) => (index === 0 || name === '' ? [] : [{ index, id: name }]));
    if (series.length === 0 || (first !== 'observationdate' && first !== 'date')) return null;
    if (series.some(({ id }) => /^series(_?id)?$/i.test(id))) return null;
    const isFreddie = first === 'date' && series.some(({ id }) => /^pmms(30|15)$/i.test(id));
    const isOne = series.length === 1 && (asked !== undefined || NO_ID.test(series[0]!.id));
    if (isOne) series[0]!.id = seriesId(file, series[0]!.id, asked);
    else if (asked !== undefined) {
      throw new ReosError(
        'validation',
        `${file} has ${series.length} series; --series names the one of a file with one.`,
      );
    }
    if (!isOne && series.some(({ id }) => NO_ID.test(id))) {
      if (!series.every(({ id }) => NO_ID.test(id))) return null;
      const said = series.map(({ id }) => id).join(', ');
      throw new ReosError(
        'validation',
        `${file} has the columns ${said}: prices of a day, not series with an id as FRED's have.`,
      );
    }
    if (first === 'date' && series.every(({ id }) => isStateCode(id))) {
      const said = series.map(({ id }) => id).join(', ');
      throw new ReosError(
        'validation',
        `${file} has a column for each of ${said}: these are states, not series with an id as FRED's have. Head them with the ids of their series, such as ${series[0]!.id}STHPI.`,
      );
    }
    if (!isOne && !isFreddie && first === 'date' && !series.every(({ id }) => /^[A-Z0-9_]{2,}$/.test(id))) return null;
    const columns = series.map(({ index, id }) => ({ index, series: KNOWN[id.toUpperCase()] ?? id }));
    return {
      layout: fred.name,
      feed: 'macro',
      mapping: columns.map(({ index, series: name }) => ({ column: names[index] ?? '', as: name })),
      notes: isOne
        ? [
            `The one series of the file is ${columns[0]!.series}${asked === undefined ? ', by the name of the file' : ''}.`,
          ]
        : [],
      read: (cells) => readRow(cells, columns),
    };
  },
};

/** The id of a series whose column has none. @throws ReosError `validation` where the file's name is no id either */
function seriesId(file: string, heading: string, asked: string | undefined): string {
  if (asked !== undefined && !/^[A-Za-z0-9_.]{2,60}$/.test(asked)) {
    throw new ReosError(
      'validation',
      `--series ${asked} is no id: letters, digits and underscores, such as MORTGAGE30US.`,
    );
  }
  const [base = ''] = file.split('.');
  const named = asked ?? (/^[A-Z][A-Z0-9_]{3,}$/.test(base) && !NO_ID.test(base) ? base : undefined);
  if (named !== undefined) return named;
  throw new ReosError(
    'validation',
    `${file} calls its series '${heading}', which says nothing. Name the file after its id (MORTGAGE30US.csv), or say it with --series.`,
  );
}

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
