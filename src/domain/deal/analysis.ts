import type { PropertyFacts } from '../property.ts';
import { positive } from './amount.ts';
import type { DealAssumptions, RenovationTier } from './assumptions.ts';
import { type BrrrrDeal, brrrrDeal } from './brrrr.ts';
import { type FlipDeal, flipDeal } from './flip.ts';
import { afterRepairValue, maxAllowableOffer, renovationCost, renovationTier } from './renovation.ts';
import { estimateRent, netOperatingIncome, type RentalDeal, rentalDeal } from './rental.ts';

/** What the price in a deal is. A closed sale is never an asking price: it is carried to the date and named as such. */
export type ReferencePriceKind = 'asking' | 'last_sale_indexed' | 'assessed' | 'none';

/** One house, what it is worth and what it might be bought for. Money in whole cents; null means unknown. */
export interface DealInput {
  facts: Pick<
    PropertyFacts,
    'sqft' | 'condition' | 'yearBuilt' | 'yearRenovated' | 'medianRentCents' | 'taxAnnualCents'
  >;
  /** Value in its present state. */
  valueCents: number | null;
  priceCents: number | null;
  priceKind: ReferencePriceKind;
  /** Date of the analysis, YYYY-MM-DD; ages are counted to it. */
  asOf: string;
}

/** The deal worked out. Null where an input is missing. Shares and ratios as numbers (0.07 = 7%). */
export interface DealAnalysis {
  tier: RenovationTier;
  tierBasis: string;
  renovationCents: number | null;
  arvCents: number | null;
  maxOfferCents: number | null;
  flipProfitCents: number | null;
  flipRoi: number | null;
  rentMonthlyCents: number | null;
  rentBasis: string;
  taxAnnualCents: number | null;
  insuranceAnnualCents: number | null;
  noiCents: number | null;
  capRate: number | null;
  cashOnCash: number | null;
  debtServiceCoverage: number | null;
  mortgageMonthlyCents: number | null;
  /** The parts; null where the price, the value, the living area or the rent they need is missing. */
  flip: FlipDeal | null;
  rental: RentalDeal | null;
  brrrr: BrrrrDeal | null;
}

/**
 * Works a deal out: renovation and after-repair value, the maximum offer, a flip, a rental with a mortgage, a BRRRR.
 * Every rate comes from the assumptions. Tax (where not known) and insurance follow the price paid, or the value where
 * there is no price: so neither a lower price nor a higher value ever makes a return worse.
 * @throws ReosError `validation` for an amount beyond ten trillion dollars
 */
export function analyseDeal(input: DealInput, a: DealAssumptions): DealAnalysis {
  const { facts } = input;
  const valueCents = positive(input.valueCents);
  const price = positive(input.priceCents);
  const { tier, basis: tierBasis } = renovationTier(facts, input.asOf);
  const renovationCents = renovationCost(facts.sqft, tier, a);
  const arvCents = afterRepairValue(valueCents, tier, a);
  const worked = arvCents !== null && renovationCents !== null;
  const flip = worked && price !== null ? flipDeal(price, arvCents, renovationCents, a) : null;
  const { rentMonthlyCents, basis: rentBasis } = estimateRent(facts, valueCents, a);
  const base = price ?? valueCents;
  const share = (of: number) => (base === null ? null : Math.round(base * of));
  const stated = facts.taxAnnualCents;
  const taxAnnualCents = stated !== null && stated >= 0 ? stated : share(a.taxShare);
  const insuranceAnnualCents = share(a.insuranceShare);
  const noiCents =
    rentMonthlyCents === null || taxAnnualCents === null || insuranceAnnualCents === null
      ? null
      : netOperatingIncome({ rentMonthlyCents, taxAnnualCents, insuranceAnnualCents }, a);
  const loaned =
    price === null
      ? null
      : rentalDeal(
          { priceCents: price, rentMonthlyCents, noiCents: noiCents ?? 0, renovationCents: renovationCents ?? 0 },
          a,
        );
  const rental = noiCents === null ? null : loaned;
  const brrrr =
    worked && price !== null && noiCents !== null
      ? brrrrDeal({ priceCents: price, arvCents, renovationCents, noiCents }, a)
      : null;
  return {
    tier,
    tierBasis,
    renovationCents,
    arvCents,
    maxOfferCents: worked ? maxAllowableOffer(arvCents, renovationCents, a.offerRule) : null,
    flipProfitCents: flip?.profitCents ?? null,
    flipRoi: flip?.roi ?? null,
    rentMonthlyCents,
    rentBasis,
    taxAnnualCents,
    insuranceAnnualCents,
    noiCents,
    capRate: rental?.capRate ?? null,
    cashOnCash: rental?.cashOnCash ?? null,
    debtServiceCoverage: rental?.debtServiceCoverage ?? null,
    mortgageMonthlyCents: loaned?.mortgageMonthlyCents ?? null,
    flip,
    rental,
    brrrr,
  };
}
