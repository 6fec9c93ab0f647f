import { bringScored } from '../../domain/comparables/adjust.ts';
import { createChooser } from '../../domain/comparables/choose.ts';
import type { ComparablesResult, ScoredSale } from '../../domain/comparables.ts';
import type { Property } from '../../domain/property.ts';
import { COMPARABLE_CONSTANTS as K } from '../../domain/scoring/comparable-constants.ts';
import type { SalesIndex } from './sales-index.ts';

/**
 * The comparables of one house after the other among a county's sales: those of `selectComparables`, to the last digit, and
 * of each what a score looks at.
 */
export function createBulkComparables(index: SalesIndex, asOf: string, annualTrend: number) {
  const choose = createChooser(index.table, asOf, annualTrend, K.candidates, bringScored);
  return (subject: Property): ComparablesResult<ScoredSale> => {
    const { latitude, longitude } = subject;
    const isPlaced = latitude !== null && longitude !== null;
    return choose(subject, index.nearest(isPlaced ? { latitude, longitude } : null, K.candidates));
  };
}
