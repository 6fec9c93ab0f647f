import { type ConfidenceWeights, calibrated } from '../domain/market/calibration.ts';
import type { Evidence, Finding, Severity } from '../domain/market/packets.ts';
import { tempered } from '../domain/market/packets.ts';
import type { DraftFinding, Worth } from './briefing-worth.ts';
import type { AskedReading } from './warehouse.ts';

/** A figure in a table or headline: its unit says how it is written. */
export interface Figure {
  value: number | null;
  unit: string;
}

/** A figure at the head of the briefing; the key ties it to the one of the day before. */
export interface Headline extends Figure {
  key: string;
  label: string;
}

/** One part of the briefing: what one tool said. */
export interface Section {
  key: string;
  title: string;
  tool: string;
  /** Why it is missing; null when it is there. */
  unavailable: string | null;
  dataThrough: string | null;
  columns: readonly string[];
  rows: ReadonlyArray<ReadonlyArray<string | Figure>>;
  notes: readonly string[];
}

/** What a tool was asked and answered, as one step of the plan. */
export interface Step {
  tool: string;
  input: Record<string, unknown>;
  answer: unknown;
  readings: readonly AskedReading[];
  /** Null when it answered. */
  error: string | null;
}

/** What is made of an answer. */
export interface Reading {
  dataThrough: string | null;
  columns: readonly string[];
  rows: ReadonlyArray<ReadonlyArray<string | Figure>>;
  notes: readonly string[];
  headlines: readonly Headline[];
  findings: readonly DraftFinding[];
  /** Markets that the check covered, so that what is not found there has healed; `all`: every one. */
  checked: ReadonlySet<string> | 'all';
}

/** One look of the morning: which tool, asked what, and what its answer means. */
export interface Look {
  /** Also the name of its check in issue keys. */
  key: string;
  title: string;
  tool: string;
  input: Record<string, unknown>;
  read(answer: unknown, make: FindingMaker): Reading;
}

/** What a finding needs from its look; the rest is filled in. */
export interface FindingDraft {
  market: string | null;
  segment?: string | null;
  detail?: string | null;
  issue: string;
  severity: Severity;
  evidence: ReadonlyArray<Pick<Evidence, 'label' | 'value' | 'unit'>>;
  action: string;
  impact?: Finding['impact'];
  /** What it amounts to, where its own tool says no dollars. */
  worth?: Worth;
  statedConfidence: number;
  owner?: string;
  expiresInDays?: number;
}

/** Makes a finding: calibrated, tempered by its confidence, with the tool, input and readings behind each number. */
export type FindingMaker = (draft: FindingDraft) => DraftFinding;

/** The maker of a look's findings. */
export function findingMaker(look: Look, step: Step, weights: ConfidenceWeights): FindingMaker {
  const readings = step.readings.map(({ reading, params, rows }) => ({ reading, params, rows }));
  return (draft) => {
    const confidence = calibrated(weights, look.tool, draft.statedConfidence);
    return {
      check: look.key,
      market: draft.market,
      segment: draft.segment ?? null,
      detail: draft.detail ?? null,
      issue: draft.issue,
      severity: tempered(draft.severity, confidence),
      tool: look.tool,
      evidence: draft.evidence.map((one) => ({ ...one, tool: look.tool, input: step.input, readings })),
      action: draft.action,
      impact: draft.impact ?? null,
      worth: draft.worth,
      statedConfidence: draft.statedConfidence,
      confidence,
      owner: draft.owner ?? null,
      expiresInDays: draft.expiresInDays ?? 7,
    };
  };
}

export const usd = (value: number | null): Figure => ({ value, unit: 'usd' });
export const percent = (value: number | null): Figure => ({ value, unit: 'percent' });
export const count = (value: number | null): Figure => ({ value, unit: 'count' });
export const score = (value: number | null): Figure => ({ value, unit: 'score' });
export const ratio = (value: number | null): Figure => ({ value, unit: 'ratio' });
export const days = (value: number | null): Figure => ({ value, unit: 'days' });
