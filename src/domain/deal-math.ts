/** Deal mathematics under one name; the parts live in `deal/`. */
export {
  analyseDeal,
  type DealAnalysis,
  type DealInput,
  type ReferencePriceKind,
} from './deal/analysis.ts';
export { flipReturn } from './deal/flip.ts';
export { mortgagePayment } from './deal/loan.ts';
export { type FinancialMetric, financialMetrics } from './deal/metrics.ts';
export { indexPrice } from './deal/price-index.ts';
export { renovationTier } from './deal/renovation.ts';
export { estimateRent } from './deal/rental.ts';
