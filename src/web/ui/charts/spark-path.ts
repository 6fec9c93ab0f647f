const EDGE = 3;

/** The path of a small line in a box, with breaks at gaps, and where its last known value stands. */
export function sparkPath(
  values: ReadonlyArray<number | null>,
  width: number,
  height: number,
): { path: string; end: { x: number; y: number } | null } {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return { path: '', end: null };
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const step = values.length > 1 ? (width - 2 * EDGE) / (values.length - 1) : 0;
  let path = '';
  let end: { x: number; y: number } | null = null;
  let isDown = false;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      isDown = false;
      return;
    }
    const x = round(EDGE + index * step);
    const y = round(span === 0 ? height / 2 : height - EDGE - ((value - low) / span) * (height - 2 * EDGE));
    path += `${isDown ? 'L' : 'M'}${x} ${y}`;
    isDown = true;
    end = { x, y };
  });
  return { path, end };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
