import { INTAKE_SOURCE, readStatedRows } from '../activities/discover/stated-rows.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { Counties } from '../config/county-index.ts';

/** The parts of the API that bring properties in, put together. */
export function createIntakeDoors({ counties }: { counties: Counties }): Pick<ApiDeps, 'counties' | 'intakeDesk'> {
  return { counties, intakeDesk: { source: INTAKE_SOURCE, read: readStatedRows } };
}
