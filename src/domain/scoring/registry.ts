import type { Feature } from './feature.ts';
import { appreciation } from './features/appreciation.ts';
import { askingDiscount } from './features/asking-discount.ts';
import { buildingAge } from './features/building-age.ts';
import { comparableStrength } from './features/comparable-strength.ts';
import { daysOnMarket } from './features/days-on-market.ts';
import { equitySinceSale } from './features/equity-since-sale.ts';
import { flipRoi } from './features/flip-roi.ts';
import { floodRisk } from './features/flood-risk.ts';
import { lotToLiving } from './features/lot-to-living.ts';
import { marketHeat } from './features/market-heat.ts';
import { marketToAssessed } from './features/market-to-assessed.ts';
import { neighborhood } from './features/neighborhood.ts';
import { offerMargin } from './features/offer-margin.ts';
import { ownerEquity } from './features/owner-equity.ts';
import { pricePerSqftGap } from './features/price-per-sqft-gap.ts';
import { priceToCounty } from './features/price-to-county.ts';
import { priceToIncome } from './features/price-to-income.ts';
import { renovationUpside } from './features/renovation-upside.ts';
import { rentalYield } from './features/rental-yield.ts';
import { sizeUpside } from './features/size-upside.ts';
import { tenureYears } from './features/tenure-years.ts';

/** Every feature the score knows. A new one is a file beside these, a line here, and an entry in `config/scoring.yaml`. */
export const FEATURES: readonly Feature[] = [
  askingDiscount,
  equitySinceSale,
  pricePerSqftGap,
  marketToAssessed,
  flipRoi,
  offerMargin,
  rentalYield,
  ownerEquity,
  tenureYears,
  daysOnMarket,
  renovationUpside,
  sizeUpside,
  lotToLiving,
  marketHeat,
  appreciation,
  neighborhood,
  priceToIncome,
  priceToCounty,
  floodRisk,
  buildingAge,
  comparableStrength,
];

const BY_NAME: ReadonlyMap<string, Feature> = new Map(FEATURES.map((feature) => [feature.name, feature]));

/** The feature of that name; undefined when there is none. */
export const featureNamed = (name: string): Feature | undefined => BY_NAME.get(name);
