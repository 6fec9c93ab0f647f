import { z } from 'zod';
import { formatFigure } from '../domain/market/figures.ts';
import { severityOf } from '../domain/market/packets.ts';
import { count, type Figure, type Look, percent, usd } from './briefing-section.ts';

const SHOWN = 10;
/** A rate that fell by such a part of itself is a matter of its own. */
const PART = 0.15;
const NAMES = {
  lead_to_offer: ['Leads that get an offer', 'Look at why leads get no offer'],
  offer_to_accept: ['Offers that are accepted', 'Compare offers with the newest sales and with those of others'],
  accept_to_close: ['Accepted offers that close', 'Look at why accepted offers do not close'],
} as const;

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
const answerSchema = z.object({
  data_through: z.string().nullable(),
  notes: z.array(z.string()),
  markets_compared: z.number(),
  drops: z.number(),
  lost_value: interval.nullable(),
  markets: z.array(
    z.object({
      market: z.string(),
      weeks: z.number(),
      steps: z.array(
        z.object({
          step: z.enum(['lead_to_offer', 'offer_to_accept', 'accept_to_close']),
          trials: z.number(),
          rate: interval.nullable(),
          expected_rate: z.number().nullable(),
          p_value: z.number(),
          is_drop: z.boolean(),
          lost_closes: interval,
          lost_value: interval.nullable(),
        }),
      ),
    }),
  ),
  confidence: z.object({ value: z.number() }),
});

/** Where fewer leads than expected become purchases. Each step that dropped in a market is a packet. */
export const funnelLook: Look = {
  key: 'funnel_drop',
  title: 'Funnel',
  tool: 'analyze_funnel_drop',
  input: {},
  read(given, make) {
    const answer = answerSchema.parse(given);
    const drops = answer.markets.flatMap(({ market, weeks, steps }) =>
      steps.filter(({ is_drop: isDrop }) => isDrop).map((step) => ({ market, weeks, ...step })),
    );
    return {
      dataThrough: answer.data_through,
      columns: ['Market', 'Step', 'Rate', 'Expected', 'Purchases lost', 'Dollars lost'],
      rows: drops
        .slice(0, SHOWN)
        .map(
          (one): Array<string | Figure> => [
            one.market,
            NAMES[one.step][0],
            percent(one.rate?.value ?? null),
            percent(one.expected_rate),
            count(Math.round(one.lost_closes.value)),
            usd(one.lost_value?.value ?? null),
          ],
        ),
      notes: answer.notes,
      headlines: [
        {
          key: 'funnel_drops',
          label: `Funnel steps that dropped, of ${answer.markets_compared} markets`,
          ...count(answer.drops),
        },
      ],
      findings: drops.flatMap((one) => {
        if (one.rate === null || one.expected_rate === null || one.expected_rate <= 0) return [];
        const fall = 1 - one.rate.value / one.expected_rate;
        const [name, action] = NAMES[one.step];
        return make({
          market: one.market,
          segment: 'all',
          detail: one.step,
          issue: `${name} in ${one.market}: ${formatFigure(one.rate.value, 'percent')} where ${formatFigure(one.expected_rate, 'percent')} is expected`,
          severity: severityOf(fall / PART),
          evidence: [
            { label: `Rate of ${one.weeks} weeks`, value: one.rate.value, unit: 'percent' },
            { label: 'Expected', value: one.expected_rate, unit: 'percent' },
            { label: 'Tried', value: one.trials, unit: 'count' },
            { label: 'p-value', value: one.p_value, unit: 'ratio' },
            { label: 'Purchases lost', value: one.lost_closes.value, unit: 'ratio' },
          ],
          action: `${action} in ${one.market}.`,
          impact:
            one.lost_value === null
              ? null
              : { low: -one.lost_value.high, expected: -one.lost_value.value, high: -one.lost_value.low },
          statedConfidence: answer.confidence.value,
        });
      }),
      // A market without weeks now or before was not compared: what was found there expires.
      checked:
        answer.notes.some((note) => note.includes('are not compared')) || answer.markets_compared === 0
          ? new Set()
          : 'all',
    };
  },
};
