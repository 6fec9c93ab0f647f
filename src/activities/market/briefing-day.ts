import { stateOfDay } from '../../db/queries/briefings.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import type { TenantTrx } from '../../db/tenant.ts';

/** The hour from which on the briefing of the day is due, in the tenant's own time. */
export const BRIEFING_HOUR = 6;

/** The calendar day of a moment in a time zone. */
export function localDay(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

/** Whether a moment is at or past the hour of the briefing in a time zone. */
export function isMorning(now: Date, timeZone: string): boolean {
  const hour = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(now);
  return Number(hour) >= BRIEFING_HOUR;
}

/** Whether the tenant's briefing of the day is due: its morning has come, and none was delivered. */
export async function isBriefingDue(trx: TenantTrx, now: Date): Promise<boolean> {
  const { timeZone } = await readOwnTenant(trx);
  if (!isMorning(now, timeZone)) return false;
  const known = await stateOfDay(trx, localDay(now, timeZone));
  return known === undefined || known.deliveredAt === null;
}
