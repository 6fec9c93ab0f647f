/** What a file may be like before nothing of it is taken. Shares are of the rows read, 0–1. */
export interface GateLimits {
  maxRejectedShare: number;
  maxDuplicateShare: number;
  maxFutureShare: number;
  /** No row speaks of a day before it, YYYY-MM-DD. */
  earliestDay: string;
  /** Days after which a feed without a newer row is called stale; it is a warning, as history may be loaded late. */
  freshDays: number;
}

/** What the rows of a file came to. */
export interface GateFacts {
  rowsRead: number;
  rejected: number;
  future: number;
  /** Values on the stage, and distinct ones. */
  staged: number;
  distinct: number;
  from: string | null;
  to: string | null;
  today: string;
}

/** One check of the gate. `fail` lets nothing in. */
export interface GateCheck {
  check: 'rows' | 'rejected_share' | 'duplicate_share' | 'future_share' | 'date_range' | 'staleness';
  result: 'pass' | 'warn' | 'fail';
  value: number | string | null;
  limit: number | string;
  message: string;
}

/** Limits of feeds, unless somebody says otherwise. */
export const DEFAULT_LIMITS: GateLimits = {
  maxRejectedShare: 0.05,
  maxDuplicateShare: 0.2,
  maxFutureShare: 0.01,
  earliestDay: '1900-01-01',
  freshDays: 120,
};

/** Checks a file as a whole: rows, refused rows, doubles, days in the future, range and age. */
export function checkGate(facts: GateFacts, limits: GateLimits): GateCheck[] {
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  const percent = (value: number) => `${(value * 100).toFixed(value < 0.1 ? 2 : 1)}%`;
  const rejected = share(facts.rejected, facts.rowsRead);
  const doubled = share(facts.staged - facts.distinct, facts.staged);
  const future = share(facts.future, facts.rowsRead);
  const age = facts.to === null ? null : Math.floor((Date.parse(facts.today) - Date.parse(facts.to)) / 86_400_000);
  const isOld = facts.from !== null && facts.from < limits.earliestDay;
  const bounded = (check: GateCheck['check'], value: number, limit: number, said: string): GateCheck => ({
    check,
    result: value > limit ? 'fail' : 'pass',
    value,
    limit,
    message: said,
  });
  return [
    {
      check: 'rows',
      result: facts.staged > 0 ? 'pass' : 'fail',
      value: facts.staged,
      limit: 1,
      message: `${facts.staged} values to load from ${facts.rowsRead} rows`,
    },
    bounded(
      'rejected_share',
      rejected,
      limits.maxRejectedShare,
      `${facts.rejected} of ${facts.rowsRead} rows refused (${percent(rejected)}; at most ${percent(limits.maxRejectedShare)})`,
    ),
    bounded(
      'duplicate_share',
      doubled,
      limits.maxDuplicateShare,
      `${facts.staged - facts.distinct} of ${facts.staged} values come twice (${percent(doubled)}; at most ${percent(limits.maxDuplicateShare)})`,
    ),
    bounded(
      'future_share',
      future,
      limits.maxFutureShare,
      `${facts.future} of ${facts.rowsRead} rows are from the future (${percent(future)}; at most ${percent(limits.maxFutureShare)})`,
    ),
    {
      check: 'date_range',
      result: isOld ? 'fail' : 'pass',
      value: facts.from,
      limit: limits.earliestDay,
      message: `from ${facts.from ?? '(no day)'} to ${facts.to ?? '(no day)'}; nothing before ${limits.earliestDay} is expected`,
    },
    {
      check: 'staleness',
      result: age !== null && age > limits.freshDays ? 'warn' : 'pass',
      value: age,
      limit: limits.freshDays,
      message: age === null ? 'no row has a day' : `the newest row is ${age} days old; fresh up to ${limits.freshDays}`,
    },
  ];
}
