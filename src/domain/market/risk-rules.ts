import { z } from 'zod';

/** Figures that a risk score is made of, and which way each is risky: +1 more is riskier, −1 less is. */
export const RISK_FIGURES = {
  price_change_year: -1,
  days_on_market_change_year: 1,
  inventory_change_year: 1,
  sale_to_list: -1,
  months_of_supply: 1,
  price_volatility: 1,
  mortgage_rate_change: 1,
} as const;

/** Figures that an opportunity score is made of, and which way each is good for who buys to sell again. */
export const OPPORTUNITY_FIGURES = {
  price_change_year: 1,
  homes_sold_change_year: 1,
  days_on_market: -1,
  months_of_supply: -1,
  offer_discount: 1,
  acceptance_rate: 1,
} as const;

/** A figure of either score. */
export type ScoreFigure = keyof typeof RISK_FIGURES | keyof typeof OPPORTUNITY_FIGURES;
/** What a market is ranked by. */
export type ScoreKind = 'risk' | 'opportunity';

const byGrain = z.strictObject({ week: z.number(), month: z.number(), quarter: z.number() });
const bound = z.union([z.number(), byGrain]);
const rule = z.strictObject({ weight: z.number().min(0).max(100), from: bound, to: bound });

const rulesOf = <K extends string>(figures: Readonly<Record<K, 1 | -1>>) =>
  z
    .strictObject(Object.fromEntries(Object.keys(figures).map((name) => [name, rule])) as Record<K, typeof rule>)
    .superRefine((rules, context) => {
      const entries = Object.entries(rules) as Array<[K, z.infer<typeof rule>]>;
      for (const [name, { from, to }] of entries) {
        for (const grain of ['week', 'month', 'quarter'] as const) {
          const rise = boundOf(to, grain) - boundOf(from, grain);
          if (Math.sign(rise) === figures[name]) continue;
          const message = `must lie ${figures[name] > 0 ? 'above' : 'below'} from, as ${figures[name] > 0 ? 'more' : 'less'} of it gives more points`;
          context.addIssue({ code: 'custom', path: [name, 'to'], message });
          break;
        }
      }
      if (!entries.some(([, { weight }]) => weight > 0)) {
        context.addIssue({ code: 'custom', path: [], message: 'needs at least one weight above 0' });
      }
    });

const percent = z.number().gt(0).lt(100);

/** The contents of `config/market.yaml`: how markets are scored. */
export const marketRulesSchema = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d{1,2}\.\d+$/, 'must be YEAR.MONTH.NUMBER in quotes, such as "2026.11.1"'),
  /** Scores from which a market is called so. */
  bands: z
    .strictObject({ moderate: percent, elevated: percent, high: percent })
    .refine((bands) => bands.moderate < bands.elevated && bands.elevated < bands.high, 'must rise'),
  /** Share of the weights whose figures must be known; below it there is no score. */
  least_known: z.number().gt(0).max(1),
  risk: rulesOf(RISK_FIGURES),
  opportunity: rulesOf(OPPORTUNITY_FIGURES),
});
export type MarketRules = z.infer<typeof marketRulesSchema>;
/** Points of one figure: none at `from`, all of `weight` at `to`, on a straight line between. */
export type ScoreRule = z.infer<typeof rule>;

/** A bound for a grain. */
export function boundOf(value: z.infer<typeof bound>, grain: 'week' | 'month' | 'quarter'): number {
  return typeof value === 'number' ? value : value[grain];
}

/** The rules where none are given: those of `config/market.yaml` as delivered. */
export const MARKET_RULES: MarketRules = {
  version: '2026.11.1',
  bands: { moderate: 25, elevated: 50, high: 75 },
  least_known: 0.5,
  risk: {
    price_change_year: { weight: 25, from: 0.05, to: -0.1 },
    days_on_market_change_year: { weight: 15, from: 0, to: 30 },
    inventory_change_year: { weight: 15, from: 0, to: 0.5 },
    sale_to_list: { weight: 10, from: 1, to: 0.95 },
    months_of_supply: { weight: 15, from: 2, to: 6 },
    price_volatility: {
      weight: 10,
      from: { week: 0.01, month: 0.01, quarter: 0.01 },
      to: { week: 0.05, month: 0.05, quarter: 0.06 },
    },
    mortgage_rate_change: { weight: 10, from: 0, to: 1.5 },
  },
  opportunity: {
    price_change_year: { weight: 25, from: -0.05, to: 0.1 },
    homes_sold_change_year: { weight: 20, from: -0.2, to: 0.2 },
    days_on_market: { weight: 20, from: 60, to: 10 },
    months_of_supply: { weight: 15, from: 6, to: 1 },
    offer_discount: { weight: 10, from: 0, to: 0.15 },
    acceptance_rate: { weight: 10, from: 0, to: 0.5 },
  },
};
