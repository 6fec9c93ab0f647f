import type { ContactKind } from './contact.ts';
import type { ContactColumn } from './contact-columns.ts';

/** What was said about a whole file of contacts; null for what was not said. */
export interface FileSayings {
  kind: ContactKind;
  timeZone: string | null;
  /** Name or code of the state of rows that have none. */
  state: string | null;
  /** County of the properties that owners have, by slug or FIPS code. */
  county: string | null;
  /** By heading: a field's name, or `ignore`. */
  columns: ReadonlyArray<readonly [heading: string, field: string]>;
}

/** A file of contacts as it was understood, in the names of answers. */
export interface ContactsAnswer {
  file: string;
  rows: number;
  /** `examples`: up to three values of the column, cut short. */
  mapping: { column: string; field: string | null; reason: ContactColumn['reason']; examples: string[] }[];
  /** Why no row can be stored, told by a trial; null when some can. */
  problem: string | null;
  /** Rows that can be stored. */
  valid: number;
  refused: number;
  consents_found: number;
  /** Say yes to texts without a date, a source or a phone. */
  consents_incomplete: number;
  problems: { line: number; field: string; message: string }[];
}
