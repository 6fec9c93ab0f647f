import type { ComparableSale } from '../property.ts';
import { METRES_PER_MILE } from './rules.ts';
import { type ComparableSubject, compareText } from './sale-match.ts';

/** A past sale as it is on record, before anybody has asked whether it can be compared. */
export type CandidateSale = Omit<ComparableSale, 'sqft' | 'latitude' | 'longitude' | 'distanceMetres'> & {
  sqft: number | null;
  latitude: number | null;
  longitude: number | null;
  /** Null when the house's place is unknown. */
  distanceMetres: number | null;
  /** RESO PropertyType and PropertySubType. */
  propertyType: string | null;
  propertySubType: string | null;
  armsLength: boolean;
  /** Why not, as the source or the filter says it. */
  armsLengthReason: string | null;
};

/** The house that is valued: also its place and kind. */
export type PlacedSubject = ComparableSubject & {
  latitude: number | null;
  longitude: number | null;
  propertyType: string | null;
  propertySubType: string | null;
};

/** One reason for or against a sale, for programs (`code`) and for people. */
export interface ComparableReason {
  code: string;
  message: string;
}

/** True for a sale to reckon with: its place, living area and price are known. */
export const isComparable = (sale: CandidateSale): sale is CandidateSale & ComparableSale =>
  sale.latitude !== null &&
  sale.longitude !== null &&
  sale.distanceMetres !== null &&
  sale.sqft !== null &&
  sale.sqft > 0 &&
  sale.closePriceCents > 0;

/** Identity of one sale: a house may sell often. */
export const saleKey = (sale: Pick<CandidateSale, 'propertyId' | 'closeDate' | 'closePriceCents'>): string =>
  `${sale.propertyId} ${sale.closeDate} ${sale.closePriceCents}`;

/** Orders sales by house, date and price; 0 for one and the same. */
export const compareSaleKeys = (a: CandidateSale, b: CandidateSale): number =>
  compareText(a.propertyId, b.propertyId) ||
  compareText(a.closeDate, b.closeDate) ||
  a.closePriceCents - b.closePriceCents;

/** `0.31 mi`. */
export const miles = (metres: number): string => `${Number((metres / METRES_PER_MILE).toFixed(2))} mi`;

/** `7.4 months`, of 30.44 days. */
export const monthsOf = (days: number): string => `${Number((days / 30.4375).toFixed(1))} months`;

/** `12% larger`, `the same size`. */
export function sizeWords(sqft: number, subjectSqft: number): string {
  const ratio = sqft / subjectSqft;
  if (ratio > 2) return `${Number(ratio.toFixed(1))} times as large`;
  const percent = Math.round((ratio - 1) * 100);
  if (percent === 0) return 'the same size';
  return percent > 0 ? `${percent}% larger` : `${-percent}% smaller`;
}
