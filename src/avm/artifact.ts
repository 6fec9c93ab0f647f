import { gunzipSync, gzipSync } from 'node:zlib';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { HistoryModel } from '../domain/valuation/market-history.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { Blend, MemberKind } from './ensemble.ts';

/** A model as it is stored: everything that a valuation needs, and nothing of the machine it was made on. */
export interface ModelDocument {
  format: 3;
  market: string;
  version: string;
  history: HistoryModel;
  /** Past sales that later questions look at, in their order. */
  sales: SaleRecord[];
  isDated: boolean;
  featureNames: string[];
  members: Array<{ kind: MemberKind; booster: string }>;
  blend: Blend;
  shift: number;
  /** Means over the training sales: what the contributions of the parts beside the trees are told against. */
  averages: { local: number; hedonic: number; level: number };
  intervals: { booster: string; halfWidths: { 50: number; 80: number; 90: number }; percentiles: number[] };
  /** How much wider the interval must be when a fact is missing, measured by hiding it. */
  widening: Record<string, number>;
}

/** The document as bytes: the same for the same document. */
export function writeArtifact(document: ModelDocument): Buffer {
  const bytes = gzipSync(JSON.stringify(document), { level: 6 });
  // Byte 9 of a gzip header names the operating system; a model is the same on every one.
  bytes[9] = 255;
  return bytes;
}

/**
 * The document of an artefact.
 * @throws ReosError `validation` when the bytes are cut off or no model
 */
export function readArtifact(bytes: Buffer): ModelDocument {
  try {
    const document = JSON.parse(gunzipSync(bytes).toString('utf8')) as ModelDocument;
    if (document.format !== 3) throw new Error(`its format is ${document.format}, this version reads format 3`);
    return document;
  } catch (cause) {
    throw new ReosError(
      'validation',
      `The stored valuation model cannot be read: ${messageOf(cause)}. Train it again, or roll back with "reos models rollback".`,
      { cause },
    );
  }
}

/** The sales with only what the model reads: its extras, and no more. */
export function trimSales(sales: readonly SaleRecord[], history: HistoryModel): SaleRecord[] {
  const { numbers, categories } = history.hedonic.full.plan;
  const kept = [...numbers, ...categories].flatMap(({ extra }) => (extra === null ? [] : [extra])).sort();
  return sales.map((sale) => ({
    ...sale,
    extras: Object.fromEntries(kept.flatMap((name) => (name in sale.extras ? [[name, sale.extras[name]!]] : []))),
  }));
}
