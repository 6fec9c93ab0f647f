import type { County } from '../domain/county.ts';
import type { RecordKind } from '../domain/listing.ts';
import type { MappedColumn } from '../domain/valuation/sale-record.ts';

/** What a person says about one column of a file. */
export interface SaidColumn {
  column: string;
  field: string | null;
  unit?: string | null | undefined;
  ignore?: boolean | undefined;
}

/** The columns of a file as they will be read. */
export interface ImportMapping {
  recordKind: RecordKind;
  /** With the hash of the headers, what an approval is remembered under. */
  source: string;
  headersHash: string;
  columns: Array<MappedColumn & { examples: string[] }>;
  needsApproval: boolean;
}

/** What a file looks like when it is imported, before anything of it is. */
export interface ImportAnalysis {
  kind: string;
  encoding: string | null;
  delimiter: string | null;
  headers: string[];
  preview: string[][];
  mapping: ImportMapping | null;
  notes: string[];
  counts: {
    rows: number;
    valid: number;
    refused: number;
    problems: Array<{ field: string; code: string; refused: boolean; count: number; first: string[] }>;
  } | null;
  problem: string | null;
}

/** A file that was received whole, on this machine's disk. */
export interface ReceivedFile {
  path: string;
  sha256: string;
  bytes: number;
  remove(): Promise<void>;
}

/** How a stored file is to be read. */
export interface ImportReading {
  name: string;
  county: County;
  recipe: string | null;
  choices: readonly SaidColumn[];
}

/** Receiving, reading and importing files. */
export interface ImportDesk {
  /** Writes the stream to disk as it comes. @throws ReosError `payload_too_large`, and keeps nothing then */
  receive(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<ReceivedFile>;
  /** Puts a received file into the store. */
  store(key: string, file: ReceivedFile): Promise<void>;
  /** @throws ReosError `validation` for what is wrong with recipe or choices */
  analyse(tenantId: string, path: string, reading: ImportReading): Promise<ImportAnalysis>;
  /** The same for a file of the store. @throws ReosError `not_found` */
  analyseStored(tenantId: string, key: string, reading: ImportReading): Promise<ImportAnalysis>;
  remove(key: string): Promise<void>;
  /** Starts the import, or joins the one that runs. */
  run(order: {
    tenantId: string;
    county: string;
    name: string;
    key: string;
    sha256: string;
    recipe: string | null;
    analysis: ImportAnalysis;
    startLifecycles: boolean;
  }): Promise<{ workflowId: string; runId: string }>;
}
