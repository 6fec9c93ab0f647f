/** The figures of a deal, in dollars; shares of 1. */
export interface Deal {
  tier: string;
  tier_basis: string;
  renovation: number | null;
  arv: number | null;
  max_offer: number | null;
  rent_monthly: number | null;
  rent_basis: string | null;
  flip: {
    buying_cost: number;
    holding_cost: number;
    selling_cost: number;
    invested: number;
    profit: number;
    roi: number | null;
    annualized_roi: number | null;
  } | null;
  rental: {
    loan: number;
    mortgage_monthly: number;
    cash_in: number;
    cash_flow_annual: number;
    cap_rate: number | null;
    cash_on_cash: number | null;
    debt_service_coverage: number | null;
  } | null;
  brrrr: {
    cash_left_in: number;
    refinance_loan: number;
    cash_flow_annual: number;
    cash_on_cash: number | null;
    is_infinite: boolean;
  } | null;
}

/** What the API answers about a deal. */
export interface DealAnswer {
  price: number | null;
  price_kind: string;
  value: number | null;
  value_source: string | null;
  as_of: string;
  deal: Deal;
  assumptions: Record<string, unknown>;
}
