/**
 * Constants of the comparable-sales estimate. Tuned on King County sales before 2015-02-01 by `bench/comparables.ts`;
 * each is a round number from a flat part of its grid, so that it is not fitted to one county.
 * Scales are the difference at which a sale's say falls to 1/e; elasticities are d ln(price) / d ln(size); steps are
 * d ln(price) per unit.
 */
export const COMPARABLE_CONSTANTS = {
  /** Nearest sales that are looked at. From 100 to 400 the median error moves by less than 0.3 points; each costs time. */
  candidates: 200,
  minChosen: 3,
  maxChosen: 15,
  maxDistanceMetres: 25_000,
  distanceScaleMetres: 800,
  recencyScaleDays: 720,
  sizeScale: 0.35,
  lotScale: 2,
  gradeScale: 1,
  conditionScale: 3,
  yearBuiltScale: 30,
  /** What an unknown characteristic costs: as much as a difference of half a scale. */
  unknownStep: 0.5,
  sizeElasticity: 0.5,
  lotElasticity: 0.06,
  gradeStep: 0.1,
  conditionStep: 0.05,
  bathroomStep: 0.02,
  yearBuiltStep: 0,
};
