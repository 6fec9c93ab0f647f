/** Properties of one status, as the API counts them. */
interface StatusCount {
  stage: string;
  count: number;
}

/** A stage as the guide shows it: some statuses together. */
export interface Stage {
  name: string;
  about: string;
  count: number;
}

const STAGES: ReadonlyArray<{ name: string; about: string; statuses: readonly string[] }> = [
  { name: 'Waiting', about: 'read from the file', statuses: ['new', 'ready'] },
  { name: 'Enriched', about: 'public records asked', statuses: ['enriched'] },
  { name: 'Scored', about: 'below the line for a memo', statuses: ['scored'] },
  { name: 'With a memo', about: 'worth a look', statuses: ['packet_ready', 'contacted', 'engaged', 'closed'] },
  { name: 'Stopped', about: 'failed or left out', statuses: ['failed', 'suppressed'] },
];

/** The counts by stage, in the order in which properties go. */
export function stagesOf(counts: readonly StatusCount[]): Stage[] {
  return STAGES.map(({ name, about, statuses }) => ({ name, about, count: countOf(counts, statuses) }));
}

/** Whether nothing is under way any more. */
export function isSettled(counts: readonly StatusCount[]): boolean {
  return countOf(counts, ['new', 'ready', 'enriched']) === 0;
}

/** How many properties have one of the statuses. */
export function countOf(counts: readonly StatusCount[], statuses: readonly string[]): number {
  return counts.filter(({ stage }) => statuses.includes(stage)).reduce((sum, { count }) => sum + count, 0);
}

/** Steps of the guided start. */
export type Step = 'file' | 'columns' | 'pipeline' | 'memo';

/** The steps in words, in their order. */
export const STEPS: ReadonlyArray<{ name: Step; text: string }> = [
  { name: 'file', text: 'Choose a file' },
  { name: 'columns', text: 'Check its columns' },
  { name: 'pipeline', text: 'Watch the pipeline' },
  { name: 'memo', text: 'Read the best memo' },
];

/** Where the guide stands: told by the import's state, and by what the properties have come to. */
export function stepOf(importStatus: string, counts: readonly StatusCount[] | undefined): Step {
  if (importStatus === 'uploaded' || importStatus === 'approved') return 'columns';
  if (importStatus === 'running' || counts === undefined) return 'pipeline';
  return isSettled(counts) && hasResult(counts) ? 'memo' : 'pipeline';
}

/** Whether a property has come far enough to be shown as the best so far. */
export function hasResult(counts: readonly StatusCount[]): boolean {
  return countOf(counts, ['scored', 'packet_ready', 'contacted', 'engaged']) > 0;
}
