import { sourceName } from '../../lib/names.ts';

/** What may be spent in a period, and what was. US dollars. */
export interface BudgetState {
  resource: string;
  period: string;
  limit: number;
  spent: number;
}

/** Money whose cents may matter: `$0`, `$0.0079`, `$12.40`, `$1,204`. From dollars; a dash for null. */
export function formatCost(dollars: number | null | undefined): string {
  if (dollars === null || dollars === undefined) return '—';
  const size = Math.abs(dollars);
  const digits = dollars === 0 || size >= 1_000 ? 0 : size < 0.1 ? 4 : 2;
  return dollars.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The name of what a budget covers. */
export function resourceName(resource: string): string {
  return resource === '*' ? 'everything' : sourceName(resource);
}

/** The budget that spending is held against first: the month's for everything, else the one nearest to its limit. */
export function mainBudget(budgets: readonly BudgetState[]): (BudgetState & { name: string }) | null {
  const whole = budgets.find(({ resource, period }) => resource === '*' && period === 'month');
  const used = ({ limit, spent }: BudgetState) => (limit === 0 ? 1 : spent / limit);
  const [tightest] = [...budgets].sort((a, b) => used(b) - used(a));
  const found = whole ?? tightest;
  return found === undefined ? null : { ...found, name: resourceName(found.resource) };
}

/** Costs of one day, by resource. */
export interface DayCost {
  day: string;
  resource: string;
  calls: number;
  cost: number;
}

/** One line for each resource over all days, 0 where a day has none; the dearest resource first, all others together. */
export function dailySeries(
  rows: readonly DayCost[],
  today: string,
  days: number,
  most = 5,
): Array<{ name: string; points: Array<{ x: string; y: number }> }> {
  const dates = lastDays(today, days);
  const totals = new Map<string, number>();
  for (const { resource, cost } of rows) totals.set(resource, (totals.get(resource) ?? 0) + cost);
  const names = [...totals].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
  const shown = names.length > most + 1 ? names.slice(0, most) : names;
  const others = names.filter((name) => !shown.includes(name));
  const lineOf = (name: string, members: readonly string[]) => ({
    name,
    points: dates.map((x) => ({
      x,
      y: sum(rows.filter(({ day, resource }) => day === x && members.includes(resource)).map(({ cost }) => cost)),
    })),
  });
  return [
    ...shown.map((name) => lineOf(sourceName(name), [name])),
    ...(others.length > 0 ? [lineOf(`${others.length} others`, others)] : []),
  ];
}

/** The last so many days up to `today` (`YYYY-MM-DD`, UTC), oldest first. */
export function lastDays(today: string, days: number): string[] {
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, at) =>
    new Date(end - (days - 1 - at) * 86_400_000).toISOString().slice(0, 10),
  );
}

/** What the month will have cost at its end, if the coming days cost what the last ones did. */
export interface MonthForecast {
  spent: number;
  /** Dollars at the end of the month. */
  expected: number;
  /** What a day cost on average over `days` days. */
  perDay: number;
  days: number;
  daysLeft: number;
}

/**
 * Carries the mean of the last 7 days (fewer when the history is shorter, the running day not counted while there are
 * others) to the end of the month, UTC. Null without any cost so far.
 */
export function forecastMonth(rows: readonly DayCost[], now: Date): MonthForecast | null {
  if (rows.every(({ cost }) => cost === 0)) return null;
  const today = now.toISOString().slice(0, 10);
  const month = today.slice(0, 7);
  const spent = sum(rows.filter(({ day }) => day.startsWith(month)).map(({ cost }) => cost));
  const first = rows.reduce((least, { day }) => (day < least ? day : least), today);
  const before = lastDays(today, 8)
    .slice(0, 7)
    .filter((day) => day >= first);
  const counted = before.length === 0 ? [today] : before;
  const perDay = sum(rows.filter(({ day }) => counted.includes(day)).map(({ cost }) => cost)) / counted.length;
  const lastDay = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate();
  const daysLeft = lastDay - now.getUTCDate();
  return { spent, expected: spent + perDay * daysLeft, perDay, days: counted.length, daysLeft };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
