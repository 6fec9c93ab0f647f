import { checkedCents } from './amount.ts';
import type { DealAssumptions } from './assumptions.ts';
import { mortgagePayment } from './loan.ts';

/** Buy, renovate, rent, refinance, repeat. Whole cents. */
export interface BrrrrDeal {
  /** Paid in cash before the refinance: price, buying costs, holding, renovation. */
  cashInCents: number;
  /** After-repair value × loan-to-value. */
  refinanceLoanCents: number;
  refinanceCostCents: number;
  /** Cash in + refinance costs − loan; below 0 when more comes back than went in. */
  cashLeftInCents: number;
  mortgageMonthlyCents: number;
  /** Net operating income less the new loan's payments. */
  cashFlowAnnualCents: number;
  /** Yearly cash flow over the cash left in; null when none is left in (then the return is infinite) . */
  cashOnCash: number | null;
  /** True when no cash is left in and the rent pays the loan: a return on nothing. */
  isInfinite: boolean;
}

/**
 * A BRRRR at a price: cash purchase, renovation, then a refinance at a share of the after-repair value.
 * Source: the method as investors state it: cash left in = all costs − (ARV × LTV − refinance costs).
 * A higher price never leaves less cash in.
 * @throws ReosError `validation` naming an amount that is none
 */
export function brrrrDeal(
  input: { priceCents: number; arvCents: number; renovationCents: number; noiCents: number },
  a: Pick<
    DealAssumptions,
    | 'buyingCostShare'
    | 'holdingMonths'
    | 'holdingCostShareMonthly'
    | 'refinanceLtv'
    | 'refinanceCostShare'
    | 'refinanceRate'
    | 'mortgageYears'
  >,
): BrrrrDeal {
  const price = checkedCents('priceCents', input.priceCents, 1);
  const arv = checkedCents('arvCents', input.arvCents);
  const renovation = checkedCents('renovationCents', input.renovationCents);
  const noi = checkedCents('noiCents', input.noiCents, -1e15);
  const holding = Math.round(price * a.holdingMonths * a.holdingCostShareMonthly);
  const cashInCents = price + Math.round(price * a.buyingCostShare) + holding + renovation;
  const refinanceLoanCents = Math.round(arv * a.refinanceLtv);
  const refinanceCostCents = Math.round(refinanceLoanCents * a.refinanceCostShare);
  const cashLeftInCents = cashInCents + refinanceCostCents - refinanceLoanCents;
  const mortgageMonthlyCents = mortgagePayment(refinanceLoanCents, a.refinanceRate, a.mortgageYears);
  const cashFlowAnnualCents = noi - mortgageMonthlyCents * 12;
  return {
    cashInCents,
    refinanceLoanCents,
    refinanceCostCents,
    cashLeftInCents,
    mortgageMonthlyCents,
    cashFlowAnnualCents,
    cashOnCash: cashLeftInCents > 0 ? cashFlowAnnualCents / cashLeftInCents : null,
    isInfinite: cashLeftInCents <= 0 && cashFlowAnnualCents > 0,
  };
}
