/** Counts of one group of messages (a campaign, a step, a variant), from one query. Money in 1e-6 USD. */
export interface OutreachCounts {
  planned: number;
  held: number;
  failed: number;
  unknown: number;
  /** Accepted by the provider, or proven to have left by a later event. */
  sent: number;
  delivered: number;
  /** Opened by a person at least once, or clicked. */
  opened: number;
  /** Fetched by a machine only: a mail program that loads pictures ahead, a link scanner. */
  machineOpened: number;
  clicked: number;
  bouncedHard: number;
  bouncedSoft: number;
  replied: number;
  /** A reply, or a click on the call to action. */
  answered: number;
  unsubscribed: number;
  complained: number;
  costMicros: number;
}

/** One number that is shown, and what exactly it is. */
export interface MetricDefinition {
  name: string;
  unit: 'messages' | 'share' | 'USD';
  numerator: keyof OutreachCounts;
  /** Null: a plain count or sum. */
  denominator: keyof OutreachCounts | null;
  meaning: string;
}

const count = (name: string, numerator: keyof OutreachCounts, meaning: string): MetricDefinition => ({
  name,
  unit: 'messages',
  numerator,
  denominator: null,
  meaning,
});
const share = (
  name: string,
  numerator: keyof OutreachCounts,
  denominator: keyof OutreachCounts,
  meaning: string,
): MetricDefinition => ({ name, unit: 'share', numerator, denominator, meaning });

/** Every outreach metric: the one place that says what each is. Spec R6. */
export const METRICS: readonly MetricDefinition[] = [
  count('planned', 'planned', 'Messages planned, whatever became of them.'),
  count('sent', 'sent', 'Messages that left: accepted by the provider, or proven by a later event.'),
  count('held', 'held', 'Messages that wait: for their day, a window, a cap, a budget or a person.'),
  count('errors', 'failed', 'Messages that never left: refused by a rule or the provider, with the reason.'),
  count('unknown', 'unknown', 'Messages of which nobody knows whether they left; a person or a webhook settles them.'),
  share('delivered_rate', 'delivered', 'sent', 'Delivered (or opened or clicked) of sent.'),
  share(
    'open_rate',
    'opened',
    'delivered',
    'Opened by a person, or clicked, of delivered. Machine opens do not count.',
  ),
  share('machine_open_rate', 'machineOpened', 'delivered', 'Opened by machines alone, of delivered.'),
  share('click_rate', 'clicked', 'delivered', 'Clicked at least once, of delivered.'),
  share('hard_bounce_rate', 'bouncedHard', 'sent', 'Refused for good by the receiving side, of sent.'),
  share(
    'soft_bounce_rate',
    'bouncedSoft',
    'sent',
    'Refused for the time being or blocked, and never delivered, of sent.',
  ),
  share('reply_rate', 'replied', 'delivered', 'Answered by a written reply (no automatic one), of delivered.'),
  share('answer_rate', 'answered', 'delivered', 'A reply or a click on the call to action, of delivered.'),
  share('unsubscribe_rate', 'unsubscribed', 'delivered', 'Unsubscribed by this message, of delivered.'),
  share('complaint_rate', 'complained', 'delivered', 'Reported as spam, of delivered.'),
  { name: 'cost', unit: 'USD', numerator: 'costMicros', denominator: null, meaning: 'Paid to providers.' },
  { name: 'cost_per_reply', unit: 'USD', numerator: 'costMicros', denominator: 'replied', meaning: 'Cost by reply.' },
];

/** The value of each metric. Shares lie in 0 to 1; null where there is nothing to divide by. USD in dollars. */
export function measure(counts: OutreachCounts): Record<string, number | null> {
  return Object.fromEntries(METRICS.map((metric) => [metric.name, ratioOf(metric, counts)]));
}

function ratioOf({ unit, numerator, denominator }: MetricDefinition, counts: OutreachCounts): number | null {
  const top = counts[numerator] / (unit === 'USD' ? 1_000_000 : 1);
  if (denominator === null) return top;
  return counts[denominator] === 0 ? null : top / counts[denominator];
}

/** Sums groups into one. */
export function addCounts(groups: readonly OutreachCounts[]): OutreachCounts {
  const total = { ...NO_COUNTS };
  for (const group of groups) {
    for (const key of Object.keys(NO_COUNTS) as (keyof OutreachCounts)[]) total[key] += group[key];
  }
  return total;
}

const NO_COUNTS: OutreachCounts = {
  planned: 0,
  held: 0,
  failed: 0,
  unknown: 0,
  sent: 0,
  delivered: 0,
  opened: 0,
  machineOpened: 0,
  clicked: 0,
  bouncedHard: 0,
  bouncedSoft: 0,
  replied: 0,
  answered: 0,
  unsubscribed: 0,
  complained: 0,
  costMicros: 0,
};
