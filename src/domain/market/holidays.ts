import { dayNumber } from '../valuation/days.ts';

/** Days around which hardly anybody trades homes in the United States. */
export type Holiday = 'thanksgiving' | 'christmas' | 'new_year' | 'independence';

/** The holiday in the seven days from a Monday on; null in an ordinary week. Christmas goes before New Year. */
export function holidayOf(week: string): Holiday | null {
  const monday = dayNumber(week);
  const year = Number(week.slice(0, 4));
  const contains = (day: string) => dayNumber(day) >= monday && dayNumber(day) < monday + 7;
  const month = week.slice(5, 7);
  if (month === '12' || month === '01') {
    if (contains(`${year}-12-25`)) return 'christmas';
    return contains(`${year}-01-01`) || contains(`${year + 1}-01-01`) ? 'new_year' : null;
  }
  if (month === '11') return contains(thanksgiving(year)) ? 'thanksgiving' : null;
  return (month === '06' || month === '07') && contains(`${year}-07-04`) ? 'independence' : null;
}

/** The fourth Thursday of November. */
function thanksgiving(year: number): string {
  const first = new Date(Date.UTC(year, 10, 1)).getUTCDay();
  return `${year}-11-${String(1 + ((4 - first + 7) % 7) + 21).padStart(2, '0')}`;
}
