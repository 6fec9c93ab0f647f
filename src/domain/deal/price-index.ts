import { daysBetween } from '../comparables.ts';

/** Yearly change applied over the days between two dates; the whole factor stays within 0.5–4. Whole cents. */
export function indexPrice(priceCents: number, from: string, to: string, annualTrend: number): number {
  const days = daysBetween(from, to);
  const years = Number.isFinite(days) ? Math.max(0, days) / 365.25 : 0;
  const trend = Number.isFinite(annualTrend) ? Math.max(-0.2, Math.min(0.3, annualTrend)) : 0;
  const factor = (1 + trend) ** years;
  return Math.round(priceCents * Math.min(4, Math.max(0.5, factor)));
}
