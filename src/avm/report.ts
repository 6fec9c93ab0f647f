import { pairedBootstrap } from '../domain/valuation/bootstrap.ts';
import { errorsByGroup } from '../domain/valuation/groups.ts';
import { percentageErrors, valuationMetrics } from '../domain/valuation/metrics.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { BaselineResult, GroupError, ValuationMetrics } from '../domain/valuation/training-result.ts';
import type { Valuation } from '../domain/valuation/valuation.ts';
import { BASELINES } from './baselines.ts';

/** Errors of valuations of sales that the model had not seen. */
export function measure(sales: readonly SaleRecord[], valuations: readonly Valuation[]): ValuationMetrics {
  const column = (of: (valuation: Valuation) => number) => Float64Array.from(valuations, of);
  return valuationMetrics(
    column(({ value }) => value),
    pricesOf(sales),
    {
      low50: column(({ intervals }) => intervals[50].low),
      high50: column(({ intervals }) => intervals[50].high),
      low80: column(({ intervals }) => intervals[80].low),
      high80: column(({ intervals }) => intervals[80].high),
      low90: column(({ intervals }) => intervals[90].low),
      high90: column(({ intervals }) => intervals[90].high),
    },
  );
}

/** The baselines' errors on the same sales, each with how much the model's median error differs from it. */
export function compare(
  sales: readonly SaleRecord[],
  valuations: readonly Valuation[],
  baselines: Readonly<Record<string, Float64Array>>,
  seed: number,
): Record<string, BaselineResult> {
  const prices = pricesOf(sales);
  const own = percentageErrors(
    valuations.map(({ value }) => value),
    prices,
  );
  return Object.fromEntries(
    Object.entries(baselines).map(([name, values]) => [
      name,
      {
        description: BASELINES[name]!.description,
        ...valuationMetrics(values, prices),
        mdape_difference: pairedBootstrap(own, percentageErrors(values, prices), { resamples: 2_000, seed }),
      },
    ]),
  );
}

/** Errors by price band, neighbourhood and age. */
export function groupErrors(sales: readonly SaleRecord[], valuations: readonly Valuation[]): GroupError[] {
  return errorsByGroup(
    sales.map(({ facts, closeDate, closePrice }, i) => ({
      value: valuations[i]!.value,
      price: closePrice,
      neighborhood: facts.subdivision ?? facts.zipCode,
      ageYears:
        facts.yearBuilt === null || closeDate === null
          ? null
          : Math.max(0, Number(closeDate.slice(0, 4)) - facts.yearBuilt),
    })),
  );
}

const pricesOf = (sales: readonly SaleRecord[]) => Float64Array.from(sales, ({ closePrice }) => closePrice);
