import { type Confidence, confidenceOf } from '../../domain/market/confidence.ts';
import { rankDeals, UNSTATED_CONFIDENCE } from '../../domain/market/deals.ts';
import { ageDaysOf } from '../periods.ts';
import { type DealOrder, dealBook, type HomeScope, topDeals } from '../readings/deals.ts';
import type { ToolContext } from '../tool.ts';
import { type ScoredDeal, scoredDeal } from './deal-shape.ts';

type Status = 'prospect' | 'held';

/** Deals at the top of a list and what it was drawn from. */
export interface Candidates {
  deals: ScoredDeal[];
  /** Open homes of the statuses, and those with an expected margin. */
  homes: number;
  valued: number;
  newest: string | null;
}

/** Room for homes of equal margin, which the ratio puts in order. */
const TIES = 50;

/** The n best deals by a figure. The warehouse chooses the rows, with room for ties; figures and places are computed here. */
export async function bestDeals(
  { warehouse }: ToolContext,
  scope: HomeScope,
  statuses: readonly Status[],
  by: DealOrder,
  n: number,
): Promise<Candidates> {
  const book = (await warehouse.read(dealBook, scope)).filter(({ status }) => statuses.includes(status as Status));
  const total = (of: 'homes' | 'valued') => book.reduce((sum, row) => sum + row[of], 0);
  const newest = book.flatMap((row) => row.newest ?? []).sort();
  const question = { ...scope, by, limit: n + TIES };
  const lists = await readEach(statuses, (status) => warehouse.read(topDeals, { ...question, status }));
  const deals = rankDeals(lists.flat().map(scoredDeal), by).slice(0, n);
  return { deals, homes: total('homes'), valued: total('valued'), newest: newest.at(-1) ?? null };
}

async function readEach<T>(statuses: readonly Status[], read: (status: Status) => Promise<T>): Promise<T[]> {
  const lists: T[] = [];
  for (const status of statuses) lists.push(await read(status));
  return lists;
}

/**
 * How far a list of deals can be relied on: the homes with a margin (20 are enough), the age of the newest acquisition (45
 * days are fresh; 0.8 when no home carries a day), times the mean confidence of the valuations shown.
 */
export function candidatesConfidence({ deals, homes, valued, newest }: Candidates, to: string): Confidence {
  const ageDays = newest === null ? (valued > 0 ? 0 : null) : ageDaysOf(newest, to);
  const base = confidenceOf({ sampleSize: valued, enough: 20, ageDays, freshDays: 45 });
  const reasons = [...base.reasons];
  const stated = deals.map(({ valuationConfidence }) => valuationConfidence ?? UNSTATED_CONFIDENCE);
  const sure = stated.length === 0 ? 0 : stated.reduce((sum, one) => sum + one, 0) / stated.length;
  if (deals.length > 0 && sure < 0.9) reasons.push(`the valuations are ${Math.round(sure * 100)}% sure on average`);
  if (newest === null && valued > 0) reasons.push('the homes carry no day: how new they are is not known');
  if (valued < homes) reasons.push(`${homes - valued} of ${homes} homes have no expected margin and are left out`);
  return { ...base, value: base.value * sure * (newest === null ? 0.8 : 1), reasons };
}
