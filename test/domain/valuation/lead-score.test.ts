import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LEAD_NEEDS,
  type LeadOutcome,
  learnLeads,
  rankArea,
  scoreLead,
} from '../../../src/domain/valuation/lead-score.ts';
import { fitLogistic, logisticOf } from '../../../src/domain/valuation/logistic.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

/** Leads that answer more often the higher their score is; not at all by it with `effect` 0. */
function leads(n: number, effect: number, seed = 5): LeadOutcome[] {
  const { unit } = createRandom(seed);
  return Array.from({ length: n }, () => {
    const birdDogScore = unit() * 100;
    const odds = Math.exp(-0.8 + (effect * (birdDogScore - 50)) / 25);
    return {
      birdDogScore,
      investmentScore: unit() * 100,
      riskScore: unit() * 100,
      confidence: unit(),
      estimatedValueCents: unit() < 0.1 ? null : Math.round(2e7 + unit() * 8e7),
      referencePriceCents: 4e7,
      referencePriceKind: unit() < 0.5 ? 'asking' : 'value',
      answered: unit() < odds / (1 + odds),
    };
  });
}

describe('the lead score', () => {
  it('says plainly that there are too few outcomes', () => {
    expect(scoreLead(learnLeads(leads(12, 1)), leads(1, 1)[0]!)).toMatchObject({
      available: false,
      outcomes: 12,
      needed: LEAD_NEEDS.outcomes,
      statement: expect.stringContaining('12 leads with a known end'),
    });
    expect(learnLeads([]).ready).toBe(false);
  });

  it('needs both kinds', () => {
    const all = leads(300, 1);
    for (const answered of [true, false])
      expect(learnLeads(all.map((lead) => ({ ...lead, answered }))).ready).toBe(false);
  });

  it('is not used when it tells nothing', () => {
    const ready = [1, 2, 3, 4, 5].filter((seed) => learnLeads(leads(400, 0, seed)).ready);
    expect(ready.length).toBeLessThan(2);
  });

  it('ranks by what matters, with reasons that sum to its log-odds', () => {
    const learned = learnLeads(leads(800, 1.2));
    if (!learned.ready) throw new Error(learned.refusal.statement);
    expect(learned.auc).toBeGreaterThan(0.65);
    const base = leads(1, 1)[0]!;
    const [low, high] = [5, 95].map((birdDogScore) => scoreLead(learned, { ...base, birdDogScore }));
    if (!low?.available || !high?.available) throw new Error('not available');
    expect(high.probability).toBeGreaterThan(low.probability + 0.3);
    expect(high.reasons[0]?.feature).toBe('bird_dog_score');
    const logOdds = high.reasons.reduce((sum, { contribution }) => sum + contribution, learned.model.intercept);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(high.probability, 10);
  });
});

describe('logistic regression', () => {
  it('meets the mean of the answers, and the gradient is zero there', () => {
    const { unit } = createRandom(9);
    const rows = Array.from({ length: 300 }, () => [unit(), unit() * 1_000, 7]);
    const answers = rows.map(([a = 0]) => unit() < a);
    const model = fitLogistic(rows, answers);
    const mean = rows.reduce((sum, row) => sum + logisticOf(model, row).probability, 0) / 300;
    expect(mean).toBeCloseTo(answers.filter(Boolean).length / 300, 6);
  });

  it('stays finite, also where a feature separates the answers or is missing', () => {
    const row = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 30 }), (rows) => {
        const answers = rows.map((_, at) => at < rows.length / 2);
        const model = fitLogistic(rows, answers);
        return rows.every((each) => {
          const { probability } = logisticOf(model, each);
          return probability >= 0 && probability <= 1;
        });
      }),
      { numRuns: 60 },
    );
  });

  it('measures ranking as counting pairs does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 2, maxLength: 40 }),
        (cases) => {
          const yes = cases.filter(([, answer]) => answer);
          const no = cases.filter(([, answer]) => !answer);
          fc.pre(yes.length > 0 && no.length > 0);
          let wins = 0;
          for (const [a] of yes) for (const [b] of no) wins += a > b ? 1 : a === b ? 0.5 : 0;
          const area = rankArea(
            cases.map(([score]) => score),
            cases.map(([, answer]) => answer),
          );
          return Math.abs(area - wins / (yes.length * no.length)) < 1e-9;
        },
      ),
    );
  });
});
