import type { QuarantinedRow } from '../db/queries/discovery.ts';
import type { IncomingRecord } from '../db/queries/ingest-writes.ts';
import type { County } from '../domain/county.ts';

/** The configured counties, looked up by either name. */
export interface CountyBook {
  all: readonly County[];
  byFips(fips: string): County | undefined;
  /** @throws ReosError `not_found` naming the counties that exist */
  find(key: string): County;
}

/** One stated row after the checks of discovery. */
export type CheckedIntake =
  | { ok: true; record: IncomingRecord }
  | { ok: false; quarantined: QuarantinedRow; reasons: Array<{ field: string; code: string; message: string }> };

/** Checking properties that somebody states. */
export interface IntakeDesk {
  /** The source's name, under which the rows are kept. */
  source: string;
  /** Checks rows, in order; their keys are those of the request. */
  read(county: County, rows: ReadonlyArray<Record<string, string | number | undefined>>, now: Date): CheckedIntake[];
}
