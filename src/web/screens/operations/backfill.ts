/** A moment as `<input type="datetime-local">` has it: `2026-03-01T14:05`, in the reader's time zone. */
export function localInput(moment: number): string {
  const date = new Date(moment);
  return new Date(moment - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The span as the API takes it, or what is wrong with it. */
export function backfillSpan(
  from: string,
  to: string,
  now: number = Date.now(),
): { body: { from: string; to: string } } | { error: string } {
  const start = Date.parse(from);
  const end = Date.parse(to);
  if (Number.isNaN(start) || Number.isNaN(end)) return { error: 'Both times are needed.' };
  if (start >= end) return { error: 'It must be after the first time.' };
  if (start > now) return { error: 'The span must lie in the past.' };
  return { body: { from: new Date(start).toISOString(), to: new Date(Math.min(end, now)).toISOString() } };
}
