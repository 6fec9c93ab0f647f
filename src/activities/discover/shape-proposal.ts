import type { Profiles } from './column-guess.ts';
import type { MappedRule } from './column-mapping.ts';
import { headerWords } from './header-words.ts';
import type { SalesTable } from './sales-table.ts';

const PRICE_WORDS =
  /^(?:price|prices|prc|preco|precio|preis|prix|prezzo|prijs|pris|valor|valeur|sold|soldfor|medv|consideration|amount|amt)$/;
const OTHER_MONEY =
  /^(?:per|list|listed|listing|ask|asking|tax|taxes|assessed|assessment|prior|prev|previous|last|original|orig|old|min|max|avg|mean|median|rent|rental|hoa|fee|land|unit|sqft|sqm|m2|change|cut|drop|log|adj|adjusted|est|estimate|estimated|range|band|iptu|condominio)$/;
const DATE_WORDS =
  /^(?:date|dt|sdate|saledate|saledt|sldate|solddate|closedate|transdate|sale|sold|sell|transaction|closed|close|closing|deed|transfer|settlement|data|fecha|datum|venda|month|period|quarter|day)$/;
const AREA_WORDS = /^(?:area|location|district|quarter|sector|zone|ward|village|submarket)$/;
const OTHER_DATES =
  /^(?:list|listed|listing|built|build|renovated|remodel|permit|update|updated|created|modified|birth|tax|assessed|roll|inspection|expiration|previous|prior|garage|year|yr|contract)$/;

/**
 * Columns that no name gave away, by the unmistakable shape of their values: the price and the date of the sale and the
 * place, each only when it is still open and one column stands out.
 */
export function proposeByShape(
  table: SalesTable,
  rules: readonly MappedRule[],
  decided: ReadonlySet<string>,
  profiles: Profiles,
  isSale: boolean,
): { rules: MappedRule[]; notes: string[] } {
  const found: MappedRule[] = [...rules];
  const notes: string[] = [];
  const has = (...fields: string[]) => found.some(({ field }) => fields.includes(field));
  const open = () => {
    const used = new Set(found.flatMap(({ columns }) => columns));
    return table.names
      .map((name, i) => ({ name, header: table.headers[i] ?? name, words: headerWords(table.headers[i] ?? '') }))
      .filter(({ name }) => !used.has(name) && !decided.has(name));
  };
  const take = (field: string, column: { name: string; header: string }, why: string) => {
    found.push({ field, columns: [column.name], rule: {}, reason: 'shape' });
    notes.push(`"${column.header}" is taken for ${field}: ${why}.`);
  };

  if (isSale && !has('ClosePrice')) {
    const money = open().filter(
      ({ name, words }) => profiles(name).numberShare > 0.8 && !words.some((word) => OTHER_MONEY.test(word)),
    );
    const named = money.filter(({ words }) => words.some((word) => PRICE_WORDS.test(word)));
    const signed = money.filter(({ name }) => profiles(name).currency !== null);
    const all = open().filter(({ name, words }) => words.includes('price') && profiles(name).numberShare > 0.8);
    if (named[0] !== undefined) take('ClosePrice', named[0], 'its name speaks of a price and its values are amounts');
    else if (signed.length === 1 && signed[0] !== undefined)
      take('ClosePrice', signed[0], 'it is the only column of amounts with a currency sign');
    else if (all.length === 1 && all[0] !== undefined) take('ClosePrice', all[0], 'no other column speaks of a price');
  }
  if (isSale && !has('CloseDate', 'SaleYear')) {
    const dates = open().filter(({ name, words }) => {
      const { date } = profiles(name);
      const isDay = date === 'plain' || date === 'day-first' || date === 'month-first';
      const isNamed = words.some((word) => DATE_WORDS.test(word));
      return (isDay || (isNamed && date !== null)) && !words.some((word) => OTHER_DATES.test(word));
    });
    const named = dates.filter(({ words }) => words.some((word) => DATE_WORDS.test(word)));
    const [only, second] = named.length > 0 ? named : dates;
    if (only !== undefined && (second === undefined || named.length > 0))
      take('CloseDate', only, 'its values are dates');
  }
  if (!has('ParcelNumber')) {
    const named = (...names: string[]) => open().find(({ name }) => names.includes(name));
    const [block, lot] = [named('block', 'blk', 'taxblock'), named('lot', 'taxlot', 'lotnumber', 'lotno')];
    if (block !== undefined && lot !== undefined) {
      const parts = [named('borough', 'boro', 'book', 'map'), block, lot].flatMap((part) =>
        part === undefined ? [] : [part],
      );
      found.push({
        field: 'ParcelNumber',
        columns: parts.map(({ name }) => name),
        rule: { join: '-' },
        reason: 'shape',
      });
      notes.push(`${parts.map(({ header }) => `"${header}"`).join(' and ')} together are taken for the parcel number.`);
    } else if (block !== undefined && has('StreetName') && !has('StreetNumber', 'UnparsedAddress'))
      take('StreetNumber', block, 'a block in a street, and no lot');
    const id = found.find(({ field }) => field === 'SourceId')?.columns[0];
    const shape = id === undefined ? null : profiles(id);
    // An id that comes back now and then is the house's, not the row's.
    if (
      id !== undefined &&
      shape !== null &&
      !has('ParcelNumber', 'UnparsedAddress') &&
      shape.distinct < shape.filled &&
      shape.distinct > shape.filled / 2
    ) {
      found.push({ field: 'ParcelNumber', columns: [id], rule: {}, reason: 'shape' });
      notes.push(
        `"${id}" repeats for ${shape.filled - shape.distinct} rows, so it is taken for the parcel, not for the row.`,
      );
    }
  }
  if (isSale && !has('SubdivisionName')) {
    const quarter = open().find(({ name, words }) => {
      const { filled, distinct, numberShare } = profiles(name);
      const isNamed = words.some((word) => AREA_WORDS.test(word)) && words.length <= 2;
      return isNamed && numberShare < 0.5 && distinct > 2 && filled > 20 && distinct < filled / 5;
    });
    if (quarter !== undefined) take('SubdivisionName', quarter, 'its few words name parts of a town');
  }
  if (!has('Latitude', 'Longitude')) {
    const degrees = open().filter(({ name }) => {
      const { fractionShare, low, high, distinct, filled } = profiles(name);
      return (
        fractionShare > 0.9 && low !== null && high !== null && high - low < 5 && distinct > 0.3 * filled && filled > 20
      );
    });
    const latitude = degrees.find(
      ({ name, words }) =>
        isAround(profiles(name).median, 15, 75) &&
        (words.some((word) => word.startsWith('lat')) || isAmerican(profiles(name).median, 15, 72)),
    );
    const longitude = degrees.find(
      ({ name, words }) =>
        name !== latitude?.name &&
        isAround(profiles(name).median, 0, 180) &&
        (words.some((word) => /^(?:lon|lng)/.test(word)) || isAmerican(profiles(name).median, -170, -60)),
    );
    if (latitude !== undefined && longitude !== undefined) {
      take('Latitude', latitude, 'its values are degrees of one region');
      take('Longitude', longitude, 'its values are degrees of one region');
    }
  }
  return { rules: found, notes };
}

const isAround = (value: number | null, low: number, high: number) =>
  value !== null && Math.abs(value) >= low && Math.abs(value) <= high;

/** In the United States latitudes and longitudes cannot be taken for each other, nor for much else. */
const isAmerican = (value: number | null, low: number, high: number) => value !== null && value >= low && value <= high;
