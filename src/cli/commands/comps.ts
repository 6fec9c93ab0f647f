import { join } from 'node:path';
import { loadComparableRules } from '../../config/comparables.ts';
import { findComparables } from '../../db/queries/comparables.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { newestSaleDate } from '../../db/queries/scores.ts';
import { withTenant } from '../../db/tenant.ts';
import type { PropertyComparables } from '../../domain/comparables/compare.ts';
import { type ComparableLimits, describeLimits } from '../../domain/comparables/rules.ts';
import { closestMarketDate } from '../../domain/comparables.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Property } from '../../domain/property.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { publicShape, table } from '../output.ts';
import { checkId } from './lifecycle.ts';

/** `reos comps ID`: the comparable sales of a property, why each counts or not, and the value they give. */
export const comps: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  async run(context, [id], options) {
    const propertyId = checkId(id);
    const asked = readOptions(options);
    const rules = loadComparableRules(join(context.settings.configDir, 'comparables.yaml'));
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const counties = await system.counties();
      const { property, dated, found } = await withTenant(system.db, tenant.id, async (trx) => {
        const read = await readProperty(trx, propertyId);
        // An address that a simulator made up is no fact to print without its mark.
        const property = read.fieldSources.address?.simulated === true ? { ...read, address: null } : read;
        const dated =
          asked.asOf === undefined
            ? closestMarketDate(await newestSaleDate(trx, property.countyFips), new Date().toISOString())
            : { asOf: asked.asOf, note: `Valued as of ${asked.asOf}, as asked.` };
        const annualTrend = counties.byFips(property.countyFips)?.scoring.appreciation_annual ?? 0;
        const found = await findComparables(trx, property, rules, { ...asked, asOf: dated.asOf, annualTrend });
        return { property, dated, found };
      });
      context.output.answer(
        { tenant: tenant.slug, ...comparablesJson(property, found, dated.note) },
        comparablesText(property, found, dated.note),
      );
    });
  },
};

function readOptions(options: Record<string, unknown>) {
  const limits: Partial<ComparableLimits> = {};
  const radiusMiles = numberIn('--radius-miles', options.radiusMiles, 0.01, 15);
  const months = numberIn('--months', options.months, 1, 120);
  const sqftTolerance = numberIn('--sqft-tolerance', options.sqftTolerance, 0.01, 1);
  if (radiusMiles !== undefined) limits.radiusMiles = radiusMiles;
  if (months !== undefined) limits.months = Math.round(months);
  if (sqftTolerance !== undefined) limits.sqftTolerance = sqftTolerance;
  const maxChosen = numberIn('--max', options.max, 1, 50);
  return {
    limits,
    include: idsOf(options.include),
    exclude: idsOf(options.exclude),
    asOf: dateOf(options.asOf),
    ...(maxChosen === undefined ? {} : { maxChosen: Math.round(maxChosen) }),
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

/** The result under the API's keys. */
export function comparablesJson(property: Property, found: PropertyComparables, note: string): Record<string, unknown> {
  const { estimate } = found;
  const dollars = (cents: number | undefined) => (cents === undefined ? null : cents / 100);
  return {
    property_id: property.id,
    address: property.address,
    apn: property.apn,
    as_of: found.asOf,
    as_of_note: note,
    rules_version: found.rulesVersion,
    limits: publicShape(found.limits),
    steps_widened: found.stepsWidened,
    annual_trend: found.annualTrend,
    value: dollars(estimate?.valueCents),
    value_low: dollars(estimate?.lowCents),
    value_high: dollars(estimate?.highCents),
    confidence: estimate?.confidence ?? null,
    price_per_sqft: dollars(estimate?.pricePerSqftCents),
    why_not: found.whyNot,
    included: found.included.map(publicShape),
    excluded: found.excluded.map(publicShape),
    excluded_counts: found.excludedCounts,
  };
}

const usd = (cents: number) => `$${Math.round(cents / 100).toLocaleString('en-US')}`;
const signed = (cents: number) => (cents === 0 ? '0' : `${cents > 0 ? '+' : '-'}${usd(Math.abs(cents))}`);
const nameOf = (sale: { address: string | null; apn: string | null; propertyId: string }) =>
  sale.address ?? sale.apn ?? sale.propertyId;

function comparablesText(property: Property, found: PropertyComparables, note: string): string {
  const { estimate, included, excluded } = found;
  const value =
    estimate === null
      ? `No value: ${found.whyNot ?? 'too few sales.'}`
      : `Value ${usd(estimate.valueCents)} (${usd(estimate.lowCents)} to ${usd(estimate.highCents)}), confidence ${estimate.confidence.toFixed(2)}`;
  const rows = included.map((sale) => {
    const { adjustments: a } = sale;
    return {
      sale: nameOf(sale),
      sold: sale.closeDate,
      price: usd(sale.closePriceCents),
      time: signed(a.timeCents),
      place: signed(a.distanceCents),
      size: signed(a.sizeCents + a.lotCents),
      quality: signed(a.gradeCents + a.conditionCents + a.bathroomsCents + a.ageCents),
      adjusted: usd(sale.adjustedPriceCents),
      alike: sale.similarity.toFixed(0),
      say: `${(sale.weight * 100).toFixed(0)}%`,
    };
  });
  const columns = ['sale', 'sold', 'price', 'time', 'place', 'size', 'quality', 'adjusted', 'alike', 'say'];
  return [
    nameOf({ ...property, propertyId: property.id }),
    value,
    note,
    `Sales within ${describeLimits(found.limits)}${found.stepsWidened.length === 0 ? '' : `; too few at first, so widened: ${found.stepsWidened.join('; ')}`}`,
    '',
    ...(rows.length === 0 ? [] : [table(rows, columns), '', 'Why']),
    ...included.map((sale) => `  ${nameOf(sale)}: ${sale.reasons.map(({ message }) => message).join(' ')}`),
    ...(excluded.length === 0 ? [] : ['', 'Left out']),
    ...excluded.map((sale) => `  ${nameOf(sale)}: ${sale.reasons.map(({ message }) => message).join(' ')}`),
  ].join('\n');
}
