import { describeLimits } from '../../domain/comparables/rules.ts';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { usd } from '../money.ts';
import { table } from '../output.ts';
import { checkId } from './lifecycle.ts';

/** A sale with what made it count, as the text needs it. Money in dollars. */
interface Sale {
  property_id: string;
  address: string | null;
  apn: string | null;
  close_date: string;
  close_price: number;
  adjusted_price: number;
  similarity: number;
  weight: number;
  adjustments: Record<'time' | 'distance' | 'size' | 'lot' | 'grade' | 'condition' | 'bathrooms' | 'age', number>;
  reasons: ReadonlyArray<{ message: string }>;
}

/** What the text needs of the answer. */
interface Compared {
  property_id: string;
  address: string | null;
  apn: string | null;
  as_of_note: string;
  limits: { radius_miles: number; months: number; sqft_tolerance: number };
  steps_widened: readonly string[];
  value: number | null;
  value_low: number | null;
  value_high: number | null;
  confidence: number | null;
  why_not: string | null;
  included: readonly Sale[];
  excluded: readonly Sale[];
}

/** `reos comps ID`: the comparable sales of a property, why each counts or not, and the value they give. */
export const comps: ApiVerb = {
  describe: (command) =>
    command
      .description('Comparable sales of a property: adjustments, reasons for and against, value')
      .argument('<property>', 'property id')
      .option('--as-of <date>', 'value as of this day, YYYY-MM-DD (default: today, or the day after the newest sale)')
      .option('--radius-miles <n>', 'sales at most this far away')
      .option('--months <n>', 'sales at most this old')
      .option('--sqft-tolerance <n>', 'living area at most this much larger or smaller: 0.2 or 20%')
      .option('--max <n>', 'use at most this many')
      .option('--include <id...>', "a property whose latest sale must take part; may be given again, or a list 'a,b'")
      .option('--exclude <id...>', 'a property whose sales must not')
      .addHelpText('after', '\nExample:\n  $ reos comps 4f7c… --radius-miles 1 --exclude 9b1d…'),
  async ask({ api, output }, [text], options) {
    const params = { path: { id: checkId(text) } };
    const body = readOptions(options);
    const found = await take(api.POST('/api/v1/properties/{id}/comparables', { params, body }));
    output.answer(found, comparablesText(found as unknown as Compared));
  },
};

function readOptions(options: Record<string, unknown>) {
  const radiusMiles = numberIn('--radius-miles', options.radiusMiles, 0.01, 15);
  const months = numberIn('--months', options.months, 1, 120);
  const sqftTolerance = numberIn('--sqft-tolerance', options.sqftTolerance, 0.01, 1);
  const max = numberIn('--max', options.max, 1, 50);
  const asOf = dateOf(options.asOf);
  return {
    include: idsOf(options.include),
    exclude: idsOf(options.exclude),
    ...(asOf === undefined ? {} : { as_of: asOf }),
    ...(radiusMiles === undefined ? {} : { radius_miles: radiusMiles }),
    ...(months === undefined ? {} : { months: Math.round(months) }),
    ...(sqftTolerance === undefined ? {} : { sqft_tolerance: sqftTolerance }),
    ...(max === undefined ? {} : { max: Math.round(max) }),
  };
}

function numberIn(option: string, value: unknown, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value).trim();
  const number = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text !== '' && number >= min && number <= max) return number;
  throw new ReosError('validation', `${option}: '${text}' is not a number from ${min} to ${max}.`);
}

function dateOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
  if (isDay) return text;
  throw new ReosError('validation', `--as-of: '${text}' is no day. Write it as YYYY-MM-DD, such as 2026-06-30.`);
}

const idsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((ids) =>
    String(ids).split(',').map(checkId),
  );

const signed = (dollars: number) => (dollars === 0 ? '0' : `${dollars > 0 ? '+' : ''}${usd(dollars)}`);
const nameOf = (sale: { address: string | null; apn: string | null; property_id: string }) =>
  sale.address ?? sale.apn ?? sale.property_id;

function comparablesText(found: Compared): string {
  const { included, excluded, limits, steps_widened: widened } = found;
  const value =
    found.value === null
      ? `No value: ${found.why_not ?? 'too few sales.'}`
      : `Value ${usd(found.value)} (${usd(found.value_low)} to ${usd(found.value_high)}), confidence ${found.confidence?.toFixed(2)}`;
  const rows = included.map((sale) => {
    const { adjustments: a } = sale;
    return {
      sale: nameOf(sale),
      sold: sale.close_date,
      price: usd(sale.close_price),
      time: signed(a.time),
      place: signed(a.distance),
      size: signed(a.size + a.lot),
      quality: signed(a.grade + a.condition + a.bathrooms + a.age),
      adjusted: usd(sale.adjusted_price),
      alike: sale.similarity.toFixed(0),
      say: `${(sale.weight * 100).toFixed(0)}%`,
    };
  });
  const columns = ['sale', 'sold', 'price', 'time', 'place', 'size', 'quality', 'adjusted', 'alike', 'say'];
  const within = describeLimits({
    radiusMiles: limits.radius_miles,
    months: limits.months,
    sqftTolerance: limits.sqft_tolerance,
  });
  return [
    nameOf(found),
    value,
    found.as_of_note,
    `Sales within ${within}${widened.length === 0 ? '' : `; too few at first, so widened: ${widened.join('; ')}`}`,
    '',
    ...(rows.length === 0 ? [] : [table(rows, columns), '', 'Why']),
    ...included.map((sale) => `  ${nameOf(sale)}: ${sale.reasons.map(({ message }) => message).join(' ')}`),
    ...(excluded.length === 0 ? [] : ['', 'Left out']),
    ...excluded.map((sale) => `  ${nameOf(sale)}: ${sale.reasons.map(({ message }) => message).join(' ')}`),
  ].join('\n');
}
