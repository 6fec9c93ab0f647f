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
