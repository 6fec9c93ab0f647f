import { collectFigures, type PublishedFigure, type RowReading, refused } from './layout.ts';
import { parseMonth, parseQuarter, tidyName } from './values.ts';

/**
 * Reads `HPI_master.csv`: several indices in one table. Flavour (`all-transactions`, `purchase-only`, `expanded-data`) and
 * type (`traditional`, `distress-free`, `developmental`) make the publisher; `non-metro` makes another place.
 */
export function masterReader(names: readonly string[]): (cells: readonly string[]) => RowReading<PublishedFigure> {
  const column = (name: string) => names.indexOf(name);
  return (cells) => {
    const text = (name: string) => tidyName(cells[column(name)] ?? '');
    const isMonthly = text('frequency').toLowerCase() === 'monthly';
    const period = isMonthly ? parseMonth(`${text('yr')}-${text('period')}`) : parseQuarter(text('yr'), text('period'));
    if (period === null) return refused(`'${text('yr')}' and '${text('period')}' are no period`);
    if (text('placename') === '') return refused('place_name is blank');
    const type = text('hpitype').toLowerCase();
    const flavour = text('hpiflavor').toLowerCase();
    const publisher = [
      'fhfa',
      ...(flavour === 'all-transactions' ? [] : [word(flavour)]),
      ...(type === 'traditional' || type === 'non-metro' || type === '' ? [] : [word(type)]),
    ].join('_');
    const market = type === 'non-metro' ? `${text('placename')} (non-metro)` : text('placename');
    const grain = isMonthly ? ('month' as const) : ('quarter' as const);
    const base = { market, segment: 'all', grain, period, metric: 'home_value_index' };
    return collectFigures([
      { base: { ...base, publisher }, text: text('indexnsa') },
      ...(column('indexsa') < 0
        ? []
        : [{ base: { ...base, publisher: `${publisher}_adjusted` }, text: text('indexsa') }]),
    ]);
  };
}

const word = (text: string) => text.replaceAll(/[^a-z0-9]+/g, '_');
