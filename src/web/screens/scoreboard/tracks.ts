import { countyName } from '../../lib/names.ts';
import type { ChartSeries } from '../../ui/charts/index.ts';

/** How a model's valuations came true in a county. Shares and errors are fractions. */
export interface Entry {
  county: string;
  model_id: string;
  version: string;
  is_shadow: boolean;
  count: number;
  median_error: number;
  within_10: number;
  within_20: number;
  coverage_50: number;
  coverage_80: number;
  coverage_90: number;
  median_ratio: number;
}

/** What an entry is called: county, model, and whether it only watches. */
export function entryName({ county, version, is_shadow: isShadow }: Entry): string {
  return `${countyName(county)} · ${version}${isShadow ? ' (shadow)' : ''}`;
}

/** Champions first, then by county and model. */
export function orderEntries(entries: readonly Entry[]): Entry[] {
  const key = (one: Entry) => `${one.is_shadow ? 1 : 0} ${one.county} ${one.version}`;
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Half the width of a 95% interval of a share of `count` sales: how far it may lie off by chance alone. */
export function chanceOf(share: number, count: number): number {
  return count === 0 ? 1 : 1.96 * Math.sqrt((share * (1 - share)) / count);
}

/** What a coverage says: whether an interval held as often as it should, chance allowed for. */
export function coverageWord(
  held: number,
  should: number,
  count: number,
): { word: string; tone: 'good' | 'warn' | 'bad' } {
  const off = held - should;
  if (Math.abs(off) <= chanceOf(should, count)) return { word: 'as it should', tone: 'good' };
  return off < 0 ? { word: 'too narrow', tone: 'bad' } : { word: 'too wide', tone: 'warn' };
}

/** Stated intervals against how often they held, one line an entry, and the line on which both are the same. */
export function coverageLines(entries: readonly Entry[]): ChartSeries[] {
  return [
    ...entries.map((one, index) => ({
      name: entryName(one),
      color: (index % 5) + 1,
      points: [
        { x: 50, y: one.coverage_50 },
        { x: 80, y: one.coverage_80 },
        { x: 90, y: one.coverage_90 },
      ],
    })),
    {
      name: 'As it should be',
      color: 6,
      isDashed: true,
      points: [50, 80, 90].map((level) => ({ x: level, y: level / 100 })),
    },
  ];
}

/** What training measured on held-out sales; null for what is not stated. */
export interface ModelMetrics {
  rows: number | null;
  mdape: number | null;
  within10: number | null;
  within20: number | null;
  coverage80: number | null;
  r2: number | null;
}

/** Reads the measures of a model out of what the API keeps of its training. */
export function readMetrics(metrics: unknown): ModelMetrics {
  const record = typeof metrics === 'object' && metrics !== null ? (metrics as Record<string, unknown>) : {};
  const of = (name: string): number | null => {
    const value = record[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  return {
    rows: of('rows'),
    mdape: of('mdape'),
    within10: of('within_10'),
    within20: of('within_20'),
    coverage80: of('coverage_80'),
    r2: of('r2'),
  };
}

/** A number out of an answer whose shape is open; null for anything else. */
export function numberOf(record: Readonly<Record<string, unknown>> | null, name: string): number | null {
  const value = record?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A county's forecast: months with an index (the newest is 1), then the price per square foot ahead. */
export interface CountyForecast {
  history: Array<{ x: string; y: number }>;
  ahead: Array<{ x: string; y: number; low: number; high: number }>;
  sales: number;
}

/** Reads a county's forecast into dollars per square foot: the past by its index, the future with its interval. */
export function readForecast(answer: Readonly<Record<string, unknown>>): CountyForecast {
  const rows = (name: string) => (Array.isArray(answer[name]) ? (answer[name] as Array<Record<string, unknown>>) : []);
  const level = numberOf(answer, 'price_per_sqft') ?? 1;
  const day = (month: unknown) => `${String(month)}-01`;
  const history = rows('history').flatMap((row) => {
    const index = numberOf(row, 'index');
    return index === null ? [] : [{ x: day(row.month), y: index * level }];
  });
  const ahead = rows('forecast').flatMap((row) => {
    const [y, low, high] = ['price_per_sqft', 'low', 'high'].map((name) => numberOf(row, name));
    return typeof y === 'number' && typeof low === 'number' && typeof high === 'number'
      ? [{ x: day(row.month), y, low, high }]
      : [];
  });
  return { history, ahead, sales: numberOf(answer, 'sales') ?? 0 };
}
