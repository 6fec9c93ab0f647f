import type { ValuationSubject } from './sale-record.ts';

/**
 * The positions of houses in an order in which most lie near the one before: row by row from south to north, there and
 * back, those without coordinates first. Near houses ask for the same past sales, which are then still at hand.
 */
export function walkOf(subjects: readonly ValuationSubject[]): number[] {
  let south = Number.POSITIVE_INFINITY;
  let north = Number.NEGATIVE_INFINITY;
  for (const { facts } of subjects) {
    if (facts.latitude === null) continue;
    south = Math.min(south, facts.latitude);
    north = Math.max(north, facts.latitude);
  }
  const rows = Math.ceil(Math.sqrt(subjects.length));
  const height = (north - south) / rows || 1;
  const places = subjects.map(({ facts: { latitude, longitude } }, at) => {
    const row = latitude === null ? -1 : Math.min(rows - 1, Math.floor((latitude - south) / height));
    return { at, row, along: (longitude ?? 0) * (row % 2 === 0 ? 1 : -1) };
  });
  return places.sort((a, b) => a.row - b.row || a.along - b.along || a.at - b.at).map(({ at }) => at);
}
