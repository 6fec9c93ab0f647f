import type { Profiles } from './column-guess.ts';
import type { MappedRule } from './column-mapping.ts';
import type { SalesTable } from './sales-table.ts';

const NUMBER = '-?\\d{1,3}(?:\\.\\d+)?';
const DECIMAL = '-?\\d{1,3}\\.\\d+';
/** `POINT (-72.34 41.71)`: longitude first, as well-known text has it. */
const TEXT_POINT = {
  whole: new RegExp(`^(?:SRID=4326;)?\\s*POINT\\s*Z?\\s*\\(\\s*${NUMBER}\\s+${NUMBER}`, 'i'),
  first: `POINT\\s*Z?\\s*\\(\\s*(${NUMBER})\\s`,
  second: `POINT\\s*Z?\\s*\\(\\s*${NUMBER}\\s+(${NUMBER})`,
};
/** `41.71, -72.34` or `(41.71, -72.34)`, also behind an address. */
const PAIR = {
  whole: new RegExp(`^\\s*${DECIMAL}\\s*[,;]\\s*${NUMBER}\\s*$|\\(\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*\\)\\s*$`),
  first: `(?:^|\\()\\s*(${NUMBER})\\s*[,;]\\s*${NUMBER}\\s*\\)?\\s*$`,
  second: `(?:^|\\()\\s*${NUMBER}\\s*[,;]\\s*(${NUMBER})\\s*\\)?\\s*$`,
};

/**
 * Latitude and longitude out of one column that holds both, where no columns of their own do. Such a column is no address
 * unless other words stand in it too.
 */
export function proposePoints(
  table: SalesTable,
  rules: readonly MappedRule[],
  decided: ReadonlySet<string>,
  profiles: Profiles,
  notes: string[],
): readonly MappedRule[] {
  const has = (field: string) => rules.some((rule) => rule.field === field && !isPlaceholder(rule, table));
  if (has('Latitude') && has('Longitude')) return rules;
  for (const [i, name] of table.names.entries()) {
    const own = rules.filter(({ columns }) => columns.length === 1 && columns[0] === name);
    if (decided.has(name) && own.length === 0) continue;
    const texts = (table.columns[i] ?? []).filter((text) => text !== '').slice(0, 500);
    if (texts.length === 0 || texts.length < table.lines.slice(0, 500).length / 10) continue;
    const shape = [TEXT_POINT, PAIR].find(
      ({ whole }) => texts.filter((text) => whole.test(text)).length > 0.9 * texts.length,
    );
    if (shape === undefined || profiles(name).distinct < 2) continue;
    const ordered = placesOf(shape, texts);
    if (ordered === null) continue;
    notes.push(`"${table.headers[i] ?? name}" holds points; latitude and longitude are taken from it.`);
    const isOnlyPoints = texts.every((text) => /^[\s\d.,;()+-]*$|^(?:SRID=4326;)?\s*POINT/i.test(text));
    const others = rules.filter(
      (rule) =>
        !['Latitude', 'Longitude'].includes(rule.field) &&
        !(isOnlyPoints && own.includes(rule) && rule.field !== 'SourceId'),
    );
    return [
      ...others,
      { field: 'Latitude', columns: [name], rule: { regex: ordered.latitude }, reason: 'shape' },
      { field: 'Longitude', columns: [name], rule: { regex: ordered.longitude }, reason: 'shape' },
    ];
  }
  return rules;
}

/** A column of points that was approved as the latitude is read as points again. */
function isPlaceholder({ columns: [name = ''] }: MappedRule, table: SalesTable): boolean {
  const first = (table.columns[table.names.indexOf(name)] ?? []).find((text) => text !== '') ?? '';
  return TEXT_POINT.whole.test(first) || PAIR.whole.test(first);
}

/** Which number is the latitude: well-known text has it last; a pair first, unless its values say otherwise. */
function placesOf(shape: typeof TEXT_POINT, texts: readonly string[]): { latitude: string; longitude: string } | null {
  const numbers = (pattern: string) =>
    texts.flatMap((text) => {
      const found = new RegExp(pattern, 'is').exec(text)?.[1];
      return found === undefined ? [] : [Math.abs(Number(found))];
    });
  const isLatitude = (pattern: string) => numbers(pattern).every((value) => value <= 90);
  const { first, second } = shape;
  const isSecondFirst = shape === TEXT_POINT || !isLatitude(first) || isWestern(texts, first);
  const [latitude, longitude] = isSecondFirst ? [second, first] : [first, second];
  return isLatitude(latitude) && numbers(longitude).every((value) => value <= 180) ? { latitude, longitude } : null;
}

/** Longitudes of North America, which no latitude of a house is. */
const isWestern = (texts: readonly string[], pattern: string) =>
  texts.every((text) => {
    const found = Number(new RegExp(pattern, 'is').exec(text)?.[1] ?? Number.NaN);
    return Number.isNaN(found) || (found <= -60 && found >= -170);
  });
