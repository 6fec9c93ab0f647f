import { z } from 'zod';
import { formatFigure } from '../domain/market/figures.ts';
import { chanceBelowZero } from '../domain/market/probability.ts';
import { count, type Figure, type Look, percent, usd } from './briefing-section.ts';

const SHOWN = 10;
const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
const answerSchema = z.object({
  data_through: z.string().nullable(),
  notes: z.array(z.string()),
  horizon_weeks: z.number(),
  held_homes: z.number(),
  expected_exits: z.number(),
  expected_margin: interval,
  markets: z.array(
    z.object({ market: z.string(), homes: z.number(), expected_exits: z.number(), expected_margin: interval }),
  ),
  confidence: z.object({ value: z.number() }),
});

/** What the homes held will bring. A market that is expected to lose money on them is a packet. */
export const marginLook: Look = {
  key: 'contribution_margin',
  title: 'Contribution margin',
  tool: 'get_contribution_margin_forecast',
  input: { weeks: 13 },
  read(given, make) {
    const answer = answerSchema.parse(given);
    const { horizon_weeks: weeks, confidence, notes, data_through: dataThrough } = answer;
    const worstFirst = [...answer.markets].sort(
      (a, b) => a.expected_margin.value - b.expected_margin.value || (a.market < b.market ? -1 : 1),
    );
    const losing = worstFirst.filter(({ homes, expected_margin: margin }) => homes > 0 && margin.value < 0);
    return {
      dataThrough,
      columns: ['Market', 'Homes held', 'Expected sales', 'Expected margin', 'Low', 'High'],
      rows: worstFirst
        .slice(0, SHOWN)
        .map(
          (one): Array<string | Figure> => [
            one.market,
            count(one.homes),
            count(one.expected_exits),
            usd(one.expected_margin.value),
            usd(one.expected_margin.low),
            usd(one.expected_margin.high),
          ],
        ),
      notes,
      headlines: [
        { key: 'held_homes', label: 'Homes held', ...count(answer.held_homes) },
        { key: 'expected_margin', label: `Margin expected in ${weeks} weeks`, ...usd(answer.expected_margin.value) },
        { key: 'margin_confidence', label: 'Confidence of the margin', ...percent(confidence.value) },
      ],
      findings: losing.map(({ market, homes, expected_exits: exits, expected_margin: margin }) =>
        make({
          market,
          segment: 'all',
          issue: `Homes held in ${market} are expected to lose ${formatFigure(-margin.value, 'usd')} in ${weeks} weeks`,
          // Certain to lose over its whole interval, or only likely to.
          severity: margin.high < 0 ? (margin.value < -1e6 ? 'CRITICAL' : 'HIGH') : 'MEDIUM',
          evidence: [
            { label: 'Expected margin', value: margin.value, unit: 'usd' },
            { label: 'Low end', value: margin.low, unit: 'usd' },
            { label: 'High end', value: margin.high, unit: 'usd' },
            { label: 'Homes held', value: homes, unit: 'count' },
            { label: 'Expected sales', value: exits, unit: 'count' },
          ],
          action: `Stop buying in ${market}; sell the oldest homes first, at a lower price where the daily hold costs more.`,
          impact: { low: margin.low, expected: margin.value, high: margin.high },
          // A forecast may be well founded and still not know on which side of nothing it will end.
          statedConfidence: confidence.value * chanceBelowZero(margin),
        }),
      ),
      checked: new Set(answer.markets.map(({ market }) => market)),
    };
  },
};
