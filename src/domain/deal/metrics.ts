import { analyseDeal, type DealInput, type ReferencePriceKind } from './analysis.ts';
import type { DealAssumptions } from './assumptions.ts';
import { forTier } from './assumptions.ts';

/** One line of the memo's financial part. */
export interface FinancialMetric {
  code: string;
  label: string;
  /** Cents when the unit is `cents`, a ratio when `ratio` (0.07 = 7%), a multiple when `times`; null when not computable. */
  value: number | null;
  unit: 'cents' | 'cents_per_month' | 'cents_per_year' | 'cents_per_sqft' | 'ratio' | 'times';
  /** How it was worked out; when `value` is null, what was missing. */
  basis: string;
}

const PRICE_LABELS: Readonly<Record<ReferencePriceKind, [label: string, basis: string]>> = {
  asking: ['Asking price', 'price of the current listing'],
  last_sale_indexed: [
    'Last sale price, carried forward',
    'closed sale moved to the date by the county’s yearly change; not an asking price',
  ],
  assessed: ['Assessed value', 'the assessor’s value; there is no asking price and no known sale'],
  none: ['Price', 'no asking price, sale or assessment is known'],
};

/** The 14 financial metrics of a memo, always all of them and in this order. */
export function financialMetrics(input: DealInput, a: DealAssumptions): FinancialMetric[] {
  const deal = analyseDeal(input, a);
  const { valueCents, facts } = input;
  const price = input.priceCents !== null && input.priceCents > 0 ? input.priceCents : null;
  const [priceLabel, priceBasis] = PRICE_LABELS[price === null ? 'none' : input.priceKind];
  const pct = (share: number) => `${Math.round(share * 1000) / 10}%`;
  const missing = (...parts: Array<[unknown, string]>) => {
    const names = parts.flatMap(([given, name]) => (given === null ? [name] : []));
    return `not computable: ${names.length > 0 ? `${names.join(' and ')} not known` : 'there is no loan'}`;
  };
  const value: [unknown, string] = [valueCents, 'the value'];
  const area: [unknown, string] = [deal.renovationCents, 'the living area'];
  const cost: [unknown, string] = [price, 'a price'];
  const income: [unknown, string] = [deal.noiCents, 'rent or tax'];
  const metric = (
    code: string,
    label: string,
    unit: FinancialMetric['unit'],
    amount: number | null,
    basis: string,
    needs: Array<[unknown, string]>,
  ): FinancialMetric => ({ code, label, unit, value: amount, basis: amount === null ? missing(...needs) : basis });
  const perSqft = price === null || deal.renovationCents === null ? null : Math.round(price / (facts.sqft ?? 1));
  const tier = deal.tier.replace('_', ' ');
  const loan = `${pct(1 - a.downPaymentShare)} loan at ${pct(a.mortgageRate)} over ${a.mortgageYears} years`;
  const flip = `${pct(a.buyingCostShare)} to buy, ${pct(a.sellingCostShare)} to sell, ${a.holdingMonths} months at ${pct(a.holdingCostShareMonthly)} to hold`;
  const noi = `rent less ${pct(a.vacancyShare)} vacancy, ${pct(a.operatingShare)} running costs, tax and insurance`;
  const uplift = `value plus ${pct(forTier(a.arvUplift, deal.tier))} for a ${tier} renovation (${deal.tierBasis})`;
  const work = `${tier}: $${forTier(a.renovationUsdPerSqft, deal.tier)} a sq ft (${deal.tierBasis})`;
  const rule = `${pct(a.offerRule)} of the after-repair value less the renovation`;
  return [
    metric('reference_price', priceLabel, 'cents', price, priceBasis, [cost]),
    metric('estimated_value', 'Estimated value', 'cents', valueCents, 'adjusted comparable sales', [value]),
    metric(
      'price_per_sqft',
      'Price per square foot',
      'cents_per_sqft',
      perSqft,
      `${priceLabel.toLowerCase()} over living area`,
      [cost, area],
    ),
    metric('after_repair_value', 'After-repair value', 'cents', deal.arvCents, uplift, [value]),
    metric('renovation_cost', 'Renovation cost', 'cents', deal.renovationCents, work, [area]),
    metric('max_offer', 'Maximum allowable offer', 'cents', deal.maxOfferCents, rule, [value, area]),
    metric('flip_profit', 'Flip profit', 'cents', deal.flipProfitCents, flip, [value, area, cost]),
    metric('flip_roi', 'Flip return on investment', 'ratio', deal.flipRoi, 'flip profit over all money put in', [
      value,
      area,
      cost,
    ]),
    metric('monthly_rent', 'Monthly rent', 'cents_per_month', deal.rentMonthlyCents, deal.rentBasis, [
      [null, 'a rent and a value'],
    ]),
    metric('net_operating_income', 'Net operating income', 'cents_per_year', deal.noiCents, noi, [income]),
    metric('cap_rate', 'Cap rate', 'ratio', deal.capRate, 'net operating income over price', [income, cost]),
    metric('cash_on_cash', 'Cash-on-cash return', 'ratio', deal.cashOnCash, `after debt service, ${loan}`, [
      income,
      cost,
    ]),
    metric(
      'debt_coverage',
      'Debt service coverage',
      'times',
      deal.debtServiceCoverage,
      'net operating income over debt service',
      [income, cost],
    ),
    metric('mortgage_payment', 'Monthly mortgage payment', 'cents_per_month', deal.mortgageMonthlyCents, loan, [cost]),
  ];
}
