/** The lines of the chart, in the order of the pipeline. */
export const THROUGHPUT_LINES = [
  { key: 'scraped', name: 'Found' },
  { key: 'enriched', name: 'Enriched' },
  { key: 'scored', name: 'Scored' },
  { key: 'memos', name: 'Memos' },
  { key: 'sent', name: 'Messages' },
] as const;

const SPANS = [7, 30, 90];

/** How many days the address asks for; 30 for anything else. */
export function daysOf(value: unknown): number {
  return SPANS.find((days) => String(days) === String(value)) ?? 30;
}
