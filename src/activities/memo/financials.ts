import type { FinancialMetric } from '../../domain/deal-math.ts';
import type { MemoFinancial, ReferencePriceKind } from '../../domain/memo/input.ts';
import type { Property } from '../../domain/property.ts';

/** The metrics as the memo shows them: dollars instead of cents, and marked where an input was made up. */
export function memoFinancials(
  metrics: readonly FinancialMetric[],
  property: Property,
  kind: ReferencePriceKind,
): MemoFinancial[] {
  const isSimulated = simulatedInputs(property, kind);
  return metrics.map((metric) => financialOf(metric, isSimulated));
}

const UNITS: Record<FinancialMetric['unit'], { unit: MemoFinancial['unit']; scale: number }> = {
  cents: { unit: 'usd', scale: 0.01 },
  cents_per_month: { unit: 'usd', scale: 0.01 },
  cents_per_year: { unit: 'usd', scale: 0.01 },
  cents_per_sqft: { unit: 'usd', scale: 0.01 },
  ratio: { unit: 'percent', scale: 1 },
  times: { unit: 'ratio', scale: 1 },
};

type DealField = 'sqft' | 'condition' | 'yearBuilt' | 'medianRentCents' | 'taxAnnualCents' | 'assessedValueCents';
const WORK: readonly DealField[] = ['sqft', 'condition', 'yearBuilt'];
const RENT: readonly DealField[] = ['medianRentCents', 'sqft'];
const INCOME: readonly DealField[] = [...RENT, 'taxAnnualCents'];

/** The facts each metric is worked out from, beside value and price; see `financialMetrics`. */
const INPUTS: Readonly<Record<string, { fields: readonly DealField[]; price?: true }>> = {
  reference_price: { fields: [], price: true },
  price_per_sqft: { fields: ['sqft'], price: true },
  after_repair_value: { fields: WORK },
  renovation_cost: { fields: WORK },
  max_offer: { fields: WORK },
  flip_profit: { fields: WORK, price: true },
  flip_roi: { fields: WORK, price: true },
  monthly_rent: { fields: RENT },
  net_operating_income: { fields: INCOME },
  cap_rate: { fields: INCOME, price: true },
  cash_on_cash: { fields: [...INCOME, ...WORK], price: true },
  debt_coverage: { fields: INCOME, price: true },
  mortgage_payment: { fields: [], price: true },
};

/** Whether any input of a metric was made up by an offline simulator. */
function simulatedInputs(property: Property, kind: ReferencePriceKind): (code: string) => boolean {
  const isSimulated = (field: DealField) =>
    property[field] !== null && property.fieldSources[field]?.simulated === true;
  return (code) => {
    const inputs = INPUTS[code];
    if (inputs === undefined) return false;
    return (
      inputs.fields.some(isSimulated) ||
      (inputs.price === true && kind === 'assessed' && isSimulated('assessedValueCents'))
    );
  };
}

function financialOf(
  { code, label, value, unit, basis }: FinancialMetric,
  isSimulated: (code: string) => boolean,
): MemoFinancial {
  const { unit: shown, scale } = UNITS[unit];
  const simulated = value !== null && isSimulated(code);
  return {
    code,
    label,
    value: value === null ? null : value * scale,
    unit: shown,
    basis,
    ...(simulated ? { simulated } : {}),
  };
}
