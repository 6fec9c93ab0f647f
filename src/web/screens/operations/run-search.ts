export const RUN_STATUSES = ['running', 'success', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What the address says of the list of runs. */
export interface RunSearch {
  schedule: string | undefined;
  status: RunStatus | undefined;
  offset: number;
  /** The run that is open. */
  run: string | undefined;
}

export const RUNS_PER_PAGE = 50;
const LAST_OFFSET = 2_000;

/** Reads the address; what makes no sense is left out. */
export function readRunSearch(search: Record<string, unknown>): RunSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const offset = Math.trunc(Number(search.offset));
  return {
    schedule: text(search.schedule),
    status: RUN_STATUSES.find((status) => status === search.status),
    offset: offset > 0 ? Math.min(offset, LAST_OFFSET) : 0,
    run: text(search.run) ?? (typeof search.run === 'number' ? String(search.run) : undefined),
  };
}

/** `0.5 s`, `4 min 10 s`, `1 h 5 min`: how long something took; a dash for null. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '—';
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
}
