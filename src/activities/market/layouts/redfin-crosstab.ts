import { normaliseHeader } from '../../discover/header-words.ts';
import { type Layout, refused } from './layout.ts';
import { parseFigure, parseMonth, segmentOf, tidyName } from './values.ts';

const FIGURES: Readonly<Record<string, string>> = {
  mediansaleprice: 'median_sale_price',
  medianlistprice: 'median_list_price',
  medianppsf: 'price_per_sqft',
  mediansaleppsf: 'price_per_sqft',
  homessold: 'homes_sold',
  pendingsales: 'pending_sales',
  newlistings: 'new_listings',
  inventory: 'inventory_count',
  daysonmarket: 'days_on_market',
  mediandaysonmarket: 'days_on_market',
  averagesaletolist: 'list_to_sale_ratio',
  avgsaletolist: 'list_to_sale_ratio',
  monthsofsupply: 'months_of_supply',
};

/** The table that is downloaded below Redfin's charts: rounded figures (`$276K`, `97.80%`), months as `Feb-19`. */
export const redfinCrosstab: Layout = {
  name: 'redfin_crosstab',
  title: 'Redfin download (Region, Month of Period End, …)',
  recognise(header) {
    const names = header.map(normaliseHeader);
    const region = names.indexOf('region');
    const month = names.indexOf('monthofperiodend');
    if (region < 0 || month < 0) return null;
    const kind = names.indexOf('propertytype');
    const figures = names.flatMap((name, index) => {
      const metric = FIGURES[name];
      return metric === undefined ? [] : [{ index, metric }];
    });
    return {
      layout: redfinCrosstab.name,
      feed: 'published_metrics',
      mapping: figures.map(({ index, metric }) => ({ column: tidyName(header[index] ?? ''), as: metric })),
      notes: [
        'Changes from the month and year before are left out: they follow from the figures.',
        'Prices are rounded to thousands as published; where the market tracker has the month, its figure is used.',
      ],
      read(cells) {
        const market = tidyName(cells[region] ?? '');
        const period = parseMonth(cells[month] ?? '');
        if (market === '') return refused('the region is blank');
        if (period === null) return refused(`Month of Period End '${(cells[month] ?? '').trim()}' is no month`);
        const segment = kind < 0 ? 'all' : segmentOf(cells[kind] ?? '');
        const base = { publisher: 'redfin_rounded', market, segment, grain: 'month' as const, period };
        const values = figures.map(({ index, metric }) => ({ metric, text: cells[index] ?? '' }));
        const read = values.map(({ metric, text }) => ({ metric, text, value: parseFigure(text) }));
        return {
          figures: read.flatMap(({ metric, value }) => (typeof value === 'number' ? [{ ...base, metric, value }] : [])),
          problems: read.flatMap(({ metric, text, value }) =>
            value === undefined ? [`${metric}: '${text}' is no number`] : [],
          ),
          missing: read.filter(({ value }) => value === null).length,
        };
      },
    };
  },
};
