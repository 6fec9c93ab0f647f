/**
 * Level payment of a fully amortising loan: P·r / (1 − (1+r)^−n), r monthly. A rate of 0 divides evenly.
 * Source: the annuity formula, as in Brueggeman & Fisher, Real Estate Finance and Investments, "fixed rate mortgage".
 * @param annualRate as a ratio, 0.07 = 7%
 * @returns whole cents a month
 */
export function mortgagePayment(principalCents: number, annualRate: number, years: number): number {
  const months = years * 12;
  const monthly = annualRate / 12;
  // Below this the formula divides two roundings by each other.
  if (monthly < 1e-9) return Math.round(principalCents / months);
  return Math.round((principalCents * monthly) / (1 - (1 + monthly) ** -months));
}
