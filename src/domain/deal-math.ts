import { daysBetween } from './comparables.ts';
import type { PropertyFacts } from './property.ts';
import { type DealAssumptions, forTier, type RenovationTier } from './scoring/assumptions.ts';

/** What the price in a deal is. A closed sale is never an asking price: it is carried to the date and named as such. */
export type ReferencePriceKind = 'asking' | 'last_sale_indexed' | 'assessed' | 'none';

/** One house, what it is worth and what it might be bought for. Money in whole cents; null means unknown. */
export interface DealInput {
  facts: Pick<
    PropertyFacts,
    'sqft' | 'condition' | 'yearBuilt' | 'yearRenovated' | 'medianRentCents' | 'taxAnnualCents'
  >;
  /** Value in its present state, from comparable sales. */
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
  noiCents: number | null;
  capRate: number | null;
  cashOnCash: number | null;
  debtServiceCoverage: number | null;
  mortgageMonthlyCents: number | null;
}

/**
 * Level payment of a fully amortising loan: P·r / (1 − (1+r)^−n), r monthly. A rate of 0 divides evenly.
 * @param annualRate as a ratio, 0.07 = 7%
 * @returns whole cents a month
 */
export function mortgagePayment(principalCents: number, annualRate: number, years: number): number {
  const months = years * 12;
  const monthly = annualRate / 12;
  if (monthly === 0) return Math.round(principalCents / months);
  return Math.round((principalCents * monthly) / (1 - (1 + monthly) ** -months));
}

/**
 * The work a house probably needs, from the assessor's condition (1 poor to 5 very good) and the years since it was
 * built or renovated. Condition 1 is a full gut, 2 moderate; 3 or unknown is moderate past 40 years, else cosmetic.
 */
export function renovationTier(facts: DealInput['facts'], asOf: string): { tier: RenovationTier; basis: string } {
  const { condition } = facts;
  const since = Math.max(facts.yearBuilt ?? 0, facts.yearRenovated ?? 0);
  const age = since > 0 ? Math.max(0, Number(asOf.slice(0, 4)) - since) : null;
  const ageText = age === null ? 'age not known' : `${age} years since it was built or renovated`;
  const basis = `${condition === null ? 'condition not known' : `condition ${condition} of 5`}, ${ageText}`;
  if (condition !== null && condition <= 1) return { tier: 'full_gut', basis };
  if (condition !== null && condition <= 2) return { tier: 'moderate', basis };
  if (condition !== null && condition >= 4) return { tier: 'cosmetic', basis };
  return { tier: age === null || age > 40 ? 'moderate' : 'cosmetic', basis };
}

/** Monthly rent: the tract's median rent scaled by living area where known, else the value by a price-to-rent ratio. */
export function estimateRent(
  facts: DealInput['facts'],
  valueCents: number | null,
  a: DealAssumptions,
): { rentMonthlyCents: number | null; basis: string } {
  if (facts.medianRentCents !== null && facts.medianRentCents > 0) {
    const sqft = facts.sqft ?? a.typicalRentalSqft;
    const scale = Math.min(2, Math.max(0.6, (sqft / a.typicalRentalSqft) ** a.rentSizeElasticity));
    const size = facts.sqft === null ? 'size not known' : `scaled ×${scale.toFixed(2)} for ${Math.round(sqft)} sq ft`;
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
 * Works a deal out: renovation and after-repair value, the 70% rule, a flip, a rental with a mortgage.
 * Every rate comes from the assumptions. Taxes and insurance follow the value, not the price, so that a lower price
 * never makes any return worse.
 */
export function analyseDeal(input: DealInput, a: DealAssumptions): DealAnalysis {
  const { facts, valueCents } = input;
  const price = input.priceCents !== null && input.priceCents > 0 ? input.priceCents : null;
  const { tier, basis: tierBasis } = renovationTier(facts, input.asOf);
  const renovationCents =
    facts.sqft !== null && facts.sqft > 0 ? Math.round(facts.sqft * forTier(a.renovationUsdPerSqft, tier) * 100) : null;
  const arvCents = valueCents === null ? null : Math.round(valueCents * (1 + forTier(a.arvUplift, tier)));
  const known = arvCents !== null && renovationCents !== null;
  const maxOfferCents = known ? Math.max(0, Math.round(arvCents * a.offerRule) - renovationCents) : null;
  const flip = known && price !== null ? flipReturn(price, arvCents, renovationCents, a) : null;
  const { rentMonthlyCents, basis: rentBasis } = estimateRent(facts, valueCents, a);
  const taxAnnualCents = facts.taxAnnualCents ?? (valueCents === null ? null : Math.round(valueCents * a.taxShare));
  const noiCents =
    rentMonthlyCents === null || taxAnnualCents === null
      ? null
      : Math.round(rentMonthlyCents * 12 * (1 - a.vacancyShare) * (1 - a.operatingShare)) -
        taxAnnualCents -
        Math.round((valueCents ?? 0) * a.insuranceShare);
  const loan = price === null ? null : Math.round(price * (1 - a.downPaymentShare));
  const mortgageMonthlyCents = loan === null ? null : mortgagePayment(loan, a.mortgageRate, a.mortgageYears);
  const debt = mortgageMonthlyCents === null ? null : mortgageMonthlyCents * 12;
  const cashIn = price === null ? null : price * (a.downPaymentShare + a.buyingCostShare) + (renovationCents ?? 0);
  return {
    tier,
    tierBasis,
    renovationCents,
    arvCents,
    maxOfferCents,
    flipProfitCents: flip?.profitCents ?? null,
    flipRoi: flip?.roi ?? null,
    rentMonthlyCents,
    rentBasis,
    taxAnnualCents,
    noiCents,
    capRate: noiCents === null || price === null ? null : noiCents / price,
    cashOnCash:
      noiCents === null || debt === null || cashIn === null || !(cashIn > 0) ? null : (noiCents - debt) / cashIn,
    debtServiceCoverage: noiCents === null || debt === null || debt === 0 ? null : noiCents / debt,
    mortgageMonthlyCents,
  };
}

/** Profit and return on the cash put in: purchase and its costs, renovation, holding; selling costs off the resale. */
export function flipReturn(
  priceCents: number,
  arvCents: number,
  renovationCents: number,
  a: DealAssumptions,
): { profitCents: number; roi: number } {
  const investedCents =
    priceCents * (1 + a.buyingCostShare + a.holdingMonths * a.holdingCostShareMonthly) + renovationCents;
  const profit = arvCents * (1 - a.sellingCostShare) - investedCents;
  return { profitCents: Math.round(profit), roi: profit / investedCents };
}

/** Yearly change applied over the days between two dates; the whole factor stays within 0.5–4. */
export function indexPrice(priceCents: number, from: string, to: string, annualTrend: number): number {
  const days = daysBetween(from, to);
  const years = Number.isFinite(days) ? Math.max(0, days) / 365.25 : 0;
  const trend = Number.isFinite(annualTrend) ? Math.max(-0.2, Math.min(0.3, annualTrend)) : 0;
  const factor = (1 + trend) ** years;
  return Math.round(priceCents * Math.min(4, Math.max(0.5, factor)));
}

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
