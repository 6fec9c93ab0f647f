/** How much work a house needs. */
export type RenovationTier = 'cosmetic' | 'moderate' | 'full_gut';

/** One number per tier of renovation. */
export interface PerTier {
  cosmetic: number;
  moderate: number;
  fullGut: number;
}

/** What the deal analysis assumes where the house itself does not say; edited in `config/scoring.yaml`. Shares are of 1. */
export interface DealAssumptions {
  renovationUsdPerSqft: PerTier;
  /** Value gained by the work, as a share of the present value. */
  arvUplift: PerTier;
  /** Most to offer: this share of the after-repair value, less the renovation (the 70% rule). */
  offerRule: number;
  /** Of the price. */
  buyingCostShare: number;
  /** Of the resale. */
  sellingCostShare: number;
  holdingMonths: number;
  /** Of the price, a month: interest, tax, insurance, utilities. */
  holdingCostShareMonthly: number;
  /** Living area that a tract's median rent stands for. */
  typicalRentalSqft: number;
  rentSizeElasticity: number;
  /** Value over yearly rent where no local rent is known. */
  priceToRentYears: number;
  vacancyShare: number;
  /** Of collected rent: upkeep, management, reserves. */
  operatingShare: number;
  /** Of the price (of the value where there is no price), a year. */
  insuranceShare: number;
  /** Of the price (of the value where there is no price), a year, where the tax is not known. */
  taxShare: number;
  downPaymentShare: number;
  mortgageRate: number;
  mortgageYears: number;
  /** Share of the after-repair value that a bank lends on a refinance (BRRRR). */
  refinanceLtv: number;
  /** Of the refinance loan: fees, appraisal, title. */
  refinanceCostShare: number;
  /** Yearly rate of the refinance loan, as a ratio. */
  refinanceRate: number;
}

/** The tier's number. */
export function forTier(values: PerTier, tier: RenovationTier): number {
  return tier === 'full_gut' ? values.fullGut : values[tier];
}
