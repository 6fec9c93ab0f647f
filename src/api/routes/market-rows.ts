import { z } from '@hono/zod-openapi';
import { DateTime } from 'luxon';
import type { AvmValue, OfferEvent } from '../../db/queries/market-offers.ts';

/** How far ahead of this clock a sender's may be, ms. */
const AHEAD_MS = 5 * 60_000;
const LONGEST = { id: 200, place: 120 };

/** An offer event as it is documented; what is checked, and in which words, is `readOffer`. */
export const offerEventShape = z.object({
  event_id: z.string().max(LONGEST.id).describe('The sender’s own id: the same id is the same offer'),
  property_ref: z.string().max(LONGEST.id),
  market: z.string().max(LONGEST.place),
  segment: z.string().max(LONGEST.place).optional().describe('Left out: of no segment, counted in all'),
  offer_price: z.number().positive().describe('US dollars'),
  market_estimated_value: z.number().positive().nullable().optional().describe('US dollars'),
  price_per_sqft: z.number().positive().nullable().optional().describe('US dollars per square foot'),
  seller_accepted_offer: z.boolean().nullable().optional().describe('Null: not answered yet'),
  days_to_accept: z.number().min(0).nullable().optional(),
  offered_at: z.string().describe('ISO 8601 with a zone; not in the future'),
});

/** A valuation as it is documented. */
export const avmValueShape = z.object({
  property_ref: z.string().max(LONGEST.id),
  market: z.string().max(LONGEST.place),
  segment: z.string().max(LONGEST.place).optional(),
  estimated_value: z.number().positive().describe('US dollars'),
  confidence: z.number().min(0).max(1).nullable().optional(),
  valued_at: z.string().describe('ISO 8601 with a zone; not in the future'),
});

/** A row that was understood, or why it was not. */
export type ReadRow<T> = { row: T } | { reasons: string[] };

/** Reads one offer event. By hand: thousands come in a second, and every one gets all of its reasons. */
export function readOffer(value: unknown, now: Date): ReadRow<OfferEvent> {
  const read = reader(value, now);
  const row: OfferEvent = {
    eventId: read.text('event_id', LONGEST.id),
    propertyRef: read.text('property_ref', LONGEST.id),
    market: read.text('market', LONGEST.place),
    segment: read.optionalText('segment', LONGEST.place) ?? 'all',
    offerPrice: read.amount('offer_price') ?? 0,
    marketEstimatedValue: read.optionalAmount('market_estimated_value'),
    pricePerSqft: read.optionalAmount('price_per_sqft'),
    sellerAcceptedOffer: read.optionalBoolean('seller_accepted_offer'),
    daysToAccept: read.optionalNumber('days_to_accept', 0, 100_000),
    offeredAt: read.time('offered_at'),
  };
  return read.done(row);
}

/** Reads one valuation. */
export function readAvmValue(value: unknown, now: Date): ReadRow<AvmValue> {
  const read = reader(value, now);
  const row: AvmValue = {
    propertyRef: read.text('property_ref', LONGEST.id),
    market: read.text('market', LONGEST.place),
    segment: read.optionalText('segment', LONGEST.place) ?? 'all',
    estimatedValue: read.amount('estimated_value') ?? 0,
    confidence: read.optionalNumber('confidence', 0, 1),
    valuedAt: read.time('valued_at'),
  };
  return read.done(row);
}

const ISO = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;
const OLDEST = Date.UTC(1970, 0, 1);

function reader(value: unknown, now: Date) {
  const reasons: string[] = [];
  const isRow = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRow) reasons.push('must be an object');
  const fields = (isRow ? value : {}) as Record<string, unknown>;
  const refuse = (name: string, words: string) => {
    if (isRow) reasons.push(`${name}: ${words}`);
  };
  const optional = <T>(name: string, read: (given: unknown) => T | null): T | null => {
    const given = fields[name];
    return given === undefined || given === null ? null : read(given);
  };
  const textOf = (name: string, given: unknown, most: number): string => {
    if (typeof given !== 'string' || given.trim() === '') refuse(name, 'must be text');
    else if (given.length > most) refuse(name, `must have ${most} characters at most`);
    else if (given.includes('\u0000') || /\p{Cs}/u.test(given)) refuse(name, 'must be text without NUL');
    else return given.trim();
    return '';
  };
  const numberOf = (name: string, given: unknown, least: number, most: number): number | null => {
    if (typeof given !== 'number' || !Number.isFinite(given)) refuse(name, 'must be a number');
    else if (given < least || given > most) refuse(name, `must be from ${least} to ${most}`);
    else return given;
    return null;
  };
  const amountOf = (name: string, given: unknown): number | null => {
    if (typeof given === 'number' && given <= 0) refuse(name, 'must be more than 0');
    else return numberOf(name, given, 0, 1e12);
    return null;
  };
  return {
    text: (name: string, most: number) => textOf(name, fields[name], most),
    optionalText: (name: string, most: number) => optional(name, (given) => textOf(name, given, most)),
    amount: (name: string) => amountOf(name, fields[name]),
    optionalAmount: (name: string) => optional(name, (given) => amountOf(name, given)),
    optionalNumber: (name: string, least: number, most: number) =>
      optional(name, (given) => numberOf(name, given, least, most)),
    optionalBoolean: (name: string) =>
      optional(name, (given) => {
        if (typeof given === 'boolean') return given;
        refuse(name, 'must be true, false or null');
        return null;
      }),
    time(name: string): string {
      const given = fields[name];
      const moment = typeof given === 'string' && ISO.test(given) ? momentOf(given) : Number.NaN;
      if (Number.isNaN(moment) || moment < OLDEST)
        refuse(name, 'must be a time with a zone, such as 2026-01-31T12:00:00Z');
      else if (moment > now.getTime() + AHEAD_MS) refuse(name, `${given} is in the future`);
      else return new Date(moment).toISOString();
      return '';
    },
    done: <T>(row: T): ReadRow<T> => (reasons.length === 0 ? { row } : { reasons }),
  };
}

/** Date.parse rolls 31 February over into March; that day is none. */
function momentOf(text: string): number {
  const moment = Date.parse(text);
  if (Number.isNaN(moment) || Number(text.slice(8, 10)) <= 28) return moment;
  return DateTime.fromISO(text.slice(0, 10)).isValid ? moment : Number.NaN;
}
