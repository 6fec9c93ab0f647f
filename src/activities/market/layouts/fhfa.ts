import { ReosError } from '../../../domain/errors.ts';
import { levelOf } from '../../../domain/market/levels.ts';
import { normaliseHeader } from '../../discover/header-words.ts';
import { masterReader } from './fhfa-master.ts';
import { collectFigures, type Layout, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { parseQuarter, tidyName } from './values.ts';

type Read = (cells: readonly string[]) => RowReading<PublishedFigure>;
const INDEX = 'home_value_index';
const ERROR = 'home_value_index_standard_error';

/** FHFA's three indices, as its file names have them, and who is said to publish each. */
const FLAVOURS = [
  { code: 'at', publisher: 'fhfa', said: 'the all-transactions index' },
  { code: 'po', publisher: 'fhfa_purchase_only', said: 'the purchase-only index' },
  { code: 'exp', publisher: 'fhfa_expanded_data', said: 'the expanded-data index' },
] as const;

/** FHFA house price indices: metros with standard errors, states, divisions, three-digit ZIPs, and the master file; with or without a header. */
export const fhfa: Layout = {
  name: 'fhfa',
  title: 'FHFA house price index',
  recognise(header, sample, { file = 'The file' }) {
    const names = header.map(normaliseHeader);
    const at = (...wanted: string[]) => names.findIndex((name) => wanted.includes(name));
    const plan = (read: Read, mapping: Array<[number, string]>, notes: string[], headerIsData = false) => ({
      layout: fhfa.name,
      feed: 'published_metrics' as const,
      mapping: mapping.map(([i, as]) => ({ column: headerIsData ? `column ${i + 1}` : tidyName(header[i] ?? ''), as })),
      notes: headerIsData ? ['The file has no header; its columns are known by what they hold.', ...notes] : notes,
      headerIsData,
      read,
    });
    if (at('hpitype') >= 0 && at('hpiflavor') >= 0) {
      const mapping: Array<[number, string]> = [
        [at('indexnsa'), INDEX],
        [at('indexsa'), `${INDEX} (adjusted)`],
      ];
      return plan(masterReader(names), mapping, [MASTER]);
    }
    const name = at(
      'name',
      'metro',
      'metroname',
      'state',
      'placename',
      'division',
      'threedigitzipcode',
      'zip3',
      '3digitzip',
    );
    const [year, quarter] = [at('year', 'yr'), at('quarter', 'qtr')];
    const index = at('index', 'indexnsa', 'hpi');
    if (year >= 0 && quarter < 0 && index >= 0 && at('hpiwith1990base', 'hpiwith2000base', 'annualchange') >= 0) {
      throw new ReosError(
        'validation',
        `${file} has one index a year. Figures are kept by week, month or quarter: take FHFA's quarterly file of the same places.`,
      );
    }
    if (year >= 0 && quarter >= 0 && index >= 0 && name >= 0) {
      const adjusted = at('indexsa');
      const { publisher, said } = flavourOf(file, adjusted >= 0, at('warning') >= 0);
      const error = at('indexstandarderror', 'standarderror');
      const mapping: Array<[number, string]> = [
        [name, 'market'],
        [index, INDEX],
        ...(error < 0 ? [] : [[error, ERROR] as [number, string]]),
        ...(adjusted < 0 ? [] : [[adjusted, `${INDEX} (adjusted)`] as [number, string]]),
      ];
      const read = quarterReader({ name, year, quarter, index, error, adjusted, publisher });
      return plan(read, mapping, [`Read as ${said} (publisher ${publisher}).`]);
    }
    const rows = [header, ...sample.slice(0, 20)];
    const isHeaderless = (width: number, from: number) =>
      rows.every((row) => row.length === width && parseQuarter(row[from] ?? '', row[from + 1] ?? '') !== null);
    const bare = isHeaderless(6, 2) && /^\d{5}$/.test(header[1]?.trim() ?? '') ? 2 : isHeaderless(4, 1) ? 1 : null;
    const isPlace = levelOf(header[0] ?? '') !== 'metro' || /hpi|fhfa/i.test(file);
    if (bare === null || (bare === 1 && !isPlace)) return null;
    const { publisher, said } = flavourOf(file, false, false);
    const error = bare === 2 ? 5 : -1;
    const where = { name: 0, year: bare, quarter: bare + 1, index: bare + 2, error, adjusted: -1, publisher };
    const mapping: Array<[number, string]> = [
      [0, 'market'],
      [where.index, INDEX],
      ...(error < 0 ? [] : [[error, ERROR] as [number, string]]),
    ];
    return plan(quarterReader(where), mapping, [`Read as ${said} (publisher ${publisher}).`], true);
  },
};

const MASTER =
  'Each index is a publisher of its own: fhfa (all transactions), fhfa_purchase_only, fhfa_expanded_data; types beside the traditional one are added to it (fhfa_purchase_only_distress_free). The rest of a state outside metros is a market of its own, such as Ohio (non-metro).';

/**
 * Which index a file has. All-transactions files have one column; the two others have a seasonally adjusted one too, and
 * only the name of the file tells them apart, but for the warnings that the purchase-only file of states has.
 * @throws ReosError `validation` where neither says it
 */
function flavourOf(file: string, hasAdjusted: boolean, hasWarning: boolean) {
  const word = /(?:^|[^a-z])(at|po|exp)(?:[^a-z]|$)/i.exec(file)?.[1]?.toLowerCase();
  const code = word ?? (hasWarning ? 'po' : hasAdjusted ? undefined : 'at');
  const found = FLAVOURS.find((one) => one.code === code);
  if (found !== undefined) return found;
  throw new ReosError(
    'validation',
    `${file} has a seasonally adjusted index, so it is the purchase-only or the expanded-data one, and does not say which. Keep FHFA's name of the file, with _PO_ or _EXP_ in it.`,
  );
}

interface Where {
  name: number;
  year: number;
  quarter: number;
  index: number;
  error: number;
  adjusted: number;
  publisher: string;
}

function quarterReader(where: Where): Read {
  return (cells) => {
    const name = tidyName(cells[where.name] ?? '');
    // Of ZIP codes, FHFA publishes those with the same first three digits together.
    const market = /^\d{1,3}$/.test(name) ? `${name.padStart(3, '0')}xx` : name;
    const period = parseQuarter(cells[where.year] ?? '', cells[where.quarter] ?? '');
    if (market === '') return refused('the name is blank');
    if (period === null) return refused(`'${cells[where.year]}' and '${cells[where.quarter]}' are no year and quarter`);
    const { publisher } = where;
    const base = { publisher, market, segment: 'all', grain: 'quarter' as const, period };
    const wanted = [{ base: { ...base, metric: INDEX }, text: cells[where.index] ?? '' }];
    if (where.adjusted >= 0) {
      const adjusted = { ...base, publisher: `${publisher}_adjusted`, metric: INDEX };
      wanted.push({ base: adjusted, text: cells[where.adjusted] ?? '' });
    }
    // Standard errors stand in parentheses, as `( 5.11)`.
    const error = (cells[where.error] ?? '').replace(/^\s*\(\s*(.*?)\s*\)\s*$/, '$1');
    if (where.error >= 0) wanted.push({ base: { ...base, metric: ERROR }, text: error });
    return collectFigures(wanted);
  };
}
