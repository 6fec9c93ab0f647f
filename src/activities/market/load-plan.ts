import type { LoadColumn, LoadTarget } from '../../db/queries/market-load.ts';
import { ReosError } from '../../domain/errors.ts';
import { METRIC_NAMES } from '../../domain/market/metrics.ts';
import type { ColumnUse, LayoutHints, MacroValue, PublishedFigure } from './layouts/layout.ts';
import { LAYOUTS } from './layouts/registry.ts';
import type { FeedName, FieldType } from './load-feed.ts';
import { FEEDS } from './load-feeds.ts';
import { DEFAULT_LIMITS, type GateLimits } from './load-gate.ts';
import { type CellValue, readFeedRow, recogniseFeed } from './load-mapping.ts';
import type { MarketTable } from './load-table.ts';

/** What one row of a file gives: rows for the target, and why it gives none. */
export interface PlannedRow {
  rows: CellValue[][];
  problems: string[];
  /** Values that the publisher left open. */
  missing: number;
  /** Why a good row is not taken. */
  leftOut?: string | undefined;
}

/** A file that was recognised: where its rows go and how they are read. */
export interface LoadPlan {
  feed: string;
  layout: string;
  mapping: ColumnUse[];
  notes: string[];
  headerIsData: boolean;
  target: LoadTarget;
  /** Column whose range and age the gate checks, and that may not lie in the future. */
  day: string;
  limits: GateLimits;
  /** @param reference place of the row, such as `file.csv:12` */
  read(cells: readonly string[], reference: string): PlannedRow;
}

const column = (type: LoadColumn['type'], ...names: string[]): LoadColumn[] => names.map((name) => ({ name, type }));

const PUBLISHED: LoadTarget = {
  table: 'raw.published_metrics',
  columns: [
    ...column('text', 'publisher', 'market', 'segment', 'grain'),
    ...column('date', 'period'),
    ...column('text', 'metric'),
    ...column('float8', 'value'),
    ...column('text', 'row_reference'),
  ],
  key: ['market', 'segment', 'grain', 'period', 'metric', 'publisher'],
  unweighed: ['row_reference'],
};

const MACRO: LoadTarget = {
  table: 'raw.macro',
  columns: [...column('text', 'series'), ...column('date', 'date'), ...column('float8', 'value')],
  key: ['series', 'date'],
};

/** Published files are whole series: the same value again is nothing unusual, and history goes far back. */
const PUBLISHED_LIMITS: GateLimits = { ...DEFAULT_LIMITS, maxDuplicateShare: 0.5 };

/**
 * Finds out what a file is: a published layout by its header and first rows, else one of the eight feeds.
 * @param wanted the feed when a person says it
 * @throws ReosError `validation` when it is none
 */
export function planLoad(
  table: MarketTable,
  hints: LayoutHints & { feed?: string | undefined },
  today: string,
): LoadPlan {
  const wanted = hints.feed;
  if (wanted === undefined || wanted === 'published_metrics' || wanted === 'macro') {
    const sample = table.sample.map(({ cells }) => cells);
    for (const layout of LAYOUTS) {
      const plan = layout.recognise(table.header.cells, sample, { ...hints, file: table.file });
      if (plan === null || (wanted !== undefined && plan.feed !== wanted)) continue;
      const isMacro = plan.feed === 'macro';
      return {
        ...plan,
        notes: [...plan.notes, ...(plan.feed === 'macro' ? [] : unaskedNote(plan.mapping))],
        headerIsData: plan.headerIsData === true,
        target: isMacro ? MACRO : PUBLISHED,
        day: isMacro ? 'date' : 'period',
        limits: PUBLISHED_LIMITS,
        read(cells, reference) {
          const { figures, problems, missing, leftOut } = plan.read(cells);
          return { rows: figures.map((one) => publishedRow(one, reference)), problems, missing, leftOut };
        },
      };
    }
  }
  return planFeed(table, feedName(wanted), today);
}

/** Figures that no tool reads: kept in raw.published_metrics, and said. */
function unaskedNote(mapping: readonly ColumnUse[]): string[] {
  const figures = mapping.map(({ as }) => as).filter((as) => /^[a-z][a-z0-9_]*$/.test(as) && as !== 'market');
  const unasked = [...new Set(figures.filter((as) => !METRIC_NAMES.some((name) => name === as)))].sort();
  if (unasked.length === 0) return [];
  return [`Kept in raw.published_metrics, but no tool asks for them: ${unasked.join(', ')}.`];
}

function publishedRow(figure: PublishedFigure | MacroValue, reference: string): CellValue[] {
  if ('series' in figure) return [figure.series, figure.date, figure.value];
  const { publisher, market, segment, grain, period, metric, value } = figure;
  return [publisher, market, segment, grain, period, metric, value, reference];
}

function planFeed(table: MarketTable, wanted: FeedName | undefined, today: string): LoadPlan {
  const plan = recogniseFeed(table.header.cells, table.file, wanted);
  const { feed } = plan;
  const columns = feed.fields.map(({ column: name, type }) => ({ name, type: TYPES[type] }));
  const noAsOf =
    feed.newest !== undefined && (plan.at[feed.fields.findIndex((f) => f.column === feed.newest)] ?? -1) < 0;
  return {
    feed: feed.name,
    layout: 'feed',
    mapping: plan.mapping,
    notes: noAsOf ? [...plan.notes, `No column says of which day the rows speak: ${today} is taken.`] : plan.notes,
    headerIsData: false,
    target: {
      table: feed.table,
      columns,
      key: feed.key,
      newest: feed.newest,
      isUpdate: feed.isUpdate,
    },
    day: feed.day,
    limits: { ...DEFAULT_LIMITS, freshDays: feed.freshDays },
    read(cells) {
      const { values, problems } = readFeedRow(plan, cells, today);
      return { rows: problems.length === 0 ? [values] : [], problems, missing: 0 };
    },
  };
}

const TYPES: Readonly<Record<FieldType, LoadColumn['type']>> = {
  text: 'text',
  condition: 'text',
  above_zero: 'float8',
  amount: 'float8',
  number: 'float8',
  share: 'float8',
  whole: 'int',
  date: 'date',
  time: 'timestamptz',
  flag: 'boolean',
};

/** @throws ReosError `validation` */
function feedName(text: string | undefined): FeedName | undefined {
  if (text === undefined || text === 'published_metrics') return undefined;
  const feed = FEEDS.find(({ name }) => name === text);
  if (feed !== undefined) return feed.name;
  const known = ['published_metrics', ...FEEDS.map(({ name }) => name)].join(', ');
  throw new ReosError('validation', `There is no feed '${text}'. Feeds: ${known}.`);
}
