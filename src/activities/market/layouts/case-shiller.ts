import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { seasonalShare } from './seasonal.ts';
import { parseFigure, parseMonth, tidyName } from './values.ts';

const PLACE = /^(?:[A-Z]{2}-[A-Z][A-Za-z. ]+|Composite-\d+|National-US)(?:-N?SA)?$/;
/** Above this share of the changes' variance that months of the year explain, a series has its seasons in it. */
const SEASONAL = 0.15;

/** S&P CoreLogic Case-Shiller: a month per row, a metro (`AZ-Phoenix`), composite or the nation per column. */
export const caseShiller: Layout = {
  name: 'case_shiller',
  title: 'Case-Shiller home price index',
  recognise(header, sample) {
    const names = header.map(tidyName);
    const places = names.slice(1);
    if (normaliseHeader(names[0] ?? '') !== 'date' || places.length === 0) return null;
    if (!places.every((name) => PLACE.test(name))) return null;
    const share = seasonalShare(
      places.map((_, i) => sample.map((cells) => positive(cells[i + 1] ?? ''))),
      sample.map((cells) => Number((parseMonth(cells[0] ?? '') ?? '').slice(5, 7))),
    );
    const isFileAdjusted = share !== null && share < SEASONAL;
    const isStated = places.some((name) => /-N?SA$/.test(name));
    const isDoubtful = startsTooEarly(names.indexOf('Composite-20'), sample);
    const columns = places.map((name, i) => {
      const isAdjusted = /-SA$/.test(name) || (!isStated && isFileAdjusted);
      const market = name.replace(/-N?SA$/, '');
      const publisher = `case_shiller${isAdjusted ? '_adjusted' : ''}${isDoubtful ? '_doubtful' : ''}`;
      return { index: i + 1, market, publisher };
    });
    const said = `months of the year explain ${share === null ? 'an unknown share' : `${Math.round(share * 100)}%`} of its changes`;
    return {
      layout: caseShiller.name,
      feed: 'published_metrics',
      mapping: columns.map(({ index, market, publisher }) => ({
        column: names[index] ?? '',
        as: `home_value_index of ${market} (${publisher})`,
      })),
      notes: [
        ...(isStated ? [] : [`Read as ${isFileAdjusted ? '' : 'not '}seasonally adjusted: ${said}.`]),
        ...(isDoubtful ? [DOUBTFUL] : []),
      ],
      read: (cells) => readRow(cells, columns),
    };
  },
};

const DOUBTFUL =
  'The headings may not belong to their columns: Composite-20 begins in January 2000, yet its column has values before. Values are kept as headed, under a publisher of their own (…_doubtful) that stands behind all others.';

/** The composite of twenty metros begins with January 2000; its column with values before is another series. */
function startsTooEarly(index: number, sample: ReadonlyArray<readonly string[]>): boolean {
  return (
    index > 0 &&
    sample.some((cells) => (parseMonth(cells[0] ?? '') ?? '9') < '2000-01-01' && positive(cells[index] ?? '') !== null)
  );
}

/** An index is above 0: 0.000 stands where there is none. */
const positive = (text: string) => {
  const value = parseFigure(text);
  return typeof value === 'number' && value > 0 ? value : null;
};

function readRow(
  cells: readonly string[],
  columns: ReadonlyArray<{ index: number; market: string; publisher: string }>,
): RowReading<PublishedFigure> {
  const period = parseMonth(cells[0] ?? '');
  if (period === null) return refused(`'${cells[0]}' is no month`);
  const reading: RowReading<PublishedFigure> = { figures: [], problems: [], missing: 0 };
  for (const { index, market, publisher } of columns) {
    const value = parseFigure(cells[index] ?? '');
    const base = { publisher, market, segment: 'all', grain: 'month' as const, period, metric: 'home_value_index' };
    if (value === undefined || (value !== null && value < 0)) {
      reading.problems.push(`${market}: '${cells[index]}' is no index`);
    } else if (value === null || value === 0) reading.missing += 1;
    else reading.figures.push({ ...base, value });
  }
  return reading;
}
