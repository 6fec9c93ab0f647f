import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { ScoringConfig } from '../domain/scoring/config.ts';
import { FEATURES, featureNamed } from '../domain/scoring/registry.ts';
import { nearestWord } from './suggest.ts';
import { configError, parseYaml } from './yaml-file.ts';

const share = (max = 1) => z.number().min(0).max(max);
const perTier = (max: number) => z.strictObject({ cosmetic: share(max), moderate: share(max), full_gut: share(max) });

const featureName = z.string().superRefine((name, context) => {
  if (featureNamed(name) !== undefined) return;
  const known = FEATURES.map((feature) => feature.name);
  const guess = nearestWord(name, known);
  const help = guess === null ? `Known features: ${known.join(', ')}.` : `Did you mean "${guess}"?`;
  context.addIssue({ code: 'custom', message: `names no feature: "${name}". ${help}` });
});

const weightedFeature = z
  .strictObject({
    feature: featureName,
    weight: z.number().gt(0).max(1000),
    neutral: share(),
    curve: z.array(z.tuple([z.number(), share()])).min(2),
  })
  .superRefine(({ feature, curve }, context) => {
    const lower = featureNamed(feature)?.better === 'lower';
    for (const [i, point] of curve.entries()) {
      const before = curve[i - 1];
      if (before === undefined) continue;
      const path = ['curve', i];
      if (!(point[0] > before[0])) {
        context.addIssue({ code: 'custom', path, message: 'must have a raw value above that of the point before it' });
      } else if (lower ? point[1] > before[1] : point[1] < before[1]) {
        const message = `must not let the score ${lower ? 'rise' : 'fall'}: of ${feature}, ${lower ? 'lower' : 'higher'} values are better`;
        context.addIssue({ code: 'custom', path, message });
      }
    }
  });

const weightedFeatures = z
  .array(weightedFeature)
  .min(1)
  .superRefine((entries, context) => {
    for (const [i, { feature }] of entries.entries()) {
      if (entries.findIndex((other) => other.feature === feature) < i) {
        context.addIssue({ code: 'custom', path: [i, 'feature'], message: `lists ${feature} a second time; keep one` });
      }
    }
  });

/** What the deal analysis assumes, as the file writes it, with the bounds of each number. */
export const assumptionsSchema = z.strictObject({
  renovation_usd_per_sqft: perTier(1000),
  arv_uplift: perTier(1),
  offer_rule: z.number().min(0.3).max(1),
  buying_cost_share: share(0.5),
  selling_cost_share: share(0.5),
  holding_months: share(60),
  holding_cost_share_monthly: share(0.1),
  typical_rental_sqft: z.number().min(200).max(5000),
  rent_size_elasticity: share(),
  price_to_rent_years: z.number().min(3).max(80),
  vacancy_share: share(),
  operating_share: share(),
  insurance_share: share(0.1),
  tax_share: share(0.1),
  down_payment_share: z.number().min(0.01).max(1),
  mortgage_rate: share(0.3),
  mortgage_years: z.number().int().min(1).max(50),
  refinance_ltv: share(),
  refinance_cost_share: share(0.2),
  refinance_rate: share(0.3),
});

const scoringFile = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d{1,2}\.\d+$/, 'must be YEAR.MONTH.NUMBER in quotes, such as "2026.11.1"'),
  thresholds: z.strictObject({ memo: share(100), outreach: share(100) }).refine((t) => t.outreach >= t.memo, {
    path: ['outreach'],
    message: 'must not lie below the memo threshold: a property without a memo is not sent',
  }),
  confidence: z.strictObject({
    simulated_penalty: share(),
    missing_penalty: share(),
    review_below: share(),
    disagreement_share: z.number().min(0.05).max(2),
  }),
  profiles: z.strictObject({ asking: weightedFeatures, off_market: weightedFeatures }),
  risk: weightedFeatures,
  assumptions: assumptionsSchema,
});

/**
 * Reads and checks the weights, thresholds and assumptions of `config/scoring.yaml`.
 * @throws ReosError('missing_part') when the file cannot be read; ReosError('validation') with a line per mistake that
 *   names file, line, path, and the nearest right word
 */
export function loadScoringConfig(file: string): ScoringConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The scoring weights cannot be read (${messageOf(cause)}). Restore ${file} from the repository, or name another file.`;
    throw new ReosError('missing_part', message, { cause, details: { file } });
  }
  return parseScoringConfig(text, file);
}

/** The same for text at hand; `file` only names it in errors. */
export function parseScoringConfig(text: string, file: string): ScoringConfig {
  const result = parseYaml(scoringFile, file, text);
  if (!result.ok) throw configError('The scoring weights', result.problems);
  return camelCased(result.value);
}

type CamelKey<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : S;
type Camel<T> = T extends readonly unknown[]
  ? { [K in keyof T]: Camel<T[K]> }
  : T extends object
    ? { [K in keyof T as CamelKey<K>]: Camel<T[K]> }
    : T;

/** Keys from snake_case, as configuration is written, to camelCase, as the code reads it. */
export function camelCased<T>(value: T): Camel<T>;
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => camelCased(item));
  if (typeof value !== 'object' || value === null) return value;
  const key = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [key(name), camelCased(item as unknown)]));
}
