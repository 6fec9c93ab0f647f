import type { PropertyFacts } from '../property.ts';
import { checkedCents } from './amount.ts';
import type { DealAssumptions } from './assumptions.ts';
import { mortgagePayment } from './loan.ts';

/** Monthly rent: the tract's median rent scaled by living area where known, else the value by a price-to-rent ratio. */
export function estimateRent(
  facts: Pick<PropertyFacts, 'sqft' | 'medianRentCents'>,
  valueCents: number | null,
  a: DealAssumptions,
): { rentMonthlyCents: number | null; basis: string } {
  if (facts.medianRentCents !== null && facts.medianRentCents > 0) {
    const known = facts.sqft !== null && facts.sqft > 0 ? facts.sqft : null;
    const sqft = known ?? a.typicalRentalSqft;
    const scale = Math.min(2, Math.max(0.6, (sqft / a.typicalRentalSqft) ** a.rentSizeElasticity));
    const size = known === null ? 'size not known' : `scaled ×${scale.toFixed(2)} for ${Math.round(sqft)} sq ft`;
    return {
      rentMonthlyCents: Math.round(facts.medianRentCents * scale),
      basis: `median rent of the census tract, ${size}`,
    };
  }
  if (valueCents === null) return { rentMonthlyCents: null, basis: 'neither a rent nor a value is known' };
  const basis = `no local rent known: value divided by ${a.priceToRentYears} years of rent (assumption)`;
  return { rentMonthlyCents: Math.round(valueCents / (a.priceToRentYears * 12)), basis };
}

/**
 * Net operating income of a year: rent × 12 × (1 − vacancy) × (1 − operating share) − tax − insurance. Whole cents,
 * below 0 for a loss. Debt is no part of it. Source: the usual income statement of a rental (Brueggeman & Fisher).
 */
export function netOperatingIncome(
  rent: { rentMonthlyCents: number; taxAnnualCents: number; insuranceAnnualCents: number },
  a: Pick<DealAssumptions, 'vacancyShare' | 'operatingShare'>,
): number {
  const monthly = checkedCents('rentMonthlyCents', rent.rentMonthlyCents);
  const tax = checkedCents('taxAnnualCents', rent.taxAnnualCents);
  const insurance = checkedCents('insuranceAnnualCents', rent.insuranceAnnualCents);
  return Math.round(monthly * 12 * (1 - a.vacancyShare) * (1 - a.operatingShare)) - tax - insurance;
}

/** A rental bought with a mortgage. Whole cents; ratios as numbers. */
export interface RentalDeal {
  loanCents: number;
  mortgageMonthlyCents: number;
  debtServiceAnnualCents: number;
  /** Down payment, buying costs and renovation. */
  cashInCents: number;
  /** Net operating income less debt service. */
  cashFlowAnnualCents: number;
  /** Net operating income over price. */
  capRate: number;
  /** Yearly cash flow over the cash put in; null when none is put in. */
  cashOnCash: number | null;
  /** Net operating income over debt service (DSCR); null when there is no loan. */
  debtServiceCoverage: number | null;
  /** Price over a year's gross rent (GRM); null without rent. */
  grossRentMultiplier: number | null;
}

/**
 * Ratios of a rental at a price. Sources: cap rate = NOI / price; cash-on-cash = cash flow after debt / cash invested;
 * DSCR = NOI / debt service; GRM = price / gross yearly rent (Brueggeman & Fisher; Fannie Mae for DSCR).
 * @throws ReosError `validation` naming an amount that is none
 */
export function rentalDeal(
  input: { priceCents: number; rentMonthlyCents: number | null; noiCents: number; renovationCents: number },
  a: Pick<DealAssumptions, 'downPaymentShare' | 'buyingCostShare' | 'mortgageRate' | 'mortgageYears'>,
): RentalDeal {
  const price = checkedCents('priceCents', input.priceCents, 1);
  const noi = checkedCents('noiCents', input.noiCents, -1e15);
  const renovation = checkedCents('renovationCents', input.renovationCents);
  const loanCents = Math.round(price * (1 - a.downPaymentShare));
  const mortgageMonthlyCents = mortgagePayment(loanCents, a.mortgageRate, a.mortgageYears);
  const debt = mortgageMonthlyCents * 12;
  const cashInCents = price - loanCents + Math.round(price * a.buyingCostShare) + renovation;
  const rent = input.rentMonthlyCents ?? 0;
  return {
    loanCents,
    mortgageMonthlyCents,
    debtServiceAnnualCents: debt,
    cashInCents,
    cashFlowAnnualCents: noi - debt,
    capRate: noi / price,
    cashOnCash: cashInCents > 0 ? (noi - debt) / cashInCents : null,
    debtServiceCoverage: debt > 0 ? noi / debt : null,
    grossRentMultiplier: rent > 0 ? price / (rent * 12) : null,
  };
}
