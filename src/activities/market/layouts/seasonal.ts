/**
 * How much of a table of monthly series is season: of their month-on-month log changes, each less the mean of the twelve
 * around it, the share of variance that the month of the year explains (R² of twelve means), pooled over the series.
 * Close to 0 where seasons were taken out.
 * @param series one list of values per series, null where unknown
 * @param months the month (1–12) of each position
 * @returns 0–1; null with fewer than 60 changes
 */
export function seasonalShare(
  series: ReadonlyArray<ReadonlyArray<number | null>>,
  months: readonly number[],
): number | null {
  let total = 0;
  let explained = 0;
  let count = 0;
  for (const values of series) {
    const changes = detrended(values);
    const known = changes.flatMap((value, i) => (value === null ? [] : [{ value, month: months[i] ?? 0 }]));
    const mean = average(known.map(({ value }) => value));
    for (let month = 1; month <= 12; month += 1) {
      const own = known.filter((one) => one.month === month).map(({ value }) => value);
      if (own.length > 0) explained += own.length * (average(own) - mean) ** 2;
    }
    total += known.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
    count += known.length;
  }
  return count < 60 || total === 0 ? null : explained / total;
}

function detrended(values: ReadonlyArray<number | null>): Array<number | null> {
  const changes = values.map((value, i) => {
    const before = values[i - 1];
    return i === 0 || value === null || before === null || before === undefined ? null : Math.log(value / before);
  });
  return changes.map((change, i) => {
    const around = changes.slice(Math.max(0, i - 6), i + 6).filter((one) => one !== null);
    return change === null || around.length < 12 ? null : change - average(around);
  });
}

const average = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
