import {
  cleanText,
  formatDay,
  formatDollars,
  formatNumber,
  formatPercent,
  formatPoints,
  isNumber,
  NOT_KNOWN,
} from './format.ts';
import type { MemoFinancial, MemoInput, MemoScore } from './input.ts';
import { type MemoRow, sourceName, unknownRow } from './sourced.ts';

/** How a score is shown: a word for its band, one dark and one pale colour (AA contrast on white). */
export interface ScoreTone {
  word: string;
  color: string;
  pale: string;
}

const TONES: ReadonlyArray<ScoreTone & { from: number }> = [
  { from: 80, word: 'Excellent', color: '#0b6b3a', pale: '#e4f4ea' },
  { from: 65, word: 'Strong', color: '#1d6f5c', pale: '#e3f3ef' },
  { from: 50, word: 'Fair', color: '#8a5a00', pale: '#fbf1dc' },
];
const WEAK: ScoreTone = { word: 'Weak', color: '#a02c2c', pale: '#fbe9e8' };
const UNSCORED: ScoreTone = { word: 'Not scored', color: '#4a5568', pale: '#eef0f3' };

/** The band of a score from 0 to 100; a neutral one while it is not scored. */
export function scoreTone(score: number | null): ScoreTone {
  if (!isNumber(score)) return UNSCORED;
  const { word, color, pale } = TONES.find((tone) => score >= tone.from) ?? WEAK;
  return { word, color, pale };
}

/** A figure of the score banner. `percent` (0–100) is the length of its bar; 0 when unknown. */
export interface ScoreFigure {
  label: string;
  value: string;
  note: string;
  percent: number;
}

/** The figures beside the score: investment, risk, return, confidence. */
export function scoreFigures(score: MemoScore): ScoreFigure[] {
  return [
    scaleFigure('Investment score', score.investmentScore, 'higher is better'),
    scaleFigure('Risk score', score.riskScore, 'lower is better'),
    shareFigure('Return on investment', score.roiEstimate, 'estimated'),
    shareFigure('Confidence', score.confidence, 'rests on known facts', 0),
  ];
}

function scaleFigure(label: string, value: number | null, note: string): ScoreFigure {
  const text = formatNumber(value);
  return { label, value: text === null ? NOT_KNOWN : `${text} of 100`, note, percent: percentOf(value, 100) };
}

function shareFigure(label: string, value: number | null, note: string, digits = 1): ScoreFigure {
  return { label, value: formatPercent(value, digits) ?? NOT_KNOWN, note, percent: percentOf(value, 1) };
}

function percentOf(value: number | null, whole: number): number {
  return isNumber(value) ? Math.round(Math.min(1, Math.max(0, value / whole)) * 100) : 0;
}

/** One reason in words with what it adds and where it came from. */
export interface MemoReason {
  label: string;
  points: string;
  sources: string;
  /** True when one of its sources is an offline simulator. */
  simulated: boolean;
}

/**
 * The reasons that raise the score and those that lower it, strongest first, at most `limit` each.
 * @param simulated names of the sources whose values are made up by an offline simulator
 */
export function splitReasons(
  score: MemoScore,
  simulated: ReadonlySet<string>,
  limit = 5,
): { strengths: MemoReason[]; cautions: MemoReason[] } {
  const ranked = score.reasons
    .map((reason) => ({ ...reason, contribution: isNumber(reason.contribution) ? reason.contribution : 0 }))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const show = (reason: (typeof ranked)[number]): MemoReason => ({
    label: cleanText(reason.label, 240) ?? cleanText(reason.code.replaceAll('_', ' '), 80) ?? 'Unnamed reason',
    points: formatPoints(reason.contribution),
    sources: [...new Set(reason.sources.map(sourceName))].join(', ') || 'no source recorded',
    simulated: reason.sources.some((source) => simulated.has(source)),
  });
  return {
    strengths: fitting(ranked.filter((reason) => reason.contribution > 0).map(show), limit),
    cautions: fitting(ranked.filter((reason) => reason.contribution <= 0).map(show), limit),
  };
}

/** Lines of a reasons column on the first page, and letters in one of them. */
const MOST_LINES = 16;
const LINE_LETTERS = 56;

/** As many reasons as the first page has room for: at least three, at most `limit`. */
function fitting(reasons: readonly MemoReason[], limit: number): MemoReason[] {
  let lines = 0;
  return reasons.slice(0, limit).filter((reason, index) => {
    const letters = reason.label.length + (reason.simulated ? 11 : 0);
    lines += Math.ceil(letters / LINE_LETTERS) + Math.ceil(reason.sources.length / (LINE_LETTERS + 10));
    return index < 3 || lines <= MOST_LINES;
  });
}

/** The financial metrics as lines; their basis stands where a field has its source. */
export function financialRows(financials: readonly MemoFinancial[]): MemoRow[] {
  return financials.map((metric) => {
    const label = cleanText(metric.label, 60) ?? cleanText(metric.code, 60) ?? 'Unnamed metric';
    const basis = cleanText(metric.basis, 160) ?? 'basis not stated';
    const value = metricText(metric);
    return value === null
      ? unknownRow(label, basis)
      : { label, value, known: true, source: basis, simulated: metric.simulated === true };
  });
}

function metricText({ value, unit }: MemoFinancial): string | null {
  if (!isNumber(value)) return null;
  switch (unit) {
    case 'usd':
      return formatDollars(value);
    case 'percent':
      return formatPercent(value);
    case 'ratio':
      return formatNumber(value, 2);
    case 'years':
    case 'months':
      return `${formatNumber(value, 1)} ${unit}`;
    case 'score':
      return `${formatNumber(value)} of 100`;
  }
}

/** How the score and the estimate were made, for a reader who wants to check them. */
export function insightRows({ score, comparables }: MemoInput): MemoRow[] {
  const fact = (label: string, value: string | null, source: string): MemoRow =>
    value === null
      ? unknownRow(label, 'not recorded with the score')
      : { label, value, known: true, source, simulated: false };
  return [
    fact('Weights', cleanText(score.weightsVersion, 60), 'made the score'),
    fact('Valuation', cleanText(score.modelVersion, 60), 'made the estimate'),
    fact('Scored', formatDay(score.scoredAt), 'from the facts of that day'),
    fact('Sales used', formatNumber(comparables.length), 'closed sales nearby'),
  ];
}
