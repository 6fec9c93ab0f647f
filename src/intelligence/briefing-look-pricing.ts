import { z } from 'zod';
import { confidenceOf, LEAST_SAMPLE } from '../domain/market/confidence.ts';
import { formatFigure } from '../domain/market/figures.ts';
import { severityOf } from '../domain/market/packets.ts';
import { count, type Figure, type Look, percent, ratio } from './briefing-section.ts';
import { shareWorth } from './briefing-worth.ts';
import { ageDaysOf } from './periods.ts';

const SHOWN = 10;
/** Values that are off by so much on the median cost real money on every home. */
const BIAS = 0.05;
/** Sales that make a median firm. */
const ENOUGH = 50;

/** Sales of so many days are looked at; the impact is that of a quarter of a year. */
const DAYS = 180;
const IMPACT_DAYS = 91;

const accuracy = z.object({
  pairs: z.number(),
  median_price: z.number().nullable(),
  bias: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  median_absolute_percentage_error: z.number().nullable(),
  within_10: z.number().nullable(),
  cod: z.number().nullable(),
});
const answerSchema = z.object({
  as_of: z.string(),
  data_through: z.string().nullable(),
  notes: z.array(z.string()),
  overall: accuracy,
  groups: z.array(accuracy.extend({ group: z.string() })),
});

/** How close automated values came to resale prices. A market whose values are off beyond chance is a packet. */
export const pricingLook: Look = {
  key: 'pricing_error',
  title: 'Pricing accuracy',
  tool: 'analyze_pricing_accuracy',
  input: { basis: 'avm', by: 'market', days: DAYS },
  read(given, make) {
    const { as_of: asOf, data_through: dataThrough, notes, overall, groups } = answerSchema.parse(given);
    const known = groups.filter(({ bias }) => bias !== null);
    const byBias = [...known].sort(
      (a, b) => Math.abs(b.bias!.value) - Math.abs(a.bias!.value) || (a.group < b.group ? -1 : 1),
    );
    // The whole interval on one side of nothing: not the luck of a few sales.
    const biased = byBias.filter(
      ({ bias, pairs }) => pairs >= LEAST_SAMPLE && Math.abs(bias!.value) >= BIAS && bias!.low * bias!.high > 0,
    );
    return {
      dataThrough,
      columns: ['Market', 'Sales', 'Bias', 'Median error', 'Within 10%', 'COD'],
      rows: byBias
        .slice(0, SHOWN)
        .map(
          (one): Array<string | Figure> => [
            one.group,
            count(one.pairs),
            percent(one.bias!.value),
            percent(one.median_absolute_percentage_error),
            percent(one.within_10),
            ratio(one.cod),
          ],
        ),
      notes,
      headlines: [
        { key: 'pricing_bias', label: 'Bias of automated values', ...percent(overall.bias?.value ?? null) },
        { key: 'pricing_error', label: 'Median error of values', ...percent(overall.median_absolute_percentage_error) },
      ],
      findings: biased.map(({ group, pairs, bias, median_price: price, median_absolute_percentage_error: error }) => {
        const value = bias!.value;
        const [side, action] =
          value > 0
            ? ['above', `Take ${formatFigure(value, 'percent')} off values in ${group} before offers are made`]
            : [
                'below',
                `Raise values in ${group} by ${formatFigure(-value, 'percent')}; offers there are lost to others`,
              ];
        const founded = confidenceOf({
          sampleSize: pairs,
          enough: ENOUGH,
          ageDays: dataThrough === null ? null : ageDaysOf(dataThrough, asOf),
          freshDays: 60,
        });
        return make({
          market: group,
          segment: 'all',
          issue: `Values in ${group} are ${formatFigure(Math.abs(value), 'percent')} ${side} resale prices`,
          severity: severityOf(Math.abs(value) / BIAS),
          evidence: [
            { label: 'Bias', value, unit: 'percent' },
            { label: 'Low end', value: bias!.low, unit: 'percent' },
            { label: 'High end', value: bias!.high, unit: 'percent' },
            { label: 'Sales compared', value: pairs, unit: 'count' },
            ...(error === null ? [] : [{ label: 'Median error', value: error, unit: 'percent' }]),
          ],
          action: `${action}; train the valuation of that market again.`,
          // What is paid too much for as many homes as were sold; too low values cost purchases.
          impact: value > 0 && price !== null ? overpaid(bias!, (price * pairs * IMPACT_DAYS) / DAYS) : null,
          ...(value < 0 ? { worth: shareWorth('offer_level', -value, 'Offers raised by') } : {}),
          statedConfidence: founded.value,
        });
      }),
      checked: new Set(known.map(({ group }) => group)),
    };
  },
};

/** Dollars lost when so much is bought at values with that bias. */
const overpaid = (bias: { value: number; low: number; high: number }, dollars: number) => ({
  low: -bias.high * dollars,
  expected: -bias.value * dollars,
  high: -bias.low * dollars,
});
