const WEEKDAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `Every 5 minutes`, `Daily at 04:50`, from five cron fields; the fields themselves where they are less simple. */
export function cronWords(cron: string): string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return cron;
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const isEvery = day === '*' && month === '*' && weekday === '*';
  const step = /^\*\/(\d+)$/;
  if (isEvery && hour === '*') {
    if (minute === '*') return 'Every minute';
    if (step.test(minute)) return every(Number(step.exec(minute)?.[1]), 'minute');
    return isNumber(minute) ? `Hourly at :${pad(minute)}` : cron;
  }
  if (isEvery && step.test(hour) && isNumber(minute)) {
    return `${every(Number(step.exec(hour)?.[1]), 'hour')} at :${pad(minute)}`;
  }
  if (!isNumber(minute) || !isNumber(hour)) return cron;
  const at = `at ${pad(hour)}:${pad(minute)}`;
  if (isEvery) return `Daily ${at}`;
  if (day === '*' && month === '*') {
    if (weekday === '1-5') return `Weekdays ${at}`;
    return isNumber(weekday) ? `${WEEKDAYS[Number(weekday) % 7]} ${at}` : cron;
  }
  if (weekday !== '*' || !isNumber(day)) return cron;
  if (month === '*') return `On day ${day} of each month ${at}`;
  return isNumber(month) ? `${MONTHS[Number(month) - 1] ?? month} ${day} ${at}` : cron;
}

function every(count: number, unit: string): string {
  return count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function pad(text: string): string {
  return text.padStart(2, '0');
}

/** A time zone as people read it: `Etc/UTC` is UTC, `America/Los_Angeles` is Los Angeles time. */
export function zoneName(zone: string): string {
  const place = zone.split('/').at(-1) ?? zone;
  return place === 'UTC' ? 'UTC' : `${place.replace(/_/g, ' ')} time`;
}
