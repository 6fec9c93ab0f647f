import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { parseFigure, parseMonth, parseQuarter, tidyName } from './values.ts';

type Read = (cells: readonly string[]) => RowReading<PublishedFigure>;
const INDEX = 'home_value_index';
const ERROR = 'home_value_index_standard_error';

/** FHFA house price indices: metros with standard errors, states, and the master file; with or without a header. */
export const fhfa: Layout = {
  name: 'fhfa',
  title: 'FHFA house price index',
  recognise(header, sample) {
    const names = header.map(normaliseHeader);
    const at = (...wanted: string[]) => names.findIndex((name) => wanted.includes(name));
    const plan = (read: Read, mapping: Array<[number, string]>, headerIsData = false) => ({
      layout: fhfa.name,
      feed: 'published_metrics' as const,
      mapping: mapping.map(([i, as]) => ({ column: headerIsData ? `column ${i + 1}` : tidyName(header[i] ?? ''), as })),
      notes: headerIsData ? ['The file has no header; its columns are known by what they hold.'] : [],
      headerIsData,
      read,
    });
    const [year, quarter, index] = [at('year', 'yr'), at('quarter', 'qtr'), at('index', 'indexnsa')];
    if (at('hpitype') >= 0 && at('hpiflavor') >= 0) {
      return plan(masterReader(names), [
        [at('indexnsa'), INDEX],
        [at('indexsa'), `${INDEX} (adjusted)`],
      ]);
    }
    const name = at('name', 'metro', 'state', 'placename', 'division');
    if (year >= 0 && quarter >= 0 && index >= 0 && name >= 0) {
      const error = at('indexstandarderror', 'standarderror');
      const mapping: Array<[number, string]> = [
        [name, 'market'],
        [index, INDEX],
      ];
      if (error >= 0) mapping.push([error, ERROR]);
      return plan(quarterReader({ name, year, quarter, index, error }), mapping);
    }
    const rows = [header, ...sample.slice(0, 20)];
    const isHeaderless = (width: number, at: number) =>
      rows.every((row) => row.length === width && parseQuarter(row[at] ?? '', row[at + 1] ?? '') !== null);
    if (isHeaderless(6, 2) && /^\d{5}$/.test(header[1]?.trim() ?? '')) {
      const read = quarterReader({ name: 0, year: 2, quarter: 3, index: 4, error: 5 });
      return plan(
        read,
        [
          [0, 'market'],
          [4, INDEX],
          [5, ERROR],
        ],
        true,
      );
    }
    if (isHeaderless(4, 1) && /^[A-Z]{2}$/.test(header[0]?.trim() ?? '')) {
      return plan(
        quarterReader({ name: 0, year: 1, quarter: 2, index: 3, error: -1 }),
        [
          [0, 'market'],
          [3, INDEX],
        ],
        true,
      );
    }
    return null;
  },
};

function quarterReader(where: { name: number; year: number; quarter: number; index: number; error: number }): Read {
  return (cells) => {
    const market = tidyName(cells[where.name] ?? '');
    const period = parseQuarter(cells[where.year] ?? '', cells[where.quarter] ?? '');
    if (market === '') return refused('the name is blank');
    if (period === null) return refused(`'${cells[where.year]}' and '${cells[where.quarter]}' are no year and quarter`);
    const base = { publisher: 'fhfa', market, segment: 'all', grain: 'quarter' as const, period };
    const wanted = [[INDEX, cells[where.index] ?? '']];
    // Standard errors stand in parentheses, as `( 5.11)`.
    if (where.error >= 0) wanted.push([ERROR, (cells[where.error] ?? '').replace(/^\s*\(\s*(.*?)\s*\)\s*$/, '$1')]);
    return collect(wanted.map(([metric = '', text = '']) => ({ base: { ...base, metric }, text })));
  };
}

/** `HPI_master.csv`: several indices in one table; each flavour is a publisher of its own. */
function masterReader(names: readonly string[]): Read {
  const column = (name: string) => names.indexOf(name);
  return (cells) => {
    const text = (name: string) => tidyName(cells[column(name)] ?? '');
    const isMonthly = text('frequency') === 'monthly';
    const month = isMonthly ? parseMonth(`${text('yr')}-${text('period')}`) : parseQuarter(text('yr'), text('period'));
    if (month === null) return refused(`'${text('yr')}' and '${text('period')}' are no period`);
    if (text('placename') === '') return refused('place_name is blank');
    const flavour =
      text('hpiflavor') === 'all-transactions' ? 'fhfa' : `fhfa_${text('hpiflavor').replaceAll('-', '_')}`;
    const grain = isMonthly ? ('month' as const) : ('quarter' as const);
    const base = { market: text('placename'), segment: 'all', grain, period: month, metric: INDEX };
    return collect([
      { base: { ...base, publisher: flavour }, text: text('indexnsa') },
      ...(column('indexsa') < 0
        ? []
        : [{ base: { ...base, publisher: `${flavour}_adjusted` }, text: text('indexsa') }]),
    ]);
  };
}

function collect(
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
