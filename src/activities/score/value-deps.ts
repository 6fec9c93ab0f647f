import type { HeldOutValue } from '../../domain/valuation/promotion.ts';
import type { SalesData } from '../../domain/valuation/sale-record.ts';
import type { TrainedModel } from '../../domain/valuation/training-result.ts';
import type { AvmModel } from '../../domain/valuation/valuation.ts';

/** What a training is told. */
export interface TrainOptions {
  /** County slug, or the name of the place that the sales are of. */
  market: string;
  seed: number;
  /** Sales on and after this day (YYYY-MM-DD) are held out; undefined: the last `testShare` by time. */
  testAfter?: string;
  /** 0–1; default 0.2. */
  testShare?: number;
  /** Parameter sets to try; undefined leaves it to the training. */
  trials?: number;
  onProgress?: (message: string) => void;
}

/** A training with, where it keeps them, its values of the held-out sales: what a later champion is compared on. */
export type Training = TrainedModel & { heldOut?: readonly HeldOutValue[] };

/** The valuation models as the rest of the product reaches them. The library is looked for when first needed. */
export interface AvmRoom {
  /** @throws ReosError `validation` for sales that nothing can be learned from, `missing_part` without the library */
  train(data: SalesData, options: TrainOptions): Promise<Training>;
  /** @throws ReosError `missing_part` without the library, `validation` for bytes that are no model */
  open(artifact: Buffer): Promise<AvmModel>;
}
