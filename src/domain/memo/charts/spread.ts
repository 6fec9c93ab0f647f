import { clamp } from './svg.ts';

/** A round mark on a map. */
export interface RoundMark {
  number: number;
  x: number;
  y: number;
  radius: number;
}

/** A mark that may have moved; `from` is its true place. */
export type SpreadMark<Mark extends RoundMark = RoundMark> = Mark & { from: { x: number; y: number } };

const ROUNDS = 80;

/**
 * Moves marks apart until none covers another or the fixed one in the middle, each as little as it takes. The same
 * marks always end at the same places. In a crowd without room some still overlap.
 */
export function spreadMarks<Mark extends RoundMark>(
  marks: readonly Mark[],
  fixed: { x: number; y: number; radius: number },
  bounds: { left: number; right: number; top: number; bottom: number },
): Array<SpreadMark<Mark>> {
  const moved = marks.map((mark) => ({ ...mark, from: { x: mark.x, y: mark.y } }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let isStill = true;
    for (const [index, mark] of moved.entries()) {
      if (push(mark, fixed, index)) isStill = false;
      for (const other of moved.slice(index + 1)) {
        const step = overlap(mark, other, index);
        if (step === null) continue;
        isStill = false;
        mark.x -= step.x / 2;
        mark.y -= step.y / 2;
        other.x += step.x / 2;
        other.y += step.y / 2;
      }
      mark.x = clamp(mark.x, bounds.left, bounds.right);
      mark.y = clamp(mark.y, bounds.top, bounds.bottom);
    }
    if (isStill) break;
  }
  return moved;
}

function push(mark: SpreadMark, fixed: { x: number; y: number; radius: number }, index: number): boolean {
  const step = overlap(fixed, mark, index);
  if (step === null) return false;
  mark.x += step.x;
  mark.y += step.y;
  return true;
}

/** How far the second must go from the first to stand free; null when it does. Marks at one place part by their number. */
function overlap(
  first: { x: number; y: number; radius: number },
  second: { x: number; y: number; radius: number },
  index: number,
): { x: number; y: number } | null {
  const needed = first.radius + second.radius + 1;
  const [dx, dy] = [second.x - first.x, second.y - first.y];
  const apart = Math.hypot(dx, dy);
  if (apart >= needed - 0.01) return null;
  const turn = index * 2.4;
  const [ux, uy] = apart < 0.01 ? [Math.cos(turn), Math.sin(turn)] : [dx / apart, dy / apart];
  return { x: ux * (needed - apart), y: uy * (needed - apart) };
}
