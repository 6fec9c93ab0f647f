import { ReosError } from '../../domain/errors.ts';
import { periodOf } from '../../intelligence/periods.ts';
import { parseDate } from '../discover/date-parse.ts';
import { normaliseHeader } from '../discover/header-words.ts';
import { parseFigure, tidyName } from './layouts/values.ts';
import type { Feed, FeedField, FeedName } from './load-feed.ts';
import { FEEDS } from './load-feeds.ts';

/** A value on its way into a column; null is unknown. */
export type CellValue = string | number | boolean | null;

/** A feed and where its columns are in a file. */
export interface FeedPlan {
  feed: Feed;
  /** Position of each field in the file's rows; −1 where the file does not have it. */
  at: readonly number[];
  mapping: Array<{ column: string; as: string }>;
  notes: string[];
}

/**
 * Which feed a file is, by its headers: the one all of whose required columns are there, and most of the others.
 * @param wanted the feed's name when a person says it
 * @throws ReosError `validation` when it is none or two alike, with what is missing
 */
export function recogniseFeed(header: readonly string[], file: string, wanted?: FeedName): FeedPlan {
  const candidates = FEEDS.filter(({ name }) => wanted === undefined || name === wanted).map((feed) =>
    planOf(feed, header),
  );
  const missing = ({ feed, at }: FeedPlan) =>
    feed.fields.filter(({ isRequired }, i) => isRequired && (at[i] ?? -1) < 0).map(({ column }) => column);
  const full = candidates
    .filter((plan) => missing(plan).length === 0)
    .map((plan) => ({ plan, score: plan.mapping.length }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = full;
  if (best !== undefined && best.score > (second?.score ?? 0)) return best.plan;
  if (best !== undefined && second !== undefined) {
    throw new ReosError(
      'validation',
      `${file} could be ${best.plan.feed.name} or ${second.plan.feed.name}: say which with --feed.`,
      { details: { file } },
    );
  }
  const near = candidates.toSorted(
    (a, b) => missing(a).length - missing(b).length || b.mapping.length - a.mapping.length,
  )[0];
  const lacks = near === undefined ? '' : ` Nearest is ${near.feed.name}, without ${missing(near).join(', ')}.`;
  throw new ReosError(
    'validation',
    `${file}: its columns (${header.slice(0, 12).map(tidyName).join(', ')}${header.length > 12 ? ', …' : ''}) are of no known layout or feed.${lacks} Feeds: ${FEEDS.map(({ name }) => name).join(', ')}; docs/market.md lists their columns.`,
    { details: { file, header: header.slice(0, 100).join(', ') } },
  );
}

function planOf(feed: Feed, header: readonly string[]): FeedPlan {
  const names = header.map(normaliseHeader);
  const taken = new Set<number>();
  const find = (wanted: readonly string[]) => {
    const index = wanted.map((name) => names.indexOf(normaliseHeader(name))).find((i) => i >= 0 && !taken.has(i)) ?? -1;
    if (index >= 0) taken.add(index);
    return index;
  };
  // Own names first, so that a synonym never takes another field's column.
  const exact = feed.fields.map(({ column }) => find([column]));
  const at = feed.fields.map(({ synonyms }, i) => ((exact[i] ?? -1) >= 0 ? (exact[i] ?? -1) : find(synonyms)));
  const left = header.filter((name, i) => !taken.has(i) && tidyName(name) !== '');
  return {
    feed,
    at,
    mapping: feed.fields.flatMap(({ column }, i) => {
      const index = at[i] ?? -1;
      return index < 0 ? [] : [{ column: tidyName(header[index] ?? ''), as: column }];
    }),
    notes: left.length === 0 ? [] : [`Columns that are not used: ${left.map(tidyName).join(', ')}.`],
  };
}

/**
 * Reads one row of a feed.
 * @param today fills `as_of` where the file has none
 * @returns values in the order of the feed's fields, and why the row cannot be taken
 */
export function readFeedRow(
  { feed, at }: FeedPlan,
  cells: readonly string[],
  today: string,
): { values: CellValue[]; problems: string[] } {
  const problems: string[] = [];
  const values = feed.fields.map((field, i) => {
    const text = (cells[at[i] ?? -1] ?? '').trim();
    const value = readCell(field, text);
    if (value === undefined) {
      problems.push(`${field.column}: '${text.slice(0, 60)}' ${EXPECTED[field.type]}`);
      return null;
    }
    if (value !== null) return value;
    if (field.column === 'segment') return 'all';
    if (field.column === 'as_of') return today;
    if (field.isRequired) problems.push(`${field.column} is blank`);
    return null;
  });
  return { values, problems };
}

const EXPECTED: Readonly<Record<FeedField['type'], string>> = {
  text: 'is no text',
  above_zero: 'is no number above 0',
  amount: 'is no number from 0',
  number: 'is no number',
  whole: 'is no whole number from 0',
  share: 'is no share from 0 to 1',
  date: 'is no date',
  time: 'is no time (2026-03-10T14:00:00Z)',
  flag: 'is neither yes nor no',
  condition: 'is none of cosmetic, moderate, full_gut',
};

/** null: unknown; undefined: not what the field is. */
function readCell({ type, column }: FeedField, text: string): CellValue | undefined {
  if (/^(|-|--|n\/a|na|null|none|nan|\.)$/i.test(text)) return null;
  if (type === 'text') return column === 'zip' ? zipOf(text) : tidyName(text).slice(0, 300);
  if (type === 'date') {
    const day = parseDate(text);
    return day === null ? undefined : column === 'week' ? periodOf(day, 'week') : day;
  }
  if (type === 'time') return readTime(text);
  if (type === 'flag')
    return (
      /^(t|true|y|yes|1|accepted)$/i.test(text) ||
      (/^(f|false|n|no|0|rejected|declined)$/i.test(text) ? false : undefined)
    );
  if (type === 'condition') {
    const word = text.toLowerCase().replace(/[^a-z]+/g, '_');
    return ['cosmetic', 'moderate', 'full_gut'].includes(word) ? word : undefined;
  }
  const value = parseFigure(text);
  if (typeof value !== 'number') return value;
  if (type === 'number') return value;
  if (type === 'share') return value >= 0 && value <= 1 ? value : value > 1 && value <= 100 ? value / 100 : undefined;
  if (value < 0 || (type === 'above_zero' && value === 0)) return undefined;
  return type === 'whole' && !(Number.isSafeInteger(value) && value <= 2_147_483_647) ? undefined : value;
}

/** A moment: ISO with a zone as it is; without one, and a day alone, in UTC. */
function readTime(text: string): string | undefined {
  const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i.exec(text);
  if (iso !== null) {
    const zone = (iso[3] ?? 'Z')
      .toUpperCase()
      .replace(/^([+-]\d{2})(\d{2})?$/, '$1:$2')
      .replace(/:$/, ':00');
    const moment = new Date(`${iso[1]}T${iso[2]}${zone}`);
    return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
  }
  const day = parseDate(text);
  return day === null ? undefined : `${day}T00:00:00.000Z`;
}

/** Five digits; a zero that a spreadsheet took away is put back. */
const zipOf = (text: string) =>
  /^\d{3,5}(\.0)?$/.test(text) ? text.replace('.0', '').padStart(5, '0') : text.slice(0, 10);
