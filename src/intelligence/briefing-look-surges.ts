import { z } from 'zod';
import { formatFigure } from '../domain/market/figures.ts';
import { SEVERITIES } from '../domain/market/packets.ts';
import { count, type Figure, type Look, percent, ratio } from './briefing-section.ts';
import { daysWorth } from './briefing-worth.ts';

const SHOWN = 10;
const DAYS_A_MONTH = 365 / 12;
const capitalised = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const answerSchema = z.object({
  data_through: z.string().nullable(),
  notes: z.array(z.string()),
  grain: z.string(),
  markets: z.number(),
  markets_judged: z.number(),
  surges: z.array(
    z.object({
      market: z.string(),
      severity: z.enum(SEVERITIES),
      period: z.string(),
      inventory_count: z.number(),
      expected_inventory: z.number(),
      excess_homes: z.number(),
      change: z.number(),
      robust_z: z.number(),
      months_of_supply: z.number().nullable(),
      expected_months_of_supply: z.number().nullable(),
      started: z.string(),
      ended: z.string().nullable(),
      periods: z.number(),
      confidence: z.object({ value: z.number() }),
    }),
  ),
});

/** Markets with more homes for sale than expected. A surge that goes on is a packet. */
export const surgesLook: Look = {
  key: 'inventory_surge',
  title: 'Inventory surges',
  tool: 'detect_inventory_surges',
  input: { lookback: 4 },
  read(given, make) {
    const answer = answerSchema.parse(given);
    const { surges, notes, grain, markets, markets_judged: judged, data_through: dataThrough } = answer;
    const open = surges.filter(({ ended }) => ended === null);
    const isComplete = judged === markets && judged > 0 && !notes.some((note) => note.startsWith('No inventory'));
    return {
      dataThrough,
      columns: ['Market', 'Severity', 'Since', 'Homes for sale', 'Expected', 'Change', 'Robust z', 'Months of supply'],
      rows: surges
        .slice(0, SHOWN)
        .map(
          (one): Array<string | Figure> => [
            one.market,
            one.severity,
            one.ended === null ? one.started : `${one.started}, over since ${one.ended}`,
            count(Math.round(one.inventory_count)),
            count(Math.round(one.expected_inventory)),
            percent(one.change),
            ratio(one.robust_z),
            ratio(one.months_of_supply),
          ],
        ),
      notes,
      headlines: [
        { key: 'surges', label: `Markets with an inventory surge, of ${judged} judged`, ...count(open.length) },
      ],
      findings: open.map((one) =>
        make({
          market: one.market,
          segment: 'all',
          issue: `Homes for sale in ${one.market} are ${formatFigure(one.change, 'percent')} above what is expected`,
          severity: one.severity,
          evidence: [
            { label: `Homes for sale, ${one.period}`, value: one.inventory_count, unit: 'count' },
            { label: 'Expected', value: one.expected_inventory, unit: 'ratio' },
            { label: 'Above expectation', value: one.change, unit: 'percent' },
            { label: 'Robust z', value: one.robust_z, unit: 'z' },
            { label: `${capitalised(grain)}s since ${one.started}`, value: one.periods, unit: 'count' },
            ...(one.months_of_supply === null
              ? []
              : [{ label: 'Months of supply', value: one.months_of_supply, unit: 'ratio' }]),
          ],
          action: `Lower offers in ${one.market}, and list the homes held there before the supply is absorbed more slowly.`,
          // Supply in excess, sold as fast as now, is how much longer each home lies.
          ...(one.months_of_supply === null || one.expected_months_of_supply === null
            ? {}
            : {
                worth: daysWorth(
                  (one.months_of_supply - one.expected_months_of_supply) * DAYS_A_MONTH,
                  'More days until a home is sold: supply above expectation',
                ),
              }),
          statedConfidence: one.confidence.value,
        }),
      ),
      // Where some market could not be judged, only those whose surge is seen to be over have healed.
      checked: isComplete ? 'all' : new Set(surges.filter(({ ended }) => ended !== null).map(({ market }) => market)),
    };
  },
};
