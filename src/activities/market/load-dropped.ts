import { messageOf, ReosError } from '../../domain/errors.ts';
import { loadMarketFile, type MarketLoadDeps } from './load.ts';

/** A file that changed less than this ago may still be written, milliseconds. */
export const QUIET_MS = 5_000;

/** What became of the files that lay in a drop folder. */
export interface DropResult {
  loaded: number;
  failed: number;
  /** Files that are still being written: they wait for the next round. */
  waiting: number;
}

/** Loads a dropped file; why it was refused, or null when it was taken, now or before. @throws ReosError `transient` */
export async function loadDropped(
  deps: MarketLoadDeps,
  tenantId: string,
  path: string,
  name: string,
): Promise<string | null> {
  try {
    const { message, status, problems } = await loadMarketFile(deps, { tenantId, path, name });
    if (status !== 'failed') return null;
    const rows = problems.map(({ row, reasons }) => `${row}: ${reasons.join('; ')}`);
    return [message ?? 'Nothing was loaded.', ...rows].join('\n');
  } catch (error) {
    if (error instanceof ReosError && error.code !== 'transient') return messageOf(error);
    throw error;
  }
}
