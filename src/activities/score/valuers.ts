import type { TenantTrx } from '../../db/tenant.ts';
import type { Property } from '../../domain/property.ts';
import type { AvmValue } from '../../domain/scoring/value.ts';

/** What a valuation model says about one property as of a date; null when it cannot say. */
export type ValueProperty = (trx: TenantTrx, property: Property, asOf: string) => Promise<AvmValue | null>;

/** The same for many properties of one county at once, by id; those it cannot value are left out. */
export type ValueBatch = (
  trx: TenantTrx,
  properties: readonly Property[],
  asOf: string,
) => Promise<ReadonlyMap<string, AvmValue>>;

/** The valuation models that scoring asks, where there are any. Without them comparable sales give the value. */
export interface Valuers {
  valueProperty?: ValueProperty;
  valueBatch?: ValueBatch;
}
