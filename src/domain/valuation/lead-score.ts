import { fitLogistic, type LogisticModel, logisticOf } from './logistic.ts';

/** What was known of a lead when it was written to; null where nothing was. Amounts in cents. */
export interface LeadFacts {
  birdDogScore: number;
  investmentScore: number;
  riskScore: number;
  confidence: number;
  estimatedValueCents: number | null;
  referencePriceCents: number | null;
  /** `list`, … : what the price is. */
  referencePriceKind: string;
}

/** A lead whose end is known. */
export interface LeadOutcome extends LeadFacts {
  answered: boolean;
}

/** What makes a lead answer, in the order of the features. */
export const LEAD_FEATURES = [
  'bird_dog_score',
  'investment_score',
  'risk_score',
  'confidence',
  'log_value',
  'price_to_value',
  'is_listed',
] as const;

/** Below these a learned score would be chance. */
export const LEAD_NEEDS = { outcomes: 200, positives: 30, negatives: 30 } as const;
const FOLDS = 5;

/** A lead score with its reasons, or a plain word on why there is none yet. */
export type LeadScore =
  | {
      available: false;
      outcomes: number;
      positives: number;
      needed: number;
      needed_positives: number;
      statement: string;
    }
  | {
      available: true;
      outcomes: number;
      positives: number;
      /** Estimated probability of an answer, 0–1. */
      probability: number;
      /** Share of all leads that answered. */
      base_rate: number;
      /** Chance that a lead that answered is ranked above one that did not, on leads left out of the fit. */
      auc: number;
      /** Parts of the log-odds beside the average lead's, strongest first. */
      reasons: Array<{ feature: string; value: number | null; contribution: number }>;
      statement: string;
    };

/** A model of who answers, or why there is none. */
export type LeadModel =
  | { ready: false; refusal: Extract<LeadScore, { available: false }> }
  | { ready: true; model: LogisticModel; outcomes: number; positives: number; auc: number };

/**
 * Learns who answers from leads whose end is known, by logistic regression with a ridge. It is used only when it ranks
 * leads that were left out of the fit (five folds) clearly better than chance.
 */
export function learnLeads(outcomes: readonly LeadOutcome[]): LeadModel {
  const positives = outcomes.filter(({ answered }) => answered).length;
  const refuse = (statement: string): LeadModel => ({
    ready: false,
    refusal: {
      available: false,
      outcomes: outcomes.length,
      positives,
      needed: LEAD_NEEDS.outcomes,
      needed_positives: LEAD_NEEDS.positives,
      statement,
    },
  });
  const negatives = outcomes.length - positives;
  if (outcomes.length < LEAD_NEEDS.outcomes || positives < LEAD_NEEDS.positives || negatives < LEAD_NEEDS.negatives) {
    return refuse(
      `No lead score yet: ${outcomes.length} leads with a known end, ${positives} of them answered. It is learned from ${LEAD_NEEDS.outcomes} on, with at least ${LEAD_NEEDS.positives} of either kind.`,
    );
  }
  const rows = outcomes.map(leadRow);
  const answers = outcomes.map(({ answered }) => answered);
  const auc = leftOutAuc(rows, answers);
  // Hanley and McNeil's standard error of an area of one half.
  const chance = 0.5 + 1.64 * Math.sqrt((outcomes.length + 1) / (12 * positives * negatives));
  if (!(auc > chance)) {
    return refuse(
      `No lead score: what is known of ${outcomes.length} leads does not tell who answers (ranking ${auc.toFixed(2)} on leads left out, chance reaches ${chance.toFixed(2)}). More outcomes may change that.`,
    );
  }
  return { ready: true, model: fitLogistic(rows, answers), outcomes: outcomes.length, positives, auc };
}

/** The score of one lead by what was learned. */
export function scoreLead(learned: LeadModel, lead: LeadFacts): LeadScore {
  if (!learned.ready) return learned.refusal;
  const { model, outcomes, positives, auc } = learned;
  const row = leadRow(lead);
  const { probability, parts } = logisticOf(model, row);
  const reasons = LEAD_FEATURES.map((feature, at) => ({
    feature,
    value: Number.isNaN(row[at]!) ? null : row[at]!,
    contribution: parts[at]!,
  })).sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const base = positives / outcomes;
  const percent = (share: number) => `${(share * 100).toFixed(0)}%`;
  return {
    available: true,
    outcomes,
    positives,
    probability,
    base_rate: base,
    auc,
    reasons,
    statement: `${percent(probability)} would answer; ${percent(base)} of ${outcomes} leads did.`,
  };
}

function leadRow(lead: LeadFacts): number[] {
  const { estimatedValueCents: value, referencePriceCents: price } = lead;
  return [
    lead.birdDogScore,
    lead.investmentScore,
    lead.riskScore,
    lead.confidence,
    value !== null && value > 0 ? Math.log(value / 100) : Number.NaN,
    value !== null && value > 0 && price !== null && price > 0 ? Math.min(5, price / value) : Number.NaN,
    /list|asking/i.test(lead.referencePriceKind) ? 1 : 0,
  ];
}

function leftOutAuc(rows: readonly number[][], answers: readonly boolean[]): number {
  const scores = new Float64Array(rows.length);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isIn = (at: number) => at % FOLDS !== fold;
    const model = fitLogistic(
      rows.filter((_, at) => isIn(at)),
      answers.filter((_, at) => isIn(at)),
    );
    for (const [at, row] of rows.entries()) if (!isIn(at)) scores[at] = logisticOf(model, row).probability;
  }
  return rankArea(scores, answers);
}

/** Area under the ROC curve: Mann and Whitney's statistic, ties counted half. */
export function rankArea(scores: ArrayLike<number>, answers: readonly boolean[]): number {
  const order = Array.from(answers.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end += 1;
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at += 1) if (answers[order[at]!]) sum += rank;
    start = end;
  }
  const positives = answers.filter(Boolean).length;
  return (sum - (positives * (positives + 1)) / 2) / (positives * (answers.length - positives));
}
