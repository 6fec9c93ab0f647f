const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads a calendar day as YYYY-MM-DD from the spellings files use: ISO with or without time, `20141013T000000`,
 * US `4/23/2019`, `Sep 28, 2025`, `28-SEP-2025`, and milliseconds since 1970 (UTC). Null when it is no real day.
 */
export function parseDate(text: string): string | null {
  const t = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(t) ?? /^(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?$/.exec(t);
  if (iso !== null) return day(iso[1], iso[2], iso[3]);
  const us = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ T].*)?$/.exec(t);
  if (us !== null) return day(us[3]?.length === 2 ? twoDigitYear(us[3]) : us[3], us[1], us[2]);
  const named = /^([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i.exec(t);
  if (named !== null) return day(named[3], monthNumber(named[1]), named[2]);
  const dayFirst = /^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ,]+(\d{4}|\d{2})$/i.exec(t);
  if (dayFirst !== null) {
    return day(
      dayFirst[3]?.length === 2 ? twoDigitYear(dayFirst[3]) : dayFirst[3],
      monthNumber(dayFirst[2]),
      dayFirst[1],
    );
  }
  if (/^-?\d{12,13}$/.test(t)) return new Date(Number(t)).toISOString().slice(0, 10);
  return null;
}

/** '19' is 2019, '71' is 1971: sales files are older than they are in the future. */
const twoDigitYear = (yy: string) => String(Number(yy) > 68 ? 1900 + Number(yy) : 2000 + Number(yy));

const monthNumber = (name: string | undefined) => String(MONTHS.indexOf((name ?? '').toLowerCase()) + 1);

function day(year: string | undefined, month: string | undefined, date: string | undefined): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  const made = new Date(Date.UTC(y, m - 1, d));
  const real = made.getUTCFullYear() === y && made.getUTCMonth() === m - 1 && made.getUTCDate() === d;
  return real && y >= 1600 ? made.toISOString().slice(0, 10) : null;
}
